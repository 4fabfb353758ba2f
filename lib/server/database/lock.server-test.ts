import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockDataDir } from './lock.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lock-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** A second process that takes the lock, says so, and keeps it until it is killed. */
async function holder() {
  const code = `import(${JSON.stringify(join(import.meta.dirname, 'lock.ts'))}).then(async (m) => { await m.lockDataDir(${JSON.stringify(dir)}); console.log('held'); setInterval(() => {}, 1000); })`;
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

test('a second process is told who holds the folder', async () => {
  const child = await holder();
  await expect(lockDataDir(dir)).rejects.toThrow(
    new RegExp(`in use by another Lodestar \\(process ${child.pid}, since .*\\)`),
  );
  child.kill('SIGKILL');
  await once(child, 'exit');
});

test('a lock left by kill -9 is stale', async () => {
  const child = await holder();
  child.kill('SIGKILL');
  await once(child, 'exit');
  await (await lockDataDir(dir)).release();
});

test('a lock whose process number was used again is stale', async () => {
  await writeFile(join(dir, 'lock'), JSON.stringify({ pid: process.pid, started: '1', since: 'long ago' }));
  await (await lockDataDir(dir)).release();
});

test('a lock that says nothing is stale', async () => {
  await writeFile(join(dir, 'lock'), '{"pid":');
  await (await lockDataDir(dir)).release();
});

test('released, it can be taken again; a foreign lock is not released', async () => {
  const lock = await lockDataDir(dir);
  await writeFile(join(dir, 'lock'), 'another');
  await lock.release();
  expect(await readFile(join(dir, 'lock'), 'utf8')).toBe('another');
});

test('of several that take it at once, one gets it', async () => {
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockDataDir(dir)));
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
});
