import { TrinoKernel } from '#kernels/trino/kernel.ts';
import { ReadyTransactions } from '#kernels/trino/ready.ts';
import { run, type Measured } from './frame.ts';
import { openBench } from './trino.ts';

/*
 * T3: how soon rows of Trino are there. The kernel, with its read-only transaction, its Arrow and its checks, over a bare
 * loop that fetches nextUri and parses each page as JSON. First row and last row, wall milliseconds. `T3-first` is a person's
 * next query, for which the transaction is begun already; `T3-first-anew` one after a minute without any, which begins its own.
 */
const rows = 300_000;
const bench = await openBench(rows);
const ready = new ReadyTransactions();
const next = new TrinoKernel(bench.target, { ready });
const anew = new TrinoKernel(bench.target);
const sql = `SELECT * FROM ${bench.table}`;

async function bare(): Promise<{ first: number; last: number; count: number }> {
  const since = performance.now();
  const headers = {
    'x-trino-user': bench.target.user,
    'x-trino-client-capabilities': 'PARAMETRIC_DATETIME',
    'accept-encoding': 'identity',
  };
  let first = 0;
  let count = 0;
  let reply = await fetch(`${bench.target.url}/v1/statement`, { method: 'POST', body: sql, headers });
  for (;;) {
    const page = JSON.parse(await reply.text()) as { nextUri?: string; data?: unknown[]; error?: { message: string } };
    if (page.error) throw new Error(page.error.message);
    if (page.data && count === 0) first = performance.now() - since;
    count += page.data?.length ?? 0;
    if (!page.nextUri) return { first, last: performance.now() - since, count };
    reply = await fetch(page.nextUri, { headers });
  }
}

async function ours(kernel: TrinoKernel): Promise<{ first: number; last: number; count: number }> {
  const since = performance.now();
  let first = 0;
  let count = 0;
  const inputs = { parameters: {}, relations: {} };
  for await (const event of kernel.run({ name: 'cell', source: sql }, inputs, {
    signal: new AbortController().signal,
  })) {
    if (event.type === 'failed') throw new Error(event.error.message);
    if (event.type !== 'batch') continue;
    if (count === 0) first = performance.now() - since;
    count += event.batch.numRows;
  }
  const last = performance.now() - since;
  await ready.settled(); // or the baseline would run beside it
  return { first, last, count };
}

function costing(what: 'first' | 'last', measure: typeof bare): () => Promise<Measured> {
  return async () => {
    const measured = await measure();
    if (measured.count !== rows) throw new Error(`${measured.count} rows instead of ${rows}.`);
    return { cost: measured[what], detail: measured };
  };
}

const note = `ms; ${rows} rows of lineitem from Trino's memory, over loopback`;
const shape = { rounds: 9, note };
const first = { goal: { atMost: 1.2 }, baseline: costing('first', bare), ...shape };
const last = { goal: { atMost: 1.35 }, baseline: costing('last', bare), ...shape };
const verdicts = [
  await run({ ...first, name: 'T3-first', candidate: costing('first', () => ours(next)) }),
  await run({ ...first, name: 'T3-first-anew', candidate: costing('first', () => ours(anew)) }),
  await run({ ...last, name: 'T3-last', candidate: costing('last', () => ours(next)) }),
];
await Promise.all([next.close(), anew.close(), ready.close()]);
await bench.close();
process.exit(verdicts.every(({ pass }) => pass) ? 0 : 1);
