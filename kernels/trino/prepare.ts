import { KernelFailure } from '#kernels/failure.ts';
import type { Code, Inputs, Position } from '#kernels/kernel.ts';
import { offsetOf, placeAt } from '#lib/sql/compile.ts';
import { compileTrino, executeImmediate, linesBefore, type CompiledTrino } from '#lib/sql/trino.ts';
import { cutStatement, isQuery, refusalOf, wordsOf, type Statement } from './statement.ts';
import type { Access } from './target.ts';
import { unknownParameter } from './unknown.ts';
import { ctesOf, type Cte } from './with.ts';

/*
 * From what people wrote to what is sent: one statement, allowed, with CTEs before it and its values bound. And the way
 * back: a place the cluster reports, to the place people see.
 */

export interface Prepared {
  /** What is sent. */
  sql: string;
  /** Where a place stands that the cluster reports; its columns count code points. */
  origin(place: Position): Origin;
}

/** A place in the source, or another cell that was read as text; null where it is of our own making. */
export type Origin = { position: Position } | { relation: string } | null;

export interface Preparing extends Completing {
  access: Access;
}

export interface Completing {
  /** Put before the whole, in place of what the text itself explains: `EXPLAIN (TYPE VALIDATE)`. */
  explain?: string;
  signal?: AbortSignal;
}

/** A text that may be sent, before what it reads of other cells. */
export interface Admitted {
  code: Code;
  statement: Statement;
  main: CompiledTrino;
}

/** Throws KernelFailure where the text cannot be sent. */
export async function prepare(code: Code, inputs: Inputs, options: Preparing): Promise<Prepared> {
  return complete(admit(code, inputs, options.access), inputs, options);
}

/** What can be told of a text at once. Throws KernelFailure where it cannot be sent. */
export function admit(code: Code, inputs: Inputs, access: Access): Admitted {
  const cut = cutStatement(code.source);
  if (!cut.ok) throw new KernelFailure(cut.error);
  const { statement } = cut;
  const refusal = access === 'read' ? refusalOf(statement) : null;
  if (refusal) throw new KernelFailure(refusal);
  return { code, statement, main: compileMain(code.source, statement, inputs) };
}

/** Puts before it what it reads of other cells, which takes a while. Rejects with KernelFailure. */
export async function complete(admitted: Admitted, inputs: Inputs, options: Completing): Promise<Prepared> {
  const { code, statement, main } = admitted;
  const ctes = await ctesOf(code.source, inputs.relations, inputs.parameters, options.signal);
  const whole = putBefore(main, ctes, statement);
  return toSend(whole, options.explain ?? statement.explain);
}

/** The statement compiled in its place: all around it is blanked out, so that lines and columns stay. */
function compileMain(source: string, statement: Statement, inputs: Inputs): CompiledTrino {
  const before = source.slice(0, statement.begins).replaceAll(/[^\n]/g, ' ');
  const compiled = compileTrino(before + source.slice(statement.begins, statement.to), inputs.parameters);
  if (compiled.ok) return compiled;
  throw new KernelFailure(unknownParameter(compiled.error.name, null, compiled.error.position));
}

interface Whole {
  sql: string;
  using: string[];
  origin(offset: number): Origin;
}

function putBefore(main: CompiledTrino, ctes: Cte[], statement: Statement): Whole {
  const { at, before, after } = ctes.length === 0 ? { at: 0, before: '', after: '' } : placeFor(main.sql, statement);
  const starts: number[] = [];
  let inserted = before;
  for (const [index, cte] of ctes.entries()) {
    if (index > 0) inserted += ', ';
    starts.push(at + inserted.length);
    inserted += cte.sql;
  }
  inserted += after;
  return {
    sql: main.sql.slice(0, at) + inserted + main.sql.slice(at),
    using: [...ctes.flatMap((cte) => cte.using), ...main.using],
    origin(offset) {
      const isWithin = offset >= at && offset < at + inserted.length;
      const cte = ctes[starts.findLastIndex((start) => start <= offset)];
      if (isWithin) return cte ? { relation: cte.name } : null;
      return { position: main.toSource(placeAt(main.sql, offset < at ? offset : offset - inserted.length)) };
    },
  };
}

/** Where CTEs go in a query: before it, or before the first of its own. */
function placeFor(sql: string, statement: Statement): { at: number; before: string; after: string } {
  if (!isQuery(statement)) throw new KernelFailure(readsNoCells(statement.word));
  if (statement.word !== 'WITH') return { at: statement.begins, before: 'WITH ', after: '\n' };
  const [withWord, next] = wordsOf(sql, { from: statement.begins, to: sql.length });
  const word = next ? sql.slice(next.from, next.to).toUpperCase() : '';
  // RECURSIVE wants the column names of all, which nobody knows here of a cell that is read as its text.
  if (['FUNCTION', 'SESSION', 'RECURSIVE'].includes(word)) throw new KernelFailure(readsNoCells(`WITH ${word}`));
  return { at: withWord!.to, before: ' ', after: ', ' };
}

function readsNoCells(word: string) {
  return {
    code: 'unsupported' as const,
    message: `A text that begins with ${word} reads what is on the cluster, but no other cells.`,
    hint: 'Read the cell in a text that begins with SELECT or WITH.',
  };
}

function toSend(whole: Whole, explain: string): Prepared {
  const isBound = whole.using.length > 0;
  // EXPLAIN ANALYZE runs what it explains and takes no EXECUTE, but may be what is executed.
  const isInside = /^EXPLAIN ANALYZE/i.test(explain) || !isBound;
  const body = isInside && explain !== '' ? `${explain}\n${whole.sql}` : whole.sql;
  const sent = isBound ? executeImmediate(body, whole.using) : body;
  const skipped = (isBound ? linesBefore : 0) + (body === whole.sql ? 0 : 1);
  return {
    sql: isInside || explain === '' ? sent : `${explain} ${sent}`,
    origin(place) {
      const line = place.line - skipped;
      return line < 1 ? null : whole.origin(offsetOf(whole.sql, toUnits(whole.sql, { line, column: place.column })));
    },
  };
}

/** A column in code points as one in UTF-16 units. */
function toUnits(text: string, { line, column }: Position): Position {
  const letters = [...(text.split('\n')[line - 1] ?? '')];
  const before = letters.slice(0, column - 1).join('').length;
  return { line, column: before + 1 };
}
