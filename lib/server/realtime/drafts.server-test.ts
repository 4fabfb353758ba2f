import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Problem } from '#lib/server/problem.ts';
import { makeRealTimeJob, openSales, push, rowsIn, salesAt, startSales, type Sales } from '#lib/testing/realtime.ts';
import { until } from '#lib/testing/until.ts';

let sales: Sales;
beforeAll(async () => {
  sales = await startSales();
  Object.assign(sales, await openSales());
});
afterAll(() => sales.close());

it('what a step built that came to nothing is removed at once', async () => {
  const { warehouse, config } = sales.lodestar;
  const settle = warehouse.settle.bind(warehouse);
  let failed = 0;
  warehouse.settle = (file) => {
    if (failed++ < 2) return Promise.reject(new Problem(503, 'not-stored', 'The disk takes nothing now.'));
    return settle(file);
  };
  try {
    await makeRealTimeJob(sales);
    await push(sales, salesAt([1, 61]));
    const isThere = async () => (await rowsIn(sales, 'live_sales', 'shop, sales')).length === 1;
    await until(isThere, 'the window is answered in the end', 60_000);
    expect(failed).toBeGreaterThan(2);
    expect(await readdir(join(config.DATA_DIR, 'warehouse/staging'))).toEqual([]);
  } finally {
    warehouse.settle = settle;
  }
});
