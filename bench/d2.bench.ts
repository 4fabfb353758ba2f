import { launchBrowser } from '#lib/testing/browser.ts';
import { openHarness } from '#lib/testing/harness.ts';
import { rendererCpu } from '#lib/testing/renderer.ts';
import { run } from './frame.ts';

/*
 * D2: run a browser SQL cell to rows in the grid, against a bare `conn.query` of the same DuckDB-WASM. Ours compiles the
 * text, runs it in a read-only transaction, streams the batches and reads the first rows as the grid shows them. The cost
 * of a side is the geometric mean over analytic queries on a million rows of the CPU milliseconds of the page's process
 * (page and engine), each over three runs; wall milliseconds are kept beside it.
 */

const queries = [
  'SELECT count(*), sum(amount), avg(amount) FROM events',
  'SELECT kind, count(*), sum(amount) FROM events GROUP BY kind ORDER BY kind',
  'SELECT day, count(DISTINCT user_id) AS users FROM events GROUP BY day ORDER BY day',
  'SELECT user_id, sum(amount) AS total FROM events GROUP BY user_id ORDER BY total DESC LIMIT 100',
  "SELECT day, sum(amount) FILTER (WHERE kind = 'purchase') / count(DISTINCT user_id) AS arpu FROM events GROUP BY day ORDER BY day",
  'SELECT kind, quantile_cont(amount, 0.5), quantile_cont(amount, 0.95) FROM events GROUP BY kind',
  'SELECT a.kind, count(*) FROM events a JOIN (SELECT DISTINCT user_id FROM events WHERE day < 3) b USING (user_id) GROUP BY a.kind',
  'SELECT *, row_number() OVER (PARTITION BY user_id ORDER BY id) AS nth FROM events QUALIFY nth = 5 LIMIT 1000',
  'SELECT * FROM events WHERE amount > 99 ORDER BY amount DESC LIMIT 10000',
  'SELECT * FROM events WHERE user_id % 10 = 0',
];

interface Page {
  prepare(): Promise<void>;
  ours(sql: string): Promise<number>;
  bare(sql: string): Promise<number>;
}

const harness = await openHarness('bench/d2-page.ts');
const browser = await launchBrowser();
const page = await browser.newPage();
await page.goto(harness.url);
await page.waitForFunction(() => 'prepare' in globalThis);
await page.evaluate(() => (globalThis as unknown as Page).prepare());

const cpu = await rendererCpu(page);
if (!cpu) throw new Error('This system does not tell the CPU time of a process.');

const verdict = await run({
  name: 'D2',
  goal: { atMost: 1.15 },
  baseline: () => measure('bare'),
  candidate: () => measure('ours'),
  note: 'geometric mean over ten queries on 1,000,000 rows; CPU ms of page and engine, sum of three runs each',
});
await browser.close();
await harness.close();
process.exitCode = verdict.pass ? 0 : 1;

async function measure(side: 'ours' | 'bare') {
  const spent: number[] = [];
  const walls: number[] = [];
  for (const sql of queries) {
    const before = await cpu!();
    walls.push(await best(side, sql));
    spent.push((await cpu!()) - before);
  }
  return { cost: geometricMean(spent), detail: { spent, walls, wall: geometricMean(walls) } };
}

function geometricMean(numbers: number[]): number {
  return Math.exp(numbers.reduce((sum, number) => sum + Math.log(number), 0) / numbers.length);
}

async function best(side: 'ours' | 'bare', sql: string): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < 3; turn++)
    times.push(await page.evaluate(([side, sql]) => (globalThis as unknown as Page)[side](sql), [side, sql] as const));
  return Math.min(...times);
}
