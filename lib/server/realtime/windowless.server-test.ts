import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import {
  makeRealTimeJob,
  openSales,
  push,
  publishShops,
  rowsIn,
  salesAt,
  startSales,
  type Sales,
} from '#lib/testing/realtime.ts';
import { Problem } from '#lib/server/problem.ts';
import { cancelRun } from '#lib/server/data/run.ts';
import { until } from '#lib/testing/until.ts';

let sales: Sales;
beforeAll(async () => void (sales = await startSales()));
beforeEach(async () => void Object.assign(sales, await openSales()));
afterAll(() => sales.close());

const windowless = (more: object = {}) => makeRealTimeJob(sales, { kind: 'windowless', ...more });
const output = (columns = 'id, shop, euros') => rowsIn(sales, 'live_sales', columns);
const live = (jobId: string) => sales.lodestar.db.liveJob.findUniqueOrThrow({ where: { jobId } });
const runs = (jobId: string) => sales.lodestar.db.run.findMany({ where: { jobId }, include: { lines: true } });
const reads = (jobId: string, position: number) =>
  until(async () => (await live(jobId)).position === BigInt(position), `event ${position} is read`);

it('each event goes through the query once, as it comes', async () => {
  const jobId = await windowless();
  await push(sales, salesAt([1, 2]));
  await until(async () => (await output()).length === 2, 'the first are there');
  await push(sales, salesAt([3], { id: 10, shop: 'b' }));
  await until(async () => (await output()).length === 3, 'the next is there');
  expect(await output()).toEqual([
    ['0', 'A', '0.01'],
    ['1', 'A', '0.02'],
    ['10', 'B', '0.11'],
  ]);
  expect((await rowsIn(sales, 'live_sales'))[0]).toHaveLength(4);
  expect(await live(jobId)).toMatchObject({ position: 3n, eventsIn: 3n, rowsOut: 3n, late: 0n });
});

it('an hour of arrivals is one run, that grows', async () => {
  const jobId = await windowless();
  await push(sales, salesAt([1]));
  await reads(jobId, 1);
  await push(sales, [...salesAt([2, 3], { id: 1 }), { ...salesAt([4], { id: 9 })[0]!, cents: -1 }]);
  await reads(jobId, 4);
  const all = await runs(jobId);
  // An hour may have ended between the two.
  expect(all.reduce((sum, { eventsIn }) => sum + eventsIn!, 0n)).toBe(4n);
  expect(all.reduce((sum, { rows }) => sum + rows!, 0n)).toBe(3n);
  expect(all.at(-1)).toMatchObject({ state: 'running', cause: 'stream', through: 4n, lease: null });
});

it('the run of an hour cannot be cancelled, as what it counts is published', async () => {
  const jobId = await windowless();
  await push(sales, salesAt([1]));
  await reads(jobId, 1);
  const [run] = await runs(jobId);
  await expect(cancelRun(sales.lead, run!.id)).rejects.toMatchObject({ status: 409, code: 'wrong-state' });
  expect(await runs(jobId)).toMatchObject([{ state: 'running' }]);
});

it('a stream that cannot be read for a moment is no fault of its events', async () => {
  const jobId = await windowless();
  const { streams } = sales.lodestar;
  const away = vi.spyOn(streams, 'slice').mockRejectedValueOnce(new Problem(503, 'not-stored', 'Not now.'));
  await push(sales, salesAt([1]));
  await reads(jobId, 1);
  expect(away).toHaveBeenCalledTimes(2);
  away.mockRestore();
  expect((await output()).length).toBe(1);
  expect(await runs(jobId)).toMatchObject([{ error: null, rows: 1n, lines: [] }]);
});

