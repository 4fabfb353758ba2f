import type { DuckDBConnection, DuckDBPreparedStatement, DuckDBResult } from '@duckdb/node-api';
import type { Done, KernelError, KernelEvent } from '#kernels/kernel.ts';
import { compile } from '#lib/sql/compile.ts';
import type { Compiled } from '#lib/sql/compile.ts';
import type { Parameters } from '#lib/sql/parameter.ts';
import { BatchBuilder } from './arrow/batch.ts';
import { bindValues } from './bind.ts';
import { toFailure } from './failure.ts';
import { Refusal, prepareRead } from './statement.ts';

/** A batch is sent when it has so many rows or bytes; the first goes at once, so that people see something. */
const batchRows = 61_440;
const batchBytes = 4 << 20;

export interface Query {
  source: string;
  parameters: Parameters;
  limit: number | null;
}

/** Runs one statement that reads, in the child. Yields the kernel's events; never throws for what the SQL did. */
export async function* runQuery(connection: DuckDBConnection, query: Query): AsyncGenerator<KernelEvent> {
  const compiled = compile(query.source, query.parameters);
  if (!compiled.ok) return yield { type: 'failed', error: unknownParameter(compiled.error) };
  try {
    yield* rowsOf(connection, compiled, query.limit);
  } catch (error) {
    yield { type: 'failed', error: failureOf(error, compiled) };
  }
}

async function* rowsOf(
  connection: DuckDBConnection,
  compiled: Compiled,
  limit: number | null,
): AsyncGenerator<KernelEvent> {
  const started = performance.now();
  const asOf = new Date().toISOString();
  const prepared = await prepareBound(connection, compiled);
  const result = await prepared.stream();
  const builder = new BatchBuilder(columnNames(result), result.columnTypes());
  yield { type: 'schema', schema: builder.schema };
  const ended = yield* batchesOf(result, builder, limit);
  yield { type: 'done', ...ended, asOf, took: performance.now() - started };
}

export async function prepareBound(connection: DuckDBConnection, compiled: Compiled): Promise<DuckDBPreparedStatement> {
  const prepared = await prepareRead(connection, compiled.sql);
  bindValues(prepared, compiled.values);
  return prepared;
}

async function* batchesOf(
  result: DuckDBResult,
  builder: BatchBuilder,
  limit: number | null,
): AsyncGenerator<KernelEvent, Pick<Done, 'rows' | 'complete'>> {
  let rows = 0;
  let sent = 0;
  let complete = true;
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    const count = Math.min(chunk.rowCount, (limit ?? Infinity) - rows);
    if (count > 0) builder.append(chunk, count);
    rows += count;
    complete = count === chunk.rowCount;
    if (!complete) break;
    if (sent++ === 0 || builder.length >= batchRows || builder.bytes() >= batchBytes) {
      yield { type: 'batch', batch: builder.take() };
    }
  }
  if (builder.length > 0) yield { type: 'batch', batch: builder.take() };
  return { rows, complete };
}

/** A second column of one name is called `name_1`, as DuckDB does where it makes a table of a query. */
export function columnNames(result: DuckDBResult): string[] {
  const seen = new Set<string>();
  return result.columnNames().map((name) => {
    let free = name;
    for (let next = 1; seen.has(free.toLowerCase()); next++) free = `${name}_${next}`;
    seen.add(free.toLowerCase());
    return free;
  });
}

export function failureOf(error: unknown, compiled: Compiled): KernelError {
  if (error instanceof Refusal) return error.error;
  const detail = error instanceof Error ? error.message : String(error);
  return toFailure(detail, compiled.sql, compiled.toSource);
}

export function unknownParameter(error: {
  name: string;
  position: { line: number; column: number; length?: number };
}): KernelError {
  return {
    code: 'unknown-parameter',
    message: `There is no value for {{${error.name}}}.`,
    hint: `Add an input cell named ${error.name}, or pass it in parameters.`,
    position: error.position,
  };
}
