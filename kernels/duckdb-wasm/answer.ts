import { compile, type Compiled } from '#lib/sql/compile.ts';
import type { Code, Done, Inputs, KernelError, KernelEvent } from '#kernels/kernel.ts';
import { EngineDied, type Engine } from './engine.ts';
import { parseEngineError, toKernelError, type Origin } from './error.ts';
import { head, makeExact } from './exact.ts';
import { KernelFailure } from '#kernels/failure.ts';
import { enumLabels } from './labels.ts';
import { mayMultiply, openRows } from './rows.ts';
import { countError, firstWord, isReading, literal, writeError } from './statement.ts';

/*
 * One run in an engine that holds its tables: the text compiled, checked, bound and sent inside a read-only transaction
 * that is rolled back, its rows given as they come. Failures are thrown as KernelFailure, told in people's own text.
 */

/** The text with `{{parameters}}` made bound ones; throws when a value is missing. */
export function compileCode(code: Code, inputs: Inputs): Compiled {
  const compiled = compile(code.source, inputs.parameters);
  if (compiled.ok) return compiled;
  const { name, position } = compiled.error;
  throw new KernelFailure({
    code: 'unknown-parameter',
    message: `There is no value for {{${name}}}.`,
    hint: `Add an input cell named ${name}.`,
    position,
  });
}

/** Throws when the text is not one statement that reads. */
export async function checkStatement(engine: Engine, compiled: Compiled, source: string): Promise<void> {
  const wrong = countError(source);
  if (wrong) throw new KernelFailure(wrong);
  if (isReading(compiled.sql)) return;
  const failure = await parseFailure(engine, compiled, source);
  throw failure ?? new KernelFailure(writeError(compiled.sql));
}

/** What the parser has against the text, if anything. */
async function parseFailure(
  engine: Engine,
  { sql, toSource }: Compiled,
  source: string,
): Promise<KernelFailure | null> {
  try {
    await engine.tableNames(sql);
    return null;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (parseEngineError(message)?.exception_type !== 'Parser') return null;
    return new KernelFailure(toKernelError(message, { source, prefix: '', sql, toSource }));
  }
}

/** Schema, then batches up to the limit; `tables` are the names it may read; returns what `done` says. Leaving early cancels the statement. */
export async function* answer(
  engine: Engine,
  compiled: Compiled,
  source: string,
  tables: string[],
  limit: number,
): AsyncGenerator<KernelEvent, Done> {
  const asOf = new Date().toISOString();
  const clock = new EngineClock();
  let rows = 0;
  let complete = false;
  try {
    const { statement, origin } = await clock.of(prepare(engine, compiled, source));
    const reader = await clock.of(explained(openRows(engine, statement, mayMultiply(compiled.sql, tables)), origin));
    const exact = makeExact(reader.schema, await clock.of(enumLabels(engine, reader.schema, source)));
    yield { type: 'schema', schema: exact.schema };
    while (!complete && rows <= limit) {
      const next = await clock.of(explained(reader.next(), origin));
      complete = next.done === true;
      if (next.done || next.value.numRows === 0) continue;
      if (rows < limit) yield { type: 'batch', batch: head(exact.batch(next.value), limit - rows) };
      rows += next.value.numRows;
    }
  } finally {
    if (!complete) await engine.halt();
    engine.rollback();
  }
  return { type: 'done', rows: Math.min(rows, limit), complete, asOf, took: clock.took };
}

/** In one text with what people wrote, so that it never runs outside of it. */
const begin = 'BEGIN TRANSACTION READ ONLY;\n';
const prepared = `${begin}PREPARE cell AS\n`;

/** Binds the values, where there are any; the statement to send and where its words came from. */
async function prepare(engine: Engine, { sql, values, toSource }: Compiled, source: string) {
  if (values.length === 0) {
    const statement = { sql: begin + sql, again: begin + sql };
    return { statement, origin: { source, prefix: begin, sql, toSource } };
  }
  if (firstWord(sql) === 'EXPLAIN') throw new KernelFailure(noExplain);
  const origin = { source, prefix: prepared, sql, toSource };
  await explained(engine.execute(prepared + sql), origin);
  const execute = `EXECUTE cell(${values.map(literal).join(', ')})`;
  return { statement: { sql: execute, again: begin + execute }, origin };
}

const noExplain: KernelError = {
  code: 'unsupported',
  message: 'DuckDB explains no statement with parameters.',
  hint: 'Write a value in place of each {{parameter}} to see the plan.',
};

/** The promise, its rejection told in people's own text. EngineDied passes through. */
async function explained<T>(promise: Promise<T>, origin: Origin): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof EngineDied || error instanceof KernelFailure) throw error;
    const told = toKernelError(error instanceof Error ? error.message : String(error), origin);
    throw new KernelFailure(told);
  }
}

/** Time spent waiting for the engine, not for whoever reads the rows. */
class EngineClock {
  took = 0;

  async of<T>(promise: Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await promise;
    } finally {
      this.took += performance.now() - start;
    }
  }
}
