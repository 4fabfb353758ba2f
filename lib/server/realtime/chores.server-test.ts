import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { newId } from '#lib/notebook/id.ts';
import {
  makeRealTimeJob,
  openSales,
  publishShops,
  push,
  rowsIn,
  salesAt,
  startSales,
  type Sales,
} from '#lib/testing/realtime.ts';
import { takeOver } from '#lib/testing/bench.ts';
import { until as within } from '#lib/testing/until.ts';
import type { Partition } from '#prisma/client/client.ts';
import type { Bench } from './build.ts';
import { Chores } from './chores.ts';
import { checkDrift } from './drift.ts';
import { fold } from './fold.ts';
import { forget } from './forget.ts';
import type { Lease } from './lease.ts';

/** What a session does beside its work. The supervisor's own sessions do none of it here but when they are told to. */
let sales: Sales;
beforeAll(
  async () =>
    void (sales = await startSales({
      realtime: { embedded: false, paces: { fold: 3600, drift: 3600, forget: 3600 } },
    })),
);
beforeEach(async () => {
  await sales.lodestar.db.job.updateMany({ data: { state: 'paused' } });
  Object.assign(sales, await openSales());
});
afterAll(() => sales.close());

const until = (condition: () => unknown, what: string) => within(condition, what, 90_000);
const db = () => sales.lodestar.db;
const reads = (jobId: string, position: bigint) =>
  until(async () => (await db().liveJob.findUniqueOrThrow({ where: { jobId } })).position >= position, 'it is read');
const notices = (jobId: string) => db().notice.findMany({ where: { jobId } });
const drifts = (jobId: string) => db().notice.findMany({ where: { jobId, kind: 'drift' }, orderBy: { at: 'asc' } });
const partitions = (jobId: string) =>
  db().partition.findMany({ where: { dataset: { job: { id: jobId } } }, orderBy: { key: 'asc' } });

async function fewBatches(count: number): Promise<string> {
  const jobId = await makeRealTimeJob(sales, { kind: 'windowless' });
  for (let batch = 0; batch < count; batch += 1) {
    await push(sales, salesAt([batch], { id: batch }));
    await reads(jobId, BigInt(batch + 1));
  }
  return jobId;
}

it('the batches of an hour that is over become one file, with the same rows', async () => {
  const jobId = await fewBatches(4);
  const { lease, bench } = await takeOver(sales, jobId);
  const before = await rowsIn(sales, 'live_sales');
  expect(await partitions(jobId)).toHaveLength(4);
  const later = { ...sales.lodestar, now: () => new Date(Date.now() + 2 * 3_600_000) };
  await fold(later, lease, [bench.standing.job.datasetId], bench.signal);
  const hours = new Set((await partitions(jobId)).map(({ key }) => key.split('/')[0]));
  expect(await partitions(jobId)).toHaveLength(hours.size);
  expect(await rowsIn(sales, 'live_sales')).toEqual(before);
});

it('an hour that cannot be folded keeps no other from it', async () => {
  const jobId = await fewBatches(4);
  const { lease, bench } = await takeOver(sales, jobId);
  const { datasetId } = bench.standing.job;
  const stood = await partitions(jobId);
  for (const [index, { key }] of stood.entries())
    await db().partition.update({
      where: { datasetId_key: { datasetId, key } },
      data: { key: `2026-01-01T0${index < 2 ? 1 : 2}:00:00.000Z/${index}` },
    });
  await rm(sales.lodestar.warehouse.files.fromEntry(stood[0]!.file));
  await expect(fold(sales.lodestar, lease, [datasetId], bench.signal)).rejects.toThrow();
  expect((await partitions(jobId)).map(({ key }) => key.slice(11, 13))).toEqual(['01', '01', '02']);
});

