import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '#lib/testing/until.ts';
import { spawnBound } from './lifeline.mjs';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lodestar-lifeline-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a bound child', () => {
  it('ends when the process that started it is killed with -9', async () => {
    const script = `
      import { spawnBound } from '#lib/server/boot/trino/lifeline.mjs';
      const bound = spawnBound('sleep', ['600'], { log: ${JSON.stringify(join(folder, 'log'))} });
      process.stdout.write(String(bound.pid));
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [pid] = await once(parent.stdout, 'data');
    expect(isAlive(Number(pid))).toBe(true);
    parent.kill('SIGKILL');
    await until(() => !isAlive(Number(pid)), 'the child is gone');
  });

  it('says how it ended', async () => {
    const log = join(folder, 'log');
    const stopped = spawnBound('sleep', ['600'], { log });
    await stopped.stop();
    expect(await stopped.gone).toBe('was ended by SIGTERM');
    expect(await spawnBound('sh', ['-c', 'exit 3'], { log }).gone).toBe('ended with code 3');
    expect(await spawnBound(join(folder, 'nothing'), [], { log }).gone).toContain('cannot be run');
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
