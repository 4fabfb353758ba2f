import type { DuckDBConnection } from '@duckdb/node-api';
import { blank } from '#lib/sql/compile.ts';
import { withoutExplain } from './statement.ts';
import { tablesOf } from './tables.ts';

/** The names a source reads, by DuckDB's own parser; nothing is run. [] when it cannot be parsed. */
export async function readsOf(connection: DuckDBConnection, source: string): Promise<string[]> {
  const sql = withoutExplain(blank(source));
  const result = await connection.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)', [sql]);
  const serialised = String(result.getRows()[0]![0]);
  return serialised.includes('Only SELECT statements') ? named(sql) : tablesOf(serialised);
}

/** PIVOT cannot be serialised and its tables cannot be asked for: what stands where a table stands may be one. */
function named(sql: string): string[] {
  const places = sql.matchAll(
    /\b(?:from|join|pivot|pivot_wider|unpivot|pivot_longer)\b(?=\s*\(?\s*("(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_]*))/giu,
  );
  const names = [...places].map((place) => unquoted(place[1]!));
  return [...new Set(names)].filter((name) => !/^(select|from|values|with|(un)?pivot)$/i.test(name));
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}
