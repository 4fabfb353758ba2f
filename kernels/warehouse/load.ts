import type { DuckDBConnection } from '@duckdb/node-api';
import type { Bounds, Column } from '#kernels/kernel.ts';
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

/** Gives relations that came with bounds other ones, or theirs again; after the lock as well, as their files are the same. */
export async function rebound(
  connection: DuckDBConnection,
  relations: Loaded[],
  bounds: Record<string, Bounds>,
): Promise<void> {
  for (const relation of relations) {
    if (relation.kind !== 'parquet' || !relation.bounds) continue;
    await connection.run(viewOf({ ...relation, bounds: bounds[relation.name] ?? relation.bounds }));
  }
}

export function filesOf(relations: Loaded[]): string[] {
  const files = (relation: Loaded) =>
    relation.kind === 'parquet' ? [...relation.files, ...(relation.lines ?? [])] : [];
  return [...new Set(relations.flatMap(files))];
}

type Files = Extract<Loaded, { kind: 'parquet' }>;

function viewOf(relation: Files): string {
  const rows = relation.lines || relation.bounds ? boundedRows(relation) : rowsOf(relation);
  return `CREATE OR REPLACE VIEW ${identifier(relation.name)} AS ${rows}`;
}

function rowsOf({ files, columns }: Files): string {
  if (files.length === 0) return `SELECT ${emptyColumns(columns)} LIMIT 0`;
  return `SELECT * FROM ${parquet(files)}`;
}

/** Without a row, `columns` say the order and type of each column, also of one that no Parquet file has; lines have them all. */
function boundedRows({ files, lines = [], bounds, columns }: Files): string {
  const sources = [
    ...(files.length > 0 || lines.length === 0 ? [`SELECT ${emptyColumns(columns)} WHERE false`] : []),
    ...(files.length > 0 ? [`SELECT * FROM ${parquet(files)}`] : []),
    ...(lines.length > 0 ? [`SELECT * FROM ${ndjson(list(lines), columns)}`] : []),
  ];
  const named = columns.map(({ name }) => identifier(name)).join(', ') || '*';
  return `SELECT ${named} FROM (${sources.join(' UNION ALL BY NAME ')})${bounds ? ` WHERE ${within(bounds)}` : ''}`;
}

function within({ column, from, below }: Bounds): string {
  const lower = from === undefined ? '' : `${identifier(column)} >= ${from} AND `;
  return `${lower}${identifier(column)} < ${below}`;
}

function parquet(files: string[]): string {
  return `read_parquet(${list(files)}, union_by_name = true, hive_partitioning = false)`;
}

/** `file`: in SQL. */
export function ndjson(file: string, columns: Column[]): string {
  const types = columns.map(({ name, type }) => `${identifier(name)}: ${quoted(type)}`).join(', ');
  return `read_json(${file}, format = 'newline_delimited', records = true, columns = {${types}})`;
}

function list(files: string[]): string {
  return `[${files.map(quoted).join(', ')}]`;
}

function emptyColumns(columns: Column[]): string {
  if (columns.length === 0) return 'NULL AS empty';
  return columns.map(({ name, type }) => `CAST(NULL AS ${type}) AS ${identifier(name)}`).join(', ');
}
