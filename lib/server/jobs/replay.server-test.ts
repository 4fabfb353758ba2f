import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { newId } from '#lib/notebook/id.ts';
import { Problem } from '#lib/server/problem.ts';
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
import { until as within } from '#lib/testing/until.ts';
import { replayProblem } from './replay-problem.ts';

let sales: Sales;
beforeAll(async () => void (sales = await startSales({ scheduler: { leave: 1 } })));
beforeEach(async () => void Object.assign(sales, await openSales()));
afterAll(() => sales.close());

const until = (condition: () => unknown, what: string) => within(condition, what, 90_000);
const db = () => sales.lodestar.db;
const window = (minute: number) => ({
  start: new Date(Date.UTC(2026, 10, 21, 10, minute)),
  end: new Date(Date.UTC(2026, 10, 21, 10, minute + 1)),
});
const hour = () => {
  const start = Math.floor(Date.now() / 3_600_000) * 3_600_000;
  return { start: new Date(start), end: new Date(start + 3_600_000) };
};
const output = (columns = "strftime(window_start, '%H:%M') AS at, shop, sales") => rowsIn(sales, 'live_sales', columns);
const reads = (jobId: string, position: bigint) =>
  until(async () => (await db().liveJob.findUniqueOrThrow({ where: { jobId } })).position >= position, 'it is read');

/** Asks for the window and waits for its end. */
async function replay(jobId: string, { start, end }: { start: Date; end: Date }) {
  const { promotionId } = await db().job.findUniqueOrThrow({ where: { id: jobId } });
  const place = { jobId, promotionId, windowStart: start, windowEnd: end };
  const { id } = await db().run.create({ data: { id: newId(), ...place, cause: 'manual' } });
  await sales.lodestar.scheduler.enqueue(id);
  const isOver = async () =>
    !['queued', 'running'].includes((await db().run.findUniqueOrThrow({ where: { id } })).state);
  await until(isOver, 'the run is over');
  return db().run.findUniqueOrThrow({ where: { id } });
}

/** A job whose first window was published with one sale, and whose second was not. */
async function twoWindows(late: object): Promise<string> {
  const jobId = await makeRealTimeJob(sales, { late });
  await push(sales, salesAt([1]));
  await push(sales, salesAt([61], { id: 1 }));
  await until(async () => (await output()).length === 1, 'the first is there');
  return jobId;
}

it('a window is answered again over the events its answer read, so that what was dropped stays out', async () => {
  const jobId = await twoWindows({ do: 'drop' });
  await push(sales, salesAt([2], { id: 5 }));
  await reads(jobId, 3n);
  await db().partition.deleteMany({ where: { dataset: { job: { id: jobId } } } });
  expect(await replay(jobId, window(0))).toMatchObject({
    state: 'good',
    through: 2n,
    eventsIn: 1n,
    late: 1n,
    rows: 1n,
  });
  expect(await output()).toEqual([['10:00', 'a', '1']]);
});

it('a window whose run is forgotten is answered over the events that the log says it was answered over', async () => {
  const jobId = await twoWindows({ do: 'drop' });
  await push(sales, salesAt([2], { id: 5 }));
  await reads(jobId, 3n);
  await db().run.deleteMany({ where: { jobId } });
  expect(await replay(jobId, window(0))).toMatchObject({ state: 'good', through: 2n, eventsIn: 1n, rows: 1n });
  expect(await output()).toEqual([['10:00', 'a', '1']]);
});

it('a window that was passed over is answered without what came too late for it', async () => {
  const jobId = await makeRealTimeJob(sales, { late: { do: 'drop' } });
  await push(sales, salesAt([-600 * 60]));
  await push(sales, salesAt([0], { id: 1 }));
  await until(async () => (await output()).length === 1, 'the first is there');
  await push(sales, salesAt([-300 * 60, 1], { id: 2 }));
  await reads(jobId, 4n);
  expect((await db().liveJob.findUniqueOrThrow({ where: { jobId } })).late).toBe(1n);
  expect(await replay(jobId, window(-300))).toMatchObject({ state: 'good', through: 2n, eventsIn: 0n, rows: 0n });
});

