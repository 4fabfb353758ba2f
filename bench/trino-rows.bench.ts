import { ReadyTransactions } from '#kernels/trino/ready.ts';
import { TrinoKernel } from '#kernels/trino/kernel.ts';
import { run, type Measured } from './frame.ts';
import { openBench } from './trino.ts';
import { median } from './verdict.ts';

/*
 * T3: how soon rows of Trino are there. The kernel, with its read-only transaction, its Arrow and its checks, over a bare
 * loop that fetches nextUri and parses each page as JSON. First row and last row, wall milliseconds. `T3-first` is a person's
 * next query, for which the transaction is begun already; `T3-first-anew` one after a minute without any, which begins its
 * own. First rows are there so soon that a single look is mostly what the machine does else: a round takes the median of a few.
 */
const rows = 300_000;
const looks = 7;
const bench = await openBench(rows);
const ready = new ReadyTransactions();
const next = new TrinoKernel(bench.target, { ready });
const anew = new TrinoKernel(bench.target);
const sql = `SELECT * FROM ${bench.table}`;

interface Times {
  first: number;
  last: number;
  count: number;
}

/** `wanted` rows, and the query ended. */
async function bare(wanted: number): Promise<Times> {
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
    const last = performance.now() - since;
    if (!page.nextUri) return { first, last, count };
    if (count >= wanted && wanted < rows) {
      await fetch(page.nextUri, { method: 'DELETE', headers });
      return { first, last, count: wanted };
    }
    reply = await fetch(page.nextUri, { headers });
  }
}

async function ours(kernel: TrinoKernel, wanted: number): Promise<Times> {
  const since = performance.now();
  let first = 0;
  let last = 0;
  let count = 0;
  const inputs = { parameters: {}, relations: {} };
  const options = { signal: new AbortController().signal, ...(wanted < rows ? { limit: wanted } : {}) };
  for await (const event of kernel.run({ name: 'cell', source: sql }, inputs, options)) {
    if (event.type === 'failed') throw new Error(event.error.message);
    if (event.type !== 'batch') continue;
    if (count === 0) first = performance.now() - since;
    last = performance.now() - since;
    count += event.batch.numRows;
  }
  await ready.settled(); // or the baseline would run beside it
  return { first, last, count };
}

type Look = (wanted: number) => Promise<Times>;

function toFirst(look: Look): () => Promise<Measured> {
  return async () => {
    const firsts: number[] = [];
    while (firsts.length < looks) firsts.push((await look(1)).first);
    return { cost: median(firsts), detail: { firsts } };
  };
}

function toLast(look: Look): () => Promise<Measured> {
  return async () => {
    const times = await look(rows);
    if (times.count !== rows) throw new Error(`${times.count} rows instead of ${rows}.`);
    return { cost: times.last, detail: { ...times } };
  };
}

const note = `ms; ${rows} rows of lineitem from Trino's memory, over loopback`;
const ofNext: Look = (wanted) => ours(next, wanted);
const ofAnew: Look = (wanted) => ours(anew, wanted);
const first = { goal: { atMost: 1.2 }, baseline: toFirst(bare), rounds: 9, note: `${note}; median of ${looks}` };
const last = { goal: { atMost: 1.35 }, baseline: toLast(bare), rounds: 9, note };
const verdicts = [
  await run({ ...first, name: 'T3-first', candidate: toFirst(ofNext) }),
  await run({ ...first, name: 'T3-first-anew', candidate: toFirst(ofAnew) }),
  await run({ ...last, name: 'T3-last', candidate: toLast(ofNext) }),
];
await Promise.all([next.close(), anew.close(), ready.close()]);
await bench.close();
process.exit(verdicts.every(({ pass }) => pass) ? 0 : 1);
