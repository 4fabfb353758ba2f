import type { DuckDBConnection } from '@duckdb/node-api';
import { answer } from './answer.ts';
import type { BuildRequest, Reply, Written } from './protocol.ts';
import { isOfRows, sift } from './sift.ts';
import { columnsOf, writeParquet } from './write.ts';

/*
 * One window of a job, in the child: its answer, then the file. Where rows are judged one by one (`sift`), those that the query or a
 * check fails for by themselves are left out, in a file of their own.
 */
export async function build(
  connection: DuckDBConnection,
  request: BuildRequest,
  log: (line: string) => void,
): Promise<Reply<Written>> {
  const whole = await answer(connection, request, log);
  const sifted = request.sift && isOfRows(whole) ? await sift(connection, request, request.sift, log) : null;
  if (sifted && !sifted.ok) return sifted;
  if (!sifted && !whole.ok) return whole;
  const written = await writeParquet(connection, 'output', request.output);
  const checks = whole.ok && !sifted ? whole.checks : [];
  const preview = await previewOf(connection, request.preview);
  return { ok: true, value: { ...written, checks, preview, sifted: sifted?.value ?? null } };
}

async function previewOf(connection: DuckDBConnection, rows: number | null): Promise<Written['preview']> {
  if (rows === null) return null;
  const columns = await columnsOf(connection, 'output');
  const result = await connection.runAndReadAll(`SELECT CAST(COLUMNS(*) AS VARCHAR) FROM output LIMIT ${rows + 1}`);
  const all = result.getRows() as (string | null)[][];
  return { columns, rows: all.slice(0, rows), complete: all.length <= rows };
}
