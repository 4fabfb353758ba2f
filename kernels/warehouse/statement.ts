import { StatementType } from '@duckdb/node-api';
import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api';
import type { KernelError } from '#kernels/kernel.ts';

/*
 * SECURITY 17. Read-only means the engine says so: the text must be exactly one statement, and the engine must call it a
 * SELECT (which FROM, VALUES, DESCRIBE, SHOW and SUMMARIZE are to it). EXPLAIN may hide any statement and EXPLAIN ANALYZE
 * runs it, so what follows the word is judged by itself and the EXPLAIN is put back by us.
 */

export class Refusal extends Error {
  readonly error: KernelError;

  constructor(error: KernelError) {
    super(error.message);
    this.error = error;
  }
}

const explain = /^(?:\s|--[^\n]*(?:\n|$)|\/\*[^]*?\*\/)*explain(?:\s+analyze)?\b/i;

/** The one statement, prepared. Throws Refusal, or the engine's own error. */
export async function prepareRead(connection: DuckDBConnection, sql: string): Promise<DuckDBPreparedStatement> {
  const explained = withoutExplain(sql);
  const inner = await prepareSelect(connection, explained);
  if (explained === sql) return inner;
  inner.destroySync();
  return connection.prepare(sql);
}

const reads = new Set<string>();

/** Throws as prepareRead does. That a text is one statement that reads follows from it alone, and is judged once a process. */
export async function demandRead(connection: DuckDBConnection, sql: string): Promise<void> {
  if (reads.has(sql)) return;
  (await prepareRead(connection, sql)).destroySync();
  reads.add(sql);
}

/** The text with a leading EXPLAIN blanked out, every place kept. */
export function withoutExplain(sql: string): string {
  const prefix = explain.exec(sql)?.[0] ?? '';
  return prefix.replaceAll(/[^\n]/g, ' ') + sql.slice(prefix.length);
}

async function prepareSelect(connection: DuckDBConnection, sql: string): Promise<DuckDBPreparedStatement> {
  const statements = await connection.extractStatements(sql);
  const last = statements.count - 1;
  if (last < 0) throw new Refusal({ code: 'syntax', message: 'There is no statement to run.' });
  if (last > 0 && !isOne(sql)) throw new Refusal(tooMany);
  for (let index = 0; index < last; index++) await makePivotType(await statements.prepare(index));
  const prepared = await statements.prepare(last).catch((error: unknown) => judged(connection, sql, error));
  if (prepared.statementType !== StatementType.SELECT) throw new Refusal(notARead);
  return prepared;
}

/** A statement that writes what is not there is first of all one that writes. */
async function judged(connection: DuckDBConnection, sql: string, error: unknown): Promise<never> {
  const result = await connection.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)', [sql]);
  const isRead = !String(result.getRows()[0]![0]).includes('Only SELECT statements') || /\b(un)?pivot\b/i.test(sql);
  throw isRead ? error : new Refusal(notARead);
}

/**
 * The engine turns one PIVOT without IN into two statements: it makes a type of the values it finds, then selects. Text
 * without any inner semicolon is one statement, whatever the engine makes of it.
 */
function isOne(sql: string): boolean {
  return !sql.trimEnd().replace(/;+$/, '').includes(';');
}

async function makePivotType(prepared: DuckDBPreparedStatement): Promise<void> {
  if (prepared.statementType !== StatementType.CREATE) throw new Refusal(tooMany);
  await prepared.run();
}

const tooMany: KernelError = {
  code: 'refused',
  message: 'A cell runs one statement, and this text has more.',
  hint: 'Put each statement into a cell of its own.',
};

const notARead: KernelError = {
  code: 'refused',
  message: 'Only statements that read are run here: SELECT, FROM, VALUES, DESCRIBE, SUMMARIZE, PIVOT, EXPLAIN.',
  hint: 'Datasets are written by uploads and by jobs; promote the query to keep its result.',
};
