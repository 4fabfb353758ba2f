import type { DuckDBConnection } from '@duckdb/node-api';
import type { Column } from '#kernels/kernel.ts';
import { identifier, quoted } from './lock.ts';

/** Types that Parquet cannot hold whole, and what holds them. HUGEINT would become a DOUBLE without a word. */
const kept: [RegExp, string][] = [
  [/^U?HUGEINT$/, 'DECIMAL(38,0)'],
  [/^(ENUM|BIT|BIGNUM|UNION)\b/, 'VARCHAR'],
];

export async function columnsOf(connection: DuckDBConnection, relation: string): Promise<Column[]> {
  const result = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${relation}`);
  return result.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }));
}

/** By the columns of rows, those of a file of them: that follows from their types, so it is read back once a process. */
const inFiles = new Map<string, Column[]>();

/** Writes the relation's rows, in order, as one Parquet file and describes what is in it. */
export async function writeParquet(
  connection: DuckDBConnection,
  relation: string,
  output: string,
): Promise<{ rows: number; columns: Column[] }> {
  const columns = await columnsOf(connection, relation);
  const selected = columns.map(keptColumn).join(', ');
  const result = await connection.run(
    `COPY (SELECT ${selected} FROM ${relation}) TO ${quoted(output)} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)`,
  );
  const key = JSON.stringify(columns);
  const written = inFiles.get(key) ?? (await columnsOf(connection, `read_parquet(${quoted(output)})`));
  inFiles.set(key, written);
  return { rows: Number(result.rowsChanged), columns: written };
}

function keptColumn({ name, type }: Column): string {
  const instead = kept.find(([pattern]) => pattern.test(type))?.[1];
  return instead ? `CAST(${identifier(name)} AS ${instead}) AS ${identifier(name)}` : identifier(name);
}
