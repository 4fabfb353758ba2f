import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { tableFromIPC, type Table } from 'apache-arrow';
import { blank } from '#lib/sql/compile.ts';

/** The page's own DuckDB in this process, for tests of what its results look like. Nothing is fetched. */
export interface TestDuckDB {
  query(sql: string): Table;
  /** The relations a statement reads. */
  reads(sql: string): string[];
  /** Makes a table of one Arrow IPC stream. */
  insert(name: string, ipc: Uint8Array): void;
}

export async function openDuckDB(): Promise<TestDuckDB> {
  const require = createRequire(import.meta.url);
  const entry = '@duckdb/duckdb-wasm/dist/duckdb-node-blocking.cjs';
  const duckdb = require(entry) as typeof import('@duckdb/duckdb-wasm/blocking');
  const folder = dirname(require.resolve(entry));
  const bundle = { mainModule: `${folder}/duckdb-eh.wasm`, mainWorker: '' };
  const database = await duckdb.createDuckDB({ mvp: bundle, eh: bundle }, new duckdb.VoidLogger(), duckdb.NODE_RUNTIME);
  await database.instantiate();
  database.open({});
  const connection = database.connect();
  connection.query('SET autoload_known_extensions=false; SET autoinstall_known_extensions=false;');
  // Its own tables are of another copy of apache-arrow, which no instance check knows: read its bytes with ours.
  return {
    query: (sql) => tableFromIPC(connection.useUnsafe((bindings, id) => bindings.runQuery(id, sql))),
    reads: (sql) => connection.getTableNames(blank(sql)),
    insert: (name, ipc) => connection.insertArrowFromIPCStream(ipc, { name, create: true }),
  };
}