it('where late events correct, what came too late to correct stays out of it', async () => {
  const jobId = await twoWindows({ do: 'correct', for: 2 });
  await push(sales, salesAt([3], { id: 3 }));
  await until(async () => (await output()).at(-1)?.[2] === '2', 'it is corrected');
  await push(sales, salesAt([63], { id: 4 }));
  await push(sales, salesAt([2], { id: 5 }));
  await reads(jobId, 5n);
  const gone = { dataset: { job: { id: jobId } } };
  await db().partition.deleteMany({ where: gone });
  expect(await replay(jobId, window(0))).toMatchObject({ state: 'good', through: 3n, rows: 1n });
  expect(await output()).toEqual([['10:00', 'a', '2']]);
  await db().run.deleteMany({ where: { jobId } });
  await db().partition.deleteMany({ where: gone });
  expect(await replay(jobId, window(0))).toMatchObject({ state: 'good', through: 3n, rows: 1n });
  expect(await output()).toEqual([['10:00', 'a', '2']]);
});

it('a run whose stream is read elsewhere waits for who can read it', async () => {
  const jobId = await twoWindows({ do: 'drop' });
  await db().job.update({ where: { id: jobId }, data: { state: 'paused' } });
  const { streams } = sales.lodestar;
  const slice = streams.slice;
  streams.slice = () => Promise.reject(new Problem(503, 'stream-elsewhere', 'elsewhere'));
  const { promotionId } = await db().job.findUniqueOrThrow({ where: { id: jobId } });
  const place = { jobId, promotionId, windowStart: window(0).start, windowEnd: window(0).end };
  const { id } = await db().run.create({ data: { id: newId(), ...place, cause: 'manual' } });
  const run = () => db().run.findUniqueOrThrow({ where: { id }, include: { lines: true } });
  const said = ({ lines }: Awaited<ReturnType<typeof run>>) =>
    lines.filter(({ text }) => text.includes('waits for one'));
  try {
    await sales.lodestar.scheduler.enqueue(id);
    await until(async () => said(await run()).length === 1 && (await run()).state === 'queued', 'it waits');
    expect(await run()).toMatchObject({ attempt: 0, error: null });
    await sales.lodestar.scheduler.look();
    await sales.lodestar.scheduler.idle();
    expect(await run()).toMatchObject({ attempt: 0, state: 'queued' });
    expect(said(await run())).toHaveLength(1);
  } finally {
    streams.slice = slice;
  }
  await until(async () => (await run()).state === 'good', 'it is done');
});

it('a window that is not over for the job is refused, whoever asks', async () => {
  const jobId = await twoWindows({ do: 'drop' });
  expect(await replayProblem(db(), jobId, [window(0)])).toBeNull();
  expect(await replayProblem(db(), jobId, [window(0), window(1)])).toContain(
    '2026-11-21T10:01:00.000Z is not answered',
  );
  expect(await replay(jobId, window(1))).toMatchObject({ state: 'failed', error: { code: 'window-open' } });
  expect(await output()).toEqual([['10:00', 'a', '1']]);
});

it('what a session published over more events meanwhile stays', async () => {
  const jobId = await twoWindows({ do: 'drop' });
  const first = await db().run.findFirstOrThrow({ where: { jobId } });
  const { id: _, ...copy } = first;
  await db().run.create({
    data: { ...copy, id: newId(), error: undefined, cause: 'late', through: 99n, queuedAt: new Date(0) },
  });
  const run = await replay(jobId, window(0));
  expect(run).toMatchObject({ state: 'failed', error: { code: 'conflict' }, attempt: 3 });
});

it('windows of an earlier version inside the window go with it; a part of a wider one is refused', async () => {
  const jobId = await twoWindows({ do: 'drop' });
  const { datasetId } = await db().job.findUniqueOrThrow({ where: { id: jobId } });
  const stands = await db().partition.findFirstOrThrow({ where: { datasetId } });
  const half = new Date(window(0).start.getTime() + 30_000);
  await db().partition.create({ data: { ...stands, key: half.toISOString(), windowStart: half } });
  expect(await replay(jobId, window(0))).toMatchObject({ state: 'good' });
  expect(await output()).toEqual([['10:00', 'a', '1']]);
  const wide = { windowStart: window(-5).start, windowEnd: window(5).start };
  await db().partition.updateMany({ where: { datasetId }, data: wide });
  expect(await replay(jobId, window(0))).toMatchObject({ state: 'failed', error: { code: 'other-windows' } });
});

