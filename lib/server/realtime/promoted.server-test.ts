import { hourOf } from '#lib/server/jobs/hour.ts';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { CellSpec } from '#lib/notebook/cell.ts';
import { approvePromotion, submitPromotion } from '#lib/server/data/approval.ts';
import { openChanges } from '#lib/server/data/changes.ts';
import { readJob } from '#lib/server/data/job.ts';
import { createPromotion } from '#lib/server/data/promote.ts';
import { asking, makeNotebook } from '#lib/testing/jobs.ts';
import { publishShops, push, rowsIn, salesAt, startSales, type Sales } from '#lib/testing/realtime.ts';

/** From a notebook's cell to rows that come as events do: the text nobody rewrote, in both kinds. */

let sales: Sales;
let notebookId: string;
beforeAll(async () => {
  sales = await startSales();
  await publishShops(sales, { a: 'Aachen', b: 'Bonn' });
  await push(sales, [...salesAt([0, 30]), ...salesAt([61], { id: 10, shop: 'b' })]);
  await push(sales, salesAt([125], { id: 20 }));
  const { id } = await makeNotebook(sales.projectId, sales.lead, cells);
  notebookId = id;
});
afterAll(() => sales.close());

const input = (name: string): CellSpec => ({
  type: 'input',
  name,
  input: { kind: 'timestamp', value: '2026-11-21 10:00:00' },
});
const cells: CellSpec[] = [
  input('window_start'),
  input('window_end'),
  { type: 'sql', name: 'clean', source: 'SELECT id, time, shop, cents FROM sale WHERE cents > 0' },
  { type: 'sql', name: 'placed', source: 'SELECT c.id, s.city FROM clean c LEFT JOIN shop s ON s.shop = c.shop' },
  {
    type: 'sql',
    name: 'per_minute',
    source:
      'SELECT shop, count(*) AS sales FROM clean WHERE time >= {{window_start}} AND time < {{window_end}} GROUP BY shop',
  },
];

async function approved(cell: string, realtime: object): Promise<string> {
  const asked = asking({
    cell,
    target: `live_${cell}`,
    window: undefined,
    realtime: { start: 'beginning', ...realtime },
  });
  const { id, evidence } = await createPromotion(sales.lead, notebookId, asked);
  expect(evidence).toMatchObject({ trial: { state: 'good' }, replay: { state: 'equal' }, warnings: [] });
  await submitPromotion(sales.lead, id);
  return (await approvePromotion(sales.lead, id, { comment: '' })).jobId;
}

const until = (check: () => Promise<boolean>) => vi.waitUntil(check, { timeout: 60_000, interval: 50 });
const rows = async (name: string, columns: string) => (await rowsIn(sales, name, columns)).map((row) => row.join(' '));

it('windowless: what is kept, then each event as it comes, joined with the dataset as it stands then', async () => {
  const jobId = await approved('placed', { kind: 'windowless' });
  await until(async () => (await rows('live_placed', 'id, city')).length === 4);
  const line = await openChanges(sales.lead, sales.projectId);
  await publishShops(sales, { a: 'Aalen', b: 'Bonn' });
  await push(sales, salesAt([130], { id: 30 }));
  await until(async () => (await rows('live_placed', 'id, city')).length === 5);
  expect(await rows('live_placed', 'id, city')).toEqual(['0 Aachen', '1 Aachen', '10 Bonn', '20 Aachen', '30 Aalen']);
  const told = await line.next(AbortSignal.timeout(30_000));
  line.close();
  expect(told?.map(({ name }) => name)).toContain('shop');
  const job = await readJob(sales.lead, jobId);
  expect(job.coverage.at(-1)).toMatchObject({ state: 'running', rows: 5 });
  // The hour before it was made is none of its own.
  expect(job.coverage[0]?.windowStart).toBe(hourOf(Date.parse(job.createdAt)).start.toISOString());
});

it('tumbling: each window once its time has come, equal to the batch', async () => {
  const jobId = await approved('per_minute', { kind: 'tumbling', seconds: 60, delay: 0 });
  const minute = "shop, sales, strftime(window_start, '%H:%M')";
  await until(async () => (await rows('live_per_minute', minute)).length === 2);
  await push(sales, salesAt([200], { id: 40, shop: 'b' }));
  await until(async () => (await rows('live_per_minute', minute)).length === 3);
  expect(await rows('live_per_minute', minute)).toEqual(['a 2 10:00', 'a 2 10:02', 'b 1 10:01']);
  expect((await readJob(sales.lead, jobId)).coverage.map(({ state }) => state)).toEqual(['good', 'good', 'good']);
});
