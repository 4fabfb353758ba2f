import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { startScheduler } from '#lib/server/jobs/start.ts';
import { createWarehouse } from '#lib/server/warehouse/create.ts';
import { startLodestar } from '#lib/testing/lodestar.ts';
import { makeRealTimeJob, readSales, rowsIn, type Sales } from '#lib/testing/realtime.ts';
import { until } from '#lib/testing/until.ts';
import { startRealTime } from './supervise.ts';

/*
 * GOALS S4. A server that works on real-time jobs is killed -9, at moments drawn from a seed: by the clock, or before a statement of
 * its commits. What then stands is compared with what an uninterrupted run makes of the same log.
 */
const kills = Number(process.env.KILLS ?? 4);
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const children = new Set<ChildProcess>();
const folders: string[] = [];
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

it(
  `the output after ${kills} kills is that of an uninterrupted run (SEED=${seed})`,
  { timeout: 7_200_000 },
  async () => {
    const random = generator(seed);
    const dataDir = await folder();
    for (let kill = 1; kill <= kills; kill += 1) {
      const isInside = random() < 0.5;
      const life = { most: kill * 60, before: isInside ? 1 + Math.floor(random() * 150) : 0 };
      await liveAndDie(dataDir, { ...life, after: isInside ? null : random() * 3000, mode: 'whole' });
    }
    await compared(dataDir, async (sales) => {
      for (const name of ['tumbling', 'windowless'])
        expect(await rowsIn(sales, name), name).toEqual(await rowsIn(sales, `${name}_again`));
      expect((await rowsIn(sales, 'tumbling')).length).toBeGreaterThan(0);
      const { end } = await sales.lodestar.streams.live(sales.streamId);
      expect(await rowsIn(sales, 'windowless', 'count(*), count(DISTINCT id)')).toEqual([[String(end), String(end)]]);
      expect(await countsOf(sales, 'tumbling')).toEqual(await countsOf(sales, 'tumbling_again'));
    });
  },
);

it('the killer bites: with the commit split in two, rows are lost', { timeout: 1_200_000 }, async () => {
  const dataDir = await folder();
  const other: string[] = [];
  for (let tries = 1; tries <= 6 && other.length === 0; tries += 1) {
    // Right after the place was written, before what was built is published.
    await liveAndDie(dataDir, { most: tries * 60, before: 5 + tries * 7, after: null, mode: 'split' });
    await compared(dataDir, async (sales) => {
      for (const name of ['tumbling', 'windowless'])
        if (String(await rowsIn(sales, name)) !== String(await rowsIn(sales, `${name}_again`))) other.push(name);
    });
  }
  expect(other, 'no kill met a commit between its statements').not.toEqual([]);
});

interface Life {
  /** Batches that the log has at the end. */
  most: number;
  /** It dies before this statement of its commits; 0: it does not by itself. */
  before: number;
  /** Killed so many ms after it was ready. */
  after: number | null;
  mode: 'whole' | 'split';
}

async function liveAndDie(dataDir: string, { most, before, after, mode }: Life): Promise<void> {
  const given = [dataDir, String(most), String(before), mode];
  const child = spawn(process.execPath, ['lib/testing/realtime-process.ts', ...given], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  let output = '';
  let isDoomed = false;
  const doom = (ms: number) => {
    if (isDoomed) return;
    isDoomed = true;
    setTimeout(() => child.kill('SIGKILL'), ms);
  };
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (after !== null && /^ready$/m.test(output)) doom(after);
      // Who dies before a statement that never comes is killed in the end.
      if (output.includes(`pushed ${most - 1}\n`)) doom(5000);
    });
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  children.delete(child);
  if (signal !== 'SIGKILL') throw new Error(`The server ended by itself:\n${output}`);
}

/** Lets the jobs catch up, runs their like from the beginning without interruption, and shows both. */
async function compared(dataDir: string, look: (sales: Sales) => Promise<void>): Promise<void> {
  const lodestar = (await startLodestar({
    dataDir,
    warehouse: (world) => createWarehouse(world),
    scheduler: (world) => startScheduler(world, { slots: 0, every: 3600 }),
    realtime: (world) => startRealTime(world, { every: 0.2, paces: { drift: 3600 } }),
  })) as Sales['lodestar'];
  try {
    const sales: Sales = { lodestar, close: () => lodestar.close(), ...(await readSales(lodestar))! };
    const late = { do: 'correct', for: 60 };
    if ((await lodestar.db.job.count()) === 2) {
      await makeRealTimeJob(sales, { target: 'tumbling_again', seconds: 10, delay: 5, late });
      await makeRealTimeJob(sales, { target: 'windowless_again', kind: 'windowless' });
    }
    const { end } = await lodestar.streams.live(sales.streamId);
    const behind = () => lodestar.db.liveJob.count({ where: { position: { lt: end } } });
    await until(async () => (await behind()) === 0, 'every job has read the log', 600_000);
    await look(sales);
  } finally {
    await lodestar.close();
  }
}

/** What is known of each window: its events in time, and those that came late. */
async function countsOf({ lodestar: { db } }: Sales, name: string) {
  const { id: jobId } = await db.job.findFirstOrThrow({ where: { name } });
  const runs = await db.run.findMany({ where: { jobId, cause: 'stream' }, orderBy: { windowStart: 'asc' } });
  const { late, position } = await db.liveJob.findUniqueOrThrow({ where: { jobId } });
  return {
    late,
    position,
    windows: runs.map(({ windowStart, eventsIn, state }) => ({ windowStart, eventsIn, state })),
  };
}

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'lodestar-kill-realtime-'));
  folders.push(made);
  return made;
}

/** mulberry32: the same moments for the same seed. */
function generator(from: number): () => number {
  let state = from;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
