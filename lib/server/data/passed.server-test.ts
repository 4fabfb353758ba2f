import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { makeRealTimeJob, push, salesAt, startSales, type Sales } from '#lib/testing/realtime.ts';
import { readJob } from './job.ts';
import { startBackfill } from './run.ts';

/* Windows that a real-time job passed over, as people see them. */

let sales: Sales;
beforeAll(async () => void (sales = await startSales()));
afterAll(() => sales.close());

const until = (check: () => Promise<boolean>) => vi.waitUntil(check, { timeout: 90_000, interval: 50 });
const base = Date.UTC(2020, 10, 21, 10);
const at = (second: number) => new Date(base + second * 1000).toISOString();

it('they are absent in the coverage and told, until a backfill answers them', async () => {
  const sql = 'SELECT count(*) AS sales FROM sale WHERE time >= {{window_start}} AND time < {{window_end}}';
  const jobId = await makeRealTimeJob(sales, { seconds: 10, sql });
  const events = [0, 3600].map((second, id) => ({ ...salesAt([0], { id })[0]!, time: at(second) }));
  await push(sales, events.slice(0, 1));
  await push(sales, events.slice(1));
  await until(async () => (await readJob(sales.lead, jobId)).coverage.length > 0);
  const coverage = async () =>
    (await readJob(sales.lead, jobId)).coverage.map(({ windowStart, state, rows }) => [windowStart, state, rows]);
  const passed = Array.from({ length: 359 }, (_, window) => [at(10 + window * 10), 'absent', null]);
  expect(await coverage()).toEqual([[at(0), 'good', 1], ...passed]);
  const { live } = await readJob(sales.lead, jobId);
  expect(live?.notices).toMatchObject([
    { kind: 'gap', text: expect.stringContaining('359 empty windows were passed') },
  ]);
  await startBackfill(sales.lead, jobId, { from: at(100), to: at(120) });
  await until(async () => (await readJob(sales.lead, jobId)).coverage[11]?.state === 'good');
  expect((await coverage()).slice(9, 13)).toEqual([
    [at(90), 'absent', null],
    [at(100), 'good', 1],
    [at(110), 'good', 1],
    [at(120), 'absent', null],
  ]);
});
