import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { makeRealTimeJob, openSales, push, rowsIn, salesAt, startSales, type Sales } from '#lib/testing/realtime.ts';
import { until } from '#lib/testing/until.ts';

let sales: Sales;
beforeAll(async () => void (sales = await startSales()));
beforeEach(async () => void Object.assign(sales, await openSales()));
afterAll(() => sales.close());

const runs = (jobId: string) =>
  sales.lodestar.db.run.findMany({ where: { jobId }, orderBy: [{ windowStart: 'asc' }, { through: 'asc' }] });
const output = () => rowsIn(sales, 'live_sales', "strftime(window_start, '%H:%M'), shop, sales, cents");
const live = (jobId: string) => sales.lodestar.db.liveJob.findUniqueOrThrow({ where: { jobId } });

it('a window is published once the watermark has passed its end', async () => {
  const jobId = await makeRealTimeJob(sales, { delay: 5 });
  await push(sales, salesAt([1, 2, 59]));
  await push(sales, salesAt([64], { id: 10 }));
  await until(async () => (await live(jobId)).position === 4n, 'the events are read');
  expect(await output()).toEqual([]);
  await push(sales, salesAt([65], { id: 20, shop: 'b' }));
  await until(async () => (await output()).length === 1, 'the window is there');
  expect(await output()).toEqual([['10:00', 'a', '3', '6']]);
  expect(await runs(jobId)).toMatchObject([
    { state: 'good', cause: 'stream', through: 5n, eventsIn: 3n, late: 0n, rows: 1n },
  ]);
});