it('a stream that cannot be opened now, as too many are, is no trouble that people must mend', async () => {
  const jobId = await windowless();
  const { streams } = sales.lodestar;
  const full = vi.spyOn(streams, 'timeline').mockRejectedValueOnce(new Problem(503, 'too-many-open', 'In use.'));
  await until(() => full.mock.settledResults.some(({ type }) => type === 'rejected'), 'it was refused');
  full.mockRestore();
  await push(sales, salesAt([1]));
  await reads(jobId, 1);
  expect(await notices(jobId)).toEqual([]);
});

it('a batch without rows moves on and publishes nothing', async () => {
  const jobId = await windowless();
  await push(sales, [{ ...salesAt([4])[0]!, cents: -1 }]);
  await reads(jobId, 1);
  expect(await sales.lodestar.db.partition.count({ where: { dataset: { job: { id: jobId } } } })).toBe(0);
});

const asNumber = 'SELECT id, CAST(shop AS BIGINT) AS shop, cents AS euros FROM sale';
const numbered = (count: number, isBad: (index: number) => boolean, id = 0) =>
  salesAt(
    Array.from({ length: count }, (_, second) => second % 3600),
    { id },
  ).map((sale, index) => ({
    ...sale,
    shop: isBad(index) ? 'no number' : String(index),
  }));
const ids = async () => (await output('id')).map(([id]) => Number(id)).sort((a, b) => a - b);
const failedIds = async () =>
  (await rowsIn(sales, 'live_sales_failed', 'id')).map(([id]) => Number(id)).sort((a, b) => a - b);
const notices = (jobId: string) => sales.lodestar.db.notice.findMany({ where: { jobId } });

it('an event that the query fails for is left out and told, all others are there', async () => {
  const jobId = await windowless({ sql: asNumber });
  const many = numbered(30, (index) => index === 7 || index === 20);
  await push(sales, many);
  await reads(jobId, 30);
  expect(await ids()).toEqual(many.map(({ id }) => id).filter((id) => id !== 7 && id !== 20));
  const [run] = await runs(jobId);
  expect(run).toMatchObject({ error: { code: 'events-failed', events: 2 }, eventsIn: 30n, rows: 28n });
  expect(run!.lines.map(({ text }) => text)).toEqual([
    expect.stringMatching(/^Event 7: .*no number/s),
    expect.stringMatching(/^Event 20: .*no number/s),
  ]);
  expect(await rowsIn(sales, 'live_sales_failed', '_offset, id, shop, _error')).toEqual([
    ['20', '20', 'no number', expect.stringContaining('no number')],
    ['7', '7', 'no number', expect.stringContaining('no number')],
  ]);
  expect(await notices(jobId)).toMatchObject([
    { kind: 'failed', text: expect.stringMatching(/2 of 30 events.*live_sales_failed/s) },
  ]);
});

it('half of the events failing hold nobody up, and what comes of the others does not depend on how they came', async () => {
  const jobId = await windowless({ sql: asNumber });
  const many = numbered(800, (index) => index % 2 === 1);
  await push(sales, many.slice(0, 1));
  await push(sales, many.slice(1, 90));
  await push(sales, many.slice(90));
  await reads(jobId, 800);
  expect(await ids()).toEqual(many.filter((_, index) => index % 2 === 0).map(({ id }) => id));
  expect(await failedIds()).toEqual(many.filter((_, index) => index % 2 === 1).map(({ id }) => id));
  expect(await live(jobId)).toMatchObject({ trouble: null, eventsIn: 800n, rowsOut: 400n });
  const all = await runs(jobId);
  expect(all.reduce((sum, { error }) => sum + ((error as { events?: number } | null)?.events ?? 0), 0)).toBe(400);
});

it('events that all fail are left out while the query still goes well for one that did', async () => {
  const jobId = await windowless({ sql: asNumber });
  await push(
    sales,
    numbered(3, () => false),
  );
  await reads(jobId, 3);
  await push(
    sales,
    numbered(200, () => true, 10),
  );
  await push(
    sales,
    numbered(2, () => false, 500),
  );
  await reads(jobId, 205);
  expect(await ids()).toEqual([0, 1, 2, 500, 501]);
  expect(await failedIds()).toHaveLength(200);
  expect(await live(jobId)).toMatchObject({ trouble: null });
});

