import { open } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { KernelError } from '#kernels/kernel.ts';
import { appendArrow } from './arrow/append.ts';
import { ownWords } from './failure.ts';
import { ndjson } from './load.ts';
import { quoted } from './lock.ts';
import type { ConvertRequest, Format, Reply, Written } from './protocol.ts';
import { Refusal } from './statement.ts';
import { writeParquet } from './write.ts';

/*
 * An uploaded file becomes Parquet, in a child that can reach nothing but the two. What a small file would become when
 * unpacked is asked before it is unpacked (SECURITY 21); whoever started the child watches its memory and the clock.
 */
export async function convert(connection: DuckDBConnection, request: ConvertRequest): Promise<Reply<Written>> {
  try {
    const written = await attempts(connection, request);
    if (written.rows > request.maxRows) throw tooMuch(`${written.rows} rows`);
    return { ok: true, value: { ...written, checks: [], preview: null } };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, error: error.error };
    return { ok: false, error: unreadable(request.format, error) };
  }
}

async function attempts(
  connection: DuckDBConnection,
  request: ConvertRequest,
): Promise<{ rows: number; columns: Written['columns'] }> {
  await refuseBomb(connection, request);
  const [first, ...others] = await sourcesOf(connection, request);
  try {
    return await writeParquet(connection, first!, request.output);
  } catch (error) {
    if (others.length === 0 || !isGuess(error)) throw error;
    return writeParquet(connection, others[0]!, request.output);
  }
}

/** How the file is read; a second way where the first rests on a guess about rows it has not seen. */
async function sourcesOf(connection: DuckDBConnection, { format, input, columns }: ConvertRequest): Promise<string[]> {
  const file = quoted(input);
  if (format === 'ndjson' && columns) return [ndjson(file, columns)];
  switch (format) {
    case 'csv':
      return [`read_csv(${file})`, `read_csv(${file}, sample_size = -1)`];
    case 'ndjson':
      return [
        `read_json(${file}, format = 'newline_delimited')`,
        `read_json(${file}, format = 'newline_delimited', sample_size = -1)`,
      ];
    case 'parquet':
      return [`read_parquet(${file})`];
    case 'arrow':
      await loadArrow(connection, input);
      return ['"arrow"'];
  }
}

async function loadArrow(connection: DuckDBConnection, input: string): Promise<void> {
  const file = await open(input);
  try {
    await appendArrow(connection, 'arrow', file);
  } finally {
    await file.close();
  }
}

function isGuess(error: unknown): boolean {
  return error instanceof Error && /Conversion Error|Invalid Input Error|Could not convert/.test(error.message);
}

async function refuseBomb(
  connection: DuckDBConnection,
  { format, input, maxRows, maxBytes }: ConvertRequest,
): Promise<void> {
  if (format !== 'parquet') return;
  const sums = `SELECT sum(total_uncompressed_size)::DOUBLE, (SELECT sum(num_rows)::DOUBLE FROM parquet_file_metadata(${quoted(input)})) FROM parquet_metadata(${quoted(input)})`;
  const [bytes, rows] = (await connection.runAndReadAll(sums)).getRows()[0] as [number | null, number | null];
  if ((rows ?? 0) > maxRows) throw tooMuch(`${rows} rows`);
  if ((bytes ?? 0) > maxBytes) throw tooMuch(`${bytes} bytes when unpacked`);
}

function tooMuch(what: string): Refusal {
  return new Refusal({ code: 'refused', message: `The file holds ${what}, more than a dataset may have.` });
}

const names: Record<Format, string> = {
  csv: 'CSV',
  ndjson: 'newline-delimited JSON',
  parquet: 'Parquet',
  arrow: 'Arrow',
};

function unreadable(format: Format, error: unknown): KernelError {
  const detail = ownWords(error);
  const first = detail.split('\n')[0]!.replace(/^[A-Za-z ]+ Error: ?/, '');
  return {
    code: 'runtime',
    message: `The file cannot be read as ${names[format]}: ${first || 'it is broken.'}`,
    detail,
  };
}