it('while the hour lasts the small ones of many are put together, and few are left as they are', async () => {
  const jobId = await fewBatches(3);
  const { lease, bench } = await takeOver(sales, jobId);
  const { datasetId } = bench.standing.job;
  await fold(sales.lodestar, lease, [datasetId], bench.signal);
  const [first] = await partitions(jobId);
  const hour = first!.key.split('/')[0]!;
  // The same file many times over, as many small batches would stand there; the first is a large one.
  await db().partition.update({ where: { datasetId_key: { datasetId, key: first!.key } }, data: { bytes: 10n ** 9n } });
  await db().partition.createMany({
    data: Array.from({ length: 40 }, (_, index) => ({
      ...first!,
      key: `${hour}/${String(100 + index).padStart(16, '0')}`,
    })),
  });
  const before = await rowsIn(sales, 'live_sales');
  await fold(sales.lodestar, lease, [datasetId], bench.signal);
  const after = (await partitions(jobId)).filter(({ key }) => key.startsWith(hour));
  expect(after[0]).toMatchObject({ key: first!.key, bytes: 10n ** 9n });
  expect(after.length).toBeLessThan(5);
  expect(await rowsIn(sales, 'live_sales')).toEqual(before);
});

it('a fold under a lease that is another’s changes nothing', async () => {
  const jobId = await fewBatches(3);
  const { bench } = await takeOver(sales, jobId);
  const before = await partitions(jobId);
  const later = { ...sales.lodestar, now: () => new Date(Date.now() + 2 * 3_600_000) };
  const stale = { jobId, token: 'gone' };
  await expect(fold(later, stale, [bench.standing.job.datasetId], bench.signal)).rejects.toThrow('worked on elsewhere');
  expect(await partitions(jobId)).toEqual(before);
});

const averages = `SELECT shop, count(*) AS sales, sum(cents)::BIGINT AS cents, sum(cents / 7.0)::DOUBLE AS part, NULL::DOUBLE AS none
FROM sale WHERE time >= {{window_start}} AND time < {{window_end}} GROUP BY shop`;

it('a closed window that still says the same raises no alert', async () => {
  const jobId = await makeRealTimeJob(sales, { sql: averages });
  await push(sales, salesAt([1, 2, 61]));
  await until(async () => (await partitions(jobId)).length === 1, 'the window is there');
  const { lease, bench } = await takeOver(sales, jobId);
  expect(await checkDrift(bench, lease)).toMatchObject({ windowStart: new Date('2026-11-21T10:00:00Z') });
  expect(await notices(jobId)).toEqual([]);
});

it('a closed window whose dimension changed since, and one that was tampered with, are told', async () => {
  await publishShops(sales, { a: 'Ulm' });
  const sql = `SELECT city AS shop, count(*) AS sales FROM sale JOIN shop ON shop.shop = sale.shop
    WHERE time >= {{window_start}} AND time < {{window_end}} GROUP BY city`;
  const jobId = await makeRealTimeJob(sales, { sql });
  await push(sales, salesAt([1, 61]));
  await until(async () => (await partitions(jobId)).length === 1, 'the window is there');
  const { lease, bench } = await takeOver(sales, jobId);
  expect(await checkDrift(bench, lease)).not.toBeNull();
  expect(await notices(jobId)).toEqual([]);
  await publishShops(sales, { a: 'Bonn' });
  await checkDrift(bench, lease);
  expect(await notices(jobId)).toMatchObject([{ kind: 'drift', text: expect.stringContaining('gives 2 other rows') }]);
  await db().dataset.deleteMany({ where: { projectId: sales.projectId, name: 'shop' } });
  await checkDrift(bench, lease);
  expect((await notices(jobId)).at(-1)).toMatchObject({
    kind: 'drift',
    text: expect.stringContaining('cannot be built again'),
  });
});

/** An hour of arrivals that is over: its run ended, and the clock two hours on. */
async function overHour(jobId: string): Promise<{ bench: Bench; lease: Lease }> {
  const { bench, lease } = await takeOver(sales, jobId);
  await db().run.updateMany({ where: { jobId }, data: { state: 'good', endedAt: new Date() } });
  return { lease, bench };
}

