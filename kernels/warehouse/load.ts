import type { DuckDBConnection } from '@duckdb/node-api';
import { appendArrow } from './arrow/append.ts';
import { identifier, quoted } from './lock.ts';
import type { Loaded } from './protocol.ts';

/** Makes each relation readable under its name, before the engine is locked. Arrow bytes come in the order of relations. */
export async function load(connection: DuckDBConnection, relations: Loaded[], arrow: Uint8Array[]): Promise<void> {
  const bytes = arrow.values();
  for (const relation of relations) {
    if (relation.kind === 'arrow') await appendArrow(connection, relation.name, bytes.next().value!);
    else await connection.run(viewOf(relation));
  }
}

export function filesOf(relations: Loaded[]): string[] {
  return [...new Set(relations.flatMap((relation) => (relation.kind === 'parquet' ? relation.files : [])))];
}

function viewOf({ name, files, columns }: Extract<Loaded, { kind: 'parquet' }>): string {
  if (files.length === 0)
    return `CREATE OR REPLACE VIEW ${identifier(name)} AS SELECT ${emptyColumns(columns)} LIMIT 0`;
  const list = files.map(quoted).join(', ');
  return `CREATE OR REPLACE VIEW ${identifier(name)} AS SELECT * FROM read_parquet([${list}], union_by_name = true, hive_partitioning = false)`;
}

function emptyColumns(columns: { name: string; type: string }[]): string {
  if (columns.length === 0) return 'NULL AS empty';
  return columns.map(({ name, type }) => `CAST(NULL AS ${type}) AS ${identifier(name)}`).join(', ');
}
