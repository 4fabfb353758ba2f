import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { startScheduler } from '#lib/server/jobs/start.ts';
import { createWarehouse } from '#lib/server/warehouse/create.ts';
import { startLodestar } from '#lib/testing/lodestar.ts';
import { startCluster, whyNoPostgres } from '#lib/testing/postgres.ts';
import { eventsOfBatch, makeRealTimeJob, push, readSales, rowsIn, type Sales } from '#lib/testing/realtime.ts';
import { until } from '#lib/testing/until.ts';
import { startRealTime } from './supervise.ts';

/*
 * Two servers on one PostgreSQL, each with a DATA_DIR of its own, in which the folders of streams and of the warehouse are shared. The
 * one that works on both kinds of job is killed -9; the other goes on, and what stands is what an uninterrupted run makes of the log.
 */
const why = await whyNoPostgres();
const parts = await mkdtemp(join(tmpdir(), 'lodestar-takeover-'));
afterAll(() => rm(parts, { recursive: true, force: true }));

it.skipIf(why !== null)('another server takes over the jobs of one that died', { timeout: 300_000 }, async () => {
  const cluster = await startCluster();
  const postgres = await cluster.database();
  await startAndKill(await node('first'), postgres);
  const second = await start(await node('second'), postgres);
  try {
    await caughtUp(second);
    const { end } = await second.lodestar.streams.live(second.streamId);
    expect(end, 'what was acknowledged is there').toBeGreaterThanOrEqual(61 * 7);
    for (let number = end / 7; number < end / 7 + 10; number += 1) await push(second, eventsOfBatch(number));
    const late = { do: 'correct', for: 60 };
    await makeRealTimeJob(second, { target: 'tumbling_again', seconds: 10, delay: 5, late });
    await makeRealTimeJob(second, { target: 'windowless_again', kind: 'windowless' });
    await caughtUp(second);
    const all = String(end + 70);
    expect(await rowsIn(second, 'windowless', 'count(*), count(DISTINCT id)')).toEqual([[all, all]]);
    for (const name of ['tumbling', 'windowless'])
      expect(await rowsIn(second, name), name).toEqual(await rowsIn(second, `${name}_again`));
    expect((await rowsIn(second, 'tumbling')).length).toBeGreaterThan(0);
    expect(await second.lodestar.db.notice.count({ where: { kind: 'restart' } })).toBe(2);
  } finally {
    await second.close();
    await cluster.close();
  }
});

/** A server's DATA_DIR, with what it shares. */
async function node(name: string): Promise<string> {
  const dataDir = join(parts, name);
  await mkdir(dataDir);
  for (const folder of ['streams', 'warehouse']) {
    await mkdir(join(parts, folder), { recursive: true });
    await symlink(join(parts, folder), join(dataDir, folder));
  }
  return dataDir;
}

/** Its jobs have answered something by then, and are in the middle of it. */
async function startAndKill(dataDir: string, postgres: string): Promise<void> {
  const child = spawn(process.execPath, ['lib/testing/realtime-process.ts', dataDir, '200', '0', 'whole', postgres], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.on('data', (chunk: Buffer) => void (chunk.includes('pushed 60\n') && child.kill('SIGKILL')));
  const [code] = (await once(child, 'exit')) as [number | null];
  expect(code, 'it was killed').toBeNull();
}

async function start(dataDir: string, postgres: string): Promise<Sales> {
  const lodestar = (await startLodestar({
    dataDir,
    postgres,
    warehouse: (world) => createWarehouse(world),
    scheduler: (world) => startScheduler(world, { slots: 0, every: 3600 }),
    realtime: (world) => startRealTime(world, { embedded: false, every: 0.2, paces: { drift: 3600 } }),
  })) as Sales['lodestar'];
  return { lodestar, close: () => lodestar.close(), ...(await readSales(lodestar))! };
}

async function caughtUp({ lodestar, streamId }: Sales): Promise<void> {
  const { db, streams } = lodestar;
  const end = () =>
    streams.live(streamId).then(
      (live) => live.end,
      () => null,
    );
  const isThere = async () => {
    const below = await end();
    return below !== null && (await db.liveJob.count({ where: { position: { lt: below } } })) === 0;
  };
  await until(isThere, 'every job has read the log', 120_000);
}
