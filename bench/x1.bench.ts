import { launchBrowser } from '#lib/testing/browser.ts';
import { openHarness } from '#lib/testing/harness.ts';
import { run } from './frame.ts';
import { median } from './verdict.ts';

/*
 * X1: run a TypeScript cell, against a bare warm sandbox that evaluates the same compiled code in a worker that stays.
 * Ours compiles on the way, runs in a fresh worker that was made warm while nothing ran, and shows a value. Cells do what
 * cells do: tens of milliseconds of counting. Between two runs each side rests, as between two presses of a key.
 */

const cells = [
  `const sums = new Map<number, number>();
for (let i = 0; i < 1_500_000; i++) sums.set(i % 1000, (sums.get(i % 1000) ?? 0) + i * 0.5);
[...sums.values()].reduce((a, b) => a + b, 0)`,
  `const words = Array.from({ length: 120_000 }, (_, i) => ({ key: 'k' + (i % 977), n: i }));
const groups = Object.groupBy(words, (word) => word.key);
Object.entries(groups).map(([key, list]) => list!.length * key.length).toSorted((a, b) => a - b).at(-1)`,
  `let primes = 0;
for (let n = 2; n < 60_000; n++) {
  let isPrime = true;
  for (let d = 2; d * d <= n; d++) if (n % d === 0) { isPrime = false; break; }
  if (isPrime) primes++;
}
primes`,
];

type Side = 'ours' | 'bare';
type Page = Record<Side, (source: string) => Promise<number>>;

const harness = await openHarness('bench/x1-page.ts');
const browser = await launchBrowser();
const page = await browser.newPage();
await page.goto(harness.url);
await page.waitForFunction(() => 'ours' in globalThis);

const verdict = await run({
  name: 'X1',
  goal: { atMost: 1.3 },
  baseline: () => measure('bare'),
  candidate: () => measure('ours'),
  note: 'sum over three cells of the median of five runs; wall ms; a rest of 150 ms between runs',
});
await browser.close();
await harness.close();
process.exitCode = verdict.pass ? 0 : 1;

async function measure(side: Side) {
  const times: number[] = [];
  for (const source of cells) times.push(await typical(side, source));
  return { cost: times.reduce((sum, time) => sum + time, 0), detail: { times } };
}

async function typical(side: Side, source: string): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < 5; turn++) {
    times.push(
      await page.evaluate(([side, source]) => (globalThis as unknown as Page)[side](source), [side, source] as const),
    );
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  return median(times);
}
