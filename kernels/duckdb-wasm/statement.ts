import { statementsOf, tokenize } from '#lib/sql/token.ts';
import type { KernelError } from '#kernels/kernel.ts';

/*
 * What a browser cell may be: one statement that only reads. The first word is a courtesy, for a clear sentence; that
 * nothing is written is the engine's word, since every run is a read-only transaction that is rolled back.
 */

const reading = new Set([
  'SELECT',
  'FROM',
  'WITH',
  'VALUES',
  'TABLE',
  'DESCRIBE',
  'DESC',
  'SHOW',
  'SUMMARIZE',
  'EXPLAIN',
  'PIVOT',
  'PIVOT_WIDER',
  'UNPIVOT',
  'PIVOT_LONGER',
]);

/** The first word in capitals, behind opening parentheses; '' where there is none. */
export function firstWord(sql: string): string {
  const token = tokenize(sql).find(
    (token) =>
      token.kind !== 'space' && token.kind !== 'comment' && !(token.kind === 'operator' && sql[token.from] === '('),
  );
  return token?.kind === 'word' ? sql.slice(token.from, token.to).toUpperCase() : '';
}

export function isReading(sql: string): boolean {
  return reading.has(firstWord(sql));
}

/** Why the text is no single statement; null when it is one. */
export function countError(sql: string): KernelError | null {
  const statements = statementsOf(sql);
  if (statements.length === 1) return null;
  if (statements.length === 0)
    return { code: 'syntax', message: 'There is no SQL in this cell.', hint: 'Write a query, such as SELECT 1.' };
  return {
    code: 'refused',
    message: `A cell runs one statement, and this one has ${statements.length}.`,
    hint: 'Put each statement into a cell of its own.',
  };
}

export function writeError(sql: string): KernelError {
  return {
    code: 'refused',
    message: `${firstWord(sql) || 'This statement'} is not run in the browser: a cell only reads, so that it can be run again.`,
    hint: 'Name this cell and query its result, or drop a file on the page.',
  };
}

/** A value as a literal of EXECUTE, where the prepared statement's own cast gives it its type. */
export function literal(value: number | string | null): string {
  if (value === null) return 'NULL';
  return typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`;
}

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