it('events that all fail before any went well are waited with, and left out when one goes well', async () => {
  const jobId = await windowless({ sql: asNumber });
  await push(
    sales,
    numbered(20, () => true),
  );
  await until(async () => (await live(jobId)).trouble !== null, 'it is in trouble', 60_000);
  expect(await live(jobId)).toMatchObject({
    position: 0n,
    trouble: {
      code: 'all-failed',
      message: expect.stringMatching(/fails for every event.*no number.*Mend/s),
      isTried: true,
    },
  });
  await push(
    sales,
    numbered(1, () => false, 30),
  );
  sales.lodestar.realtime.wake(jobId);
  await reads(jobId, 21);
  expect(await ids()).toEqual([30]);
  expect(await failedIds()).toHaveLength(20);
  expect(await live(jobId)).toMatchObject({ trouble: null });
});

it('a dataset that makes every event fail leaves none out', async () => {
  await publishShops(sales, { a: '1' });
  const sql = 'SELECT sale.id, CAST(city AS BIGINT) AS city FROM sale JOIN shop ON shop.shop = sale.shop';
  const jobId = await windowless({ sql });
  await push(sales, salesAt([1, 2]));
  await reads(jobId, 2);
  await publishShops(sales, { a: 'Ulm' });
  await push(sales, salesAt([3, 4, 5], { id: 2 }));
  await until(async () => (await live(jobId)).trouble !== null, 'it is in trouble', 60_000);
  expect(await live(jobId)).toMatchObject({ position: 2n, trouble: { code: 'all-failed' } });
  await publishShops(sales, { a: '2' });
  sales.lodestar.realtime.wake(jobId);
  await reads(jobId, 5);
  expect(await output('id, city')).toEqual([0, 1, 2, 3, 4].map((id) => [String(id), id < 2 ? '1' : '2']));
});

it('an event that a check fails for is left out, and keeps no other from being published', async () => {
  const jobId = await windowless({ checks: [{ type: 'range', column: 'euros', min: 0.02 }] });
  await push(sales, salesAt([1, 2, 3]));
  await reads(jobId, 3);
  expect(await output('id')).toEqual([['1'], ['2']]);
  expect(await failedIds()).toEqual([0]);
});

it('a query that fails for all waits, says why, and goes on when it is mended', async () => {
  const sql = 'SELECT sale.id, city FROM sale JOIN shop ON shop.shop = sale.shop';
  const jobId = await windowless({ sql });
  await push(sales, salesAt(Array.from({ length: 40 }, (_, second) => second)));
  await until(async () => (await live(jobId)).trouble !== null, 'it is in trouble', 60_000);
  expect(await live(jobId)).toMatchObject({ position: 0n, trouble: { message: expect.stringContaining('shop') } });
  await publishShops(sales, { a: 'Ulm' });
  sales.lodestar.realtime.wake(jobId);
  await reads(jobId, 40);
  expect(await output('id, city')).toHaveLength(40);
  expect(await live(jobId)).toMatchObject({ trouble: null });
});

it('a dimension that is published again counts from the next batch on', async () => {
  await publishShops(sales, { a: 'Ulm' });
  const sql = 'SELECT sale.id, city FROM sale JOIN shop ON shop.shop = sale.shop';
  const jobId = await windowless({ sql });
  await push(sales, salesAt([1]));
  await reads(jobId, 1);
  await publishShops(sales, { a: 'Bonn' });
  await push(sales, salesAt([2], { id: 1 }));
  await reads(jobId, 2);
  expect(await output('id, city')).toEqual([
    ['0', 'Ulm'],
    ['1', 'Bonn'],
  ]);
});
