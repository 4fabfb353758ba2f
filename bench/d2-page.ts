import { AsyncDuckDB, VoidLogger, type AsyncDuckDBConnection } from '@duckdb/duckdb-wasm';
import { Float64, Int32, Int64, Table, Utf8, tableToIPC, vectorFromArray } from 'apache-arrow';
import { createBrowserKernel } from '#kernels/browser.ts';
import { ownAssets } from '#kernels/duckdb-wasm/engine.ts';
import type { Relation } from '#kernels/kernel.ts';
import { toRows } from '#lib/table/text.ts';

/* The page of D2: the same million rows in our kernel and in a bare DuckDB-WASM of the same build. */

const rows = 1_000_000;
/** What a grid shows before anybody scrolls. */
const visible = 50;

const { signal } = new AbortController();
const kernel = createBrowserKernel();
const ipc = tableToIPC(events(), 'stream');
const relation: Relation = { kind: 'arrow', hash: 'events', complete: true, ipc: () => Promise.resolve(ipc) };
const bare = openBare();

Object.assign(globalThis, {
  prepare: async () => {
    await runOurs('SELECT count(*) FROM events');
    await runBare('SELECT count(*) FROM events');
  },
  ours: (sql: string) => timed(() => runOurs(sql)),
  bare: (sql: string) => timed(() => runBare(sql)),
});

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function runOurs(source: string): Promise<unknown> {
  const inputs = { parameters: {}, relations: { events: relation } };
  const batches = [];
  for await (const event of kernel.run({ name: 'cell', source }, inputs, { signal, limit: rows })) {
    if (event.type === 'batch') batches.push(event.batch);
    if (event.type === 'failed') throw new Error(event.error.message);
  }
  return toRows(batches, visible);
}

async function runBare(source: string): Promise<unknown> {
  return (await bare).query(source);
}

async function openBare(): Promise<AsyncDuckDBConnection> {
  const assets = ownAssets();
  const database = new AsyncDuckDB(new VoidLogger(), new Worker(assets.worker));
  await database.instantiate(assets.wasm, null);
  await database.open({});
  const connection = await database.connect();
  await connection.insertArrowFromIPCStream(ipc.slice(), { name: 'events', create: true });
  return connection;
}

/** Like a shop's: a day, a user, a kind, an amount; from a fixed seed. */
function events(): Table {
  let seed = 42;
  const next = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const kinds = ['view', 'cart', 'purchase', 'return', 'review'];
  const column = <T>(make: (row: number) => T) => Array.from({ length: rows }, (_, row) => make(row));
  return new Table({
    id: vectorFromArray(column(BigInt), new Int64()),
    day: vectorFromArray(
      column((row) => Math.floor((row / rows) * 90)),
      new Int32(),
    ),
    user_id: vectorFromArray(
      column(() => Math.floor(next() * 50_000)),
      new Int32(),
    ),
    kind: vectorFromArray(
      column(() => kinds[Math.floor(next() * next() * kinds.length)]!),
      new Utf8(),
    ),
    amount: vectorFromArray(
      column(() => Math.round(next() * 10_000) / 100),
      new Float64(),
    ),
  });
}
