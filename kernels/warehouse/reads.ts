import type { DuckDBConnection } from '@duckdb/node-api';
import { blank } from '#lib/sql/compile.ts';
import { tablesOf } from './tables.ts';

/** The names a source reads, by DuckDB's own parser; nothing is run. [] when it cannot be parsed. */
export async function readsOf(connection: DuckDBConnection, source: string): Promise<string[]> {
  const sql = blank(source);
  const result = await connection.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)', [sql]);
  const names = tablesOf(String(result.getRows()[0]![0]));
  return names.length > 0 ? names : unordered(connection, sql);
}

/** PIVOT and EXPLAIN cannot be serialised; the engine still names their tables, where it knows enough of them. */
function unordered(connection: DuckDBConnection, sql: string): string[] {
  try {
    return [...connection.getTableNames(sql, false)];
  } catch (error) {
    if (error instanceof Error) return [];
    throw error;
  }
}
