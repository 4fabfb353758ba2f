import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';

/** DuckDB in memory, as yet unlocked: load what a request reads, then lock it, then run. */
export interface OpenEngine {
  connection: DuckDBConnection;
  close(): void;
}

export async function openEngine(): Promise<OpenEngine> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const close = () => {
    connection.closeSync();
    instance.closeSync();
  };
  return { connection, close };
}