it('a replay of an hour that a windowless job comes to only then gives way to it', async () => {
  const jobId = await makeRealTimeJob(sales, { kind: 'windowless' });
  const { promotionId } = await db().job.findUniqueOrThrow({ where: { id: jobId } });
  const { start, end } = hour();
  const place = { jobId, promotionId, windowStart: start, windowEnd: end, cause: 'manual' };
  // As one that is under way; queued, it could be over before the events come.
  const { id } = await db().run.create({ data: { id: newId(), ...place, state: 'running' } });
  await push(sales, salesAt([1]));
  await reads(jobId, 1n);
  expect(await db().run.findUniqueOrThrow({ where: { id } })).toMatchObject({
    state: 'failed',
    error: { code: 'window-open', message: expect.stringContaining('Ask again when it is over') },
  });
  expect(await output('id')).toEqual([['0']]);
});

it('an hour of a windowless job is answered again at once, in place of its batches', async () => {
  await publishShops(sales, { a: 'Ulm' });
  const sql = 'SELECT sale.id, city FROM sale JOIN shop ON shop.shop = sale.shop';
  const jobId = await makeRealTimeJob(sales, { kind: 'windowless', sql });
  await push(sales, salesAt([1]));
  await reads(jobId, 1n);
  await push(sales, salesAt([2], { id: 1 }));
  await reads(jobId, 2n);
  const asked = hour();
  expect(await replayProblem(db(), jobId, [asked])).toContain('not answered for the first time yet');
  await db().run.updateMany({ where: { jobId }, data: { state: 'good', endedAt: new Date() } });
  await publishShops(sales, { a: 'Bonn' });
  expect(await replay(jobId, asked)).toMatchObject({ state: 'good', through: 2n, eventsIn: 2n, rows: 2n });
  expect(await output('id, city')).toEqual([
    ['0', 'Bonn'],
    ['1', 'Bonn'],
  ]);
  expect(await db().partition.count({ where: { dataset: { job: { id: jobId } } } })).toBe(1);
});

it('an hour of which events fail by themselves is answered again without them, and those of now stand beside it', async () => {
  await publishShops(sales, { a: '1' });
  const sql =
    "SELECT sale.id, CAST(city || CASE WHEN sale.id % 3 = 1 THEN 'x' ELSE '' END AS BIGINT) AS city FROM sale JOIN shop ON shop.shop = sale.shop";
  const jobId = await makeRealTimeJob(sales, { kind: 'windowless', sql });
  await push(sales, salesAt([1, 2, 3]));
  await reads(jobId, 3n);
  await push(sales, salesAt([4, 5, 6], { id: 3 }));
  await reads(jobId, 6n);
  const failed = () => rowsIn(sales, 'live_sales_failed', 'id');
  expect(await failed()).toEqual([['1'], ['4']]);
  const asked = hour();
  await db().run.updateMany({ where: { jobId }, data: { state: 'good', endedAt: new Date() } });
  expect(await replay(jobId, asked)).toMatchObject({
    state: 'warned',
    error: { code: 'events-failed', events: 2, message: expect.stringContaining('live_sales_failed') },
    rows: 4n,
    eventsIn: 6n,
  });
  expect(await output('id')).toEqual([['0'], ['2'], ['3'], ['5']]);
  expect(await failed()).toEqual([['1'], ['4']]);
  expect(
    await db().partition.count({ where: { dataset: { name: 'live_sales_failed', projectId: sales.projectId } } }),
  ).toBe(1);
  await publishShops(sales, { a: 'Ulm' });
  expect(await replay(jobId, asked)).toMatchObject({ state: 'failed', error: { code: 'all-failed' } });
  expect(await output('id')).toHaveLength(4);
});