it('an hour of a windowless job is compared with all its events at once, folded or not', async () => {
  await publishShops(sales, { a: 'Ulm' });
  const sql =
    "SELECT sale.id, city, CAST(nullif(cents, 3)::VARCHAR || CASE WHEN id = 1 THEN 'x' ELSE '' END AS BIGINT) AS cents FROM sale JOIN shop ON shop.shop = sale.shop";
  const jobId = await makeRealTimeJob(sales, { kind: 'windowless', sql });
  for (const batch of [0, 1, 2]) {
    await push(sales, salesAt([1, 1], { id: batch * 2 }));
    await reads(jobId, BigInt(batch * 2 + 2));
  }
  const { lease, bench } = await overHour(jobId);
  expect(await rowsIn(sales, 'live_sales')).toHaveLength(5);
  expect(await checkDrift(bench, lease)).not.toBeNull();
  expect(await drifts(jobId)).toEqual([]);
  const later = { ...sales.lodestar, now: () => new Date(Date.now() + 2 * 3_600_000) };
  await fold(later, lease, [bench.standing.job.datasetId], bench.signal);
  expect(await checkDrift(bench, lease)).not.toBeNull();
  expect(await drifts(jobId)).toEqual([]);
  const [{ datasetId, key, windowEnd }] = (await partitions(jobId)) as [Partition];
  const where = { datasetId_key: { datasetId, key } };
  await db().partition.update({ where, data: { windowEnd: new Date(0) } });
  await checkDrift(bench, lease);
  expect(await drifts(jobId)).toMatchObject([{ text: expect.stringContaining('No dataset that its query reads') }]);
  await db().partition.update({ where, data: { windowEnd } });
  await publishShops(sales, { a: 'Bonn' });
  await checkDrift(bench, lease);
  await checkDrift(bench, lease);
  expect((await drifts(jobId)).slice(1)).toMatchObject([
    { text: expect.stringMatching(/other rows. shop was published again since/), data: { published: ['shop'] } },
  ]);
});

it('events of an hour that a check left out are no drift', async () => {
  const checks = [{ type: 'range' as const, column: 'euros', min: 0.02 }];
  const jobId = await makeRealTimeJob(sales, { kind: 'windowless', checks });
  await push(sales, salesAt([1, 2, 3]));
  await reads(jobId, 3n);
  expect(await rowsIn(sales, 'live_sales', 'id')).toEqual([['1'], ['2']]);
  const { lease, bench } = await overHour(jobId);
  const look = async () => {
    const chores = new Chores({ fold: 3600, drift: 0, forget: 3600 });
    chores.begin(bench, lease);
    await chores.done();
  };
  await look();
  expect(await drifts(jobId)).toEqual([]);
  await db().partition.updateMany({ where: { dataset: { job: { id: jobId } } }, data: { windowEnd: new Date(0) } });
  await look();
  expect(await drifts(jobId)).toMatchObject([{ text: expect.stringContaining('gives 2 other rows') }]);
});

it('an hour in which a version took over is left alone', async () => {
  const jobId = await fewBatches(2);
  const { lease, bench } = await overHour(jobId);
  const [run] = await db().run.findMany({ where: { jobId } });
  const at = new Date((run!.queuedAt.getTime() + run!.endedAt!.getTime()) / 2);
  await db().notice.create({ data: { id: newId(), jobId, at, kind: 'version', text: 'Version 2 took over.' } });
  expect(await checkDrift(bench, lease)).toBeNull();
});

it('old minutes, and runs beyond ten thousand, go; those that people asked for stay', async () => {
  const jobId = await makeRealTimeJob(sales);
  const { promotionId } = await db().job.findUniqueOrThrow({ where: { id: jobId } });
  const now = new Date('2026-11-21T12:00:00Z');
  const run = (index: number, cause: string) => ({
    id: newId(),
    jobId,
    promotionId,
    cause,
    state: 'good',
    windowStart: new Date(index * 1000),
    windowEnd: new Date(index * 1000 + 1000),
    queuedAt: new Date(index * 1000),
  });
  await db().run.createMany({ data: Array.from({ length: 10_005 }, (_, index) => run(index, 'stream')) });
  await db().run.create({ data: run(1, 'manual') });
  const minutes = ['2026-11-12T00:00:00Z', '2026-11-20T00:00:00Z'];
  await db().liveMinute.createMany({ data: minutes.map((minute) => ({ jobId, minute: new Date(minute) })) });
  await forget(db(), jobId, now);
  expect(await db().run.count({ where: { jobId, cause: 'stream' } })).toBeLessThanOrEqual(10_001);
  expect(await db().run.count({ where: { jobId, cause: 'manual' } })).toBe(1);
  expect(await db().liveMinute.findMany({ where: { jobId } })).toMatchObject([{ minute: new Date(minutes[1]!) }]);
});
