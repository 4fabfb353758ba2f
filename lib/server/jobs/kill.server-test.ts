import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Config } from '#lib/server/config.ts';
import { start } from '#lib/server/start.ts';
import { answerFor, outputOf, type Jobs } from '#lib/testing/jobs.ts';

/** Kills the server -9 while a job runs, at moments drawn from a seed, and looks what is left. */

// The whole product is killed twenty times in app/kill.server-test.ts.
const kills = Number(process.env.KILLS ?? 6);
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
let dataDir: string;
const children = new Set<ChildProcess>();
beforeAll(async () => void (dataDir = await mkdtemp(join(tmpdir(), 'lodestar-kill-'))));
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(dataDir, { recursive: true, force: true });
});

it(`no window is absent or doubled after ${kills} kills (SEED=${seed})`, { timeout: 900_000 }, async () => {
  const random = generator(seed);
  let jobId = '';
  for (let kill = 0; kill < kills; kill += 1) jobId = await startAndKill(random() * 1500);
  const { lodestar, stop } = await start(Config.parse({ DATA_DIR: dataDir, LOG_LEVEL: 'silent' }));
  try {
    const { db, scheduler } = lodestar as Jobs['lodestar'];
    await expect
      .poll(() => db.run.count({ where: { state: { in: ['queued', 'running'] } } }), {
        timeout: 240_000,
        interval: 200,
      })
      .toBe(0);
    await scheduler.idle();
    expect(await outputOf({ lodestar: lodestar as Jobs['lodestar'] }, jobId)).toEqual(
      answerFor(...Array.from({ length: 20 }, (_, index) => index + 1)),
    );
    const { datasetId } = await db.job.findUniqueOrThrow({ where: { id: jobId } });
    expect(await db.partition.count({ where: { datasetId } })).toBe(20);
    const states = await db.run.groupBy({ by: ['state'], _count: true });
    expect(states).toEqual([{ state: 'good', _count: expect.any(Number) }]);
    const again = await db.run.count({ where: { attempt: { gt: 1 } } });
    expect(again, 'no kill met a run: choose other moments').toBeGreaterThan(0);
  } finally {
    await stop(Promise.resolve());
  }
});

/** Starts the server, lets it work for so many milliseconds, kills it. */
async function startAndKill(after: number): Promise<string> {
  const child = spawn(process.execPath, ['lib/testing/jobs-process.ts'], {
    env: { ...process.env, DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  const gone = once(child, 'exit');
  const jobId = await ready(child);
  await new Promise((resolve) => setTimeout(resolve, after));
  child.kill('SIGKILL');
  await gone;
  children.delete(child);
  return jobId;
}

async function ready(child: ChildProcess): Promise<string> {
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.on('exit', () => child.stdout?.emit('data', Buffer.from('')));
  for (;;) {
    const found = /^ready (\S+)$/m.exec(output);
    if (found) return found[1]!;
    if (child.exitCode !== null) throw new Error(`The server ended by itself:\n${output}`);
    await once(child.stdout!, 'data');
  }
}

/** mulberry32: the same moments for the same seed. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
