import type { DuckDBConnection } from '@duckdb/node-api';
import type { Check } from '#lib/job/spec.ts';
import { compile } from '#lib/sql/compile.ts';
import type { Parameters } from '#lib/sql/parameter.ts';
import { identifier } from './lock.ts';
import type { CheckFound } from './protocol.ts';
import { prepareBound } from './query.ts';

/** Tests the table `output`. A check that cannot be asked (a column that is not there) has not passed. */
export async function runCheck(
  connection: DuckDBConnection,
  check: Check,
  parameters: Parameters,
): Promise<CheckFound> {
  try {
    return await judge(connection, check, parameters);
  } catch (error) {
    const found = error instanceof Error ? error.message.split('\n')[0]! : String(error);
    return { check, passed: false, found };
  }
}

async function judge(connection: DuckDBConnection, check: Check, parameters: Parameters): Promise<CheckFound> {
  switch (check.type) {
    case 'not-null':
      return none(check, await count(connection, `${identifier(check.column)} IS NULL`), `without ${check.column}`);
    case 'unique':
      return none(check, await doubles(connection, check.columns), `more than once by ${check.columns.join(', ')}`);
    case 'rows':
      return within(check, await count(connection, 'true'));
    case 'range':
      return none(check, await count(connection, outside(check)), `with ${check.column} out of range`);
    case 'sql':
      return none(check, await rowsOf(connection, check.sql, parameters), `returned by “${check.name}”`);
  }
}

function none(check: Check, rows: number, what: string): CheckFound {
  const found = rows === 0 ? `no row ${what}` : `${rows} ${rows === 1 ? 'row' : 'rows'} ${what}`;
  return { check, passed: rows === 0, found };
}

function within(check: Extract<Check, { type: 'rows' }>, rows: number): CheckFound {
  const passed = rows >= (check.min ?? 0) && rows <= (check.max ?? Infinity);
  return { check, passed, found: `${rows} ${rows === 1 ? 'row' : 'rows'}` };
}

function outside({ column, min, max }: Extract<Check, { type: 'range' }>): string {
  const sides = [min === undefined ? null : `< ${min}`, max === undefined ? null : `> ${max}`];
  const conditions = sides.filter((side) => side !== null).map((side) => `${identifier(column)} ${side}`);
  return conditions.length > 0 ? `(${conditions.join(' OR ')})` : 'false';
}

async function count(connection: DuckDBConnection, condition: string): Promise<number> {
  return number(connection, `SELECT count(*) FROM output WHERE ${condition}`);
}

async function doubles(connection: DuckDBConnection, columns: string[]): Promise<number> {
  const by = columns.map(identifier).join(', ');
  return number(connection, `SELECT count(*) FROM (SELECT 1 FROM output GROUP BY ${by} HAVING count(*) > 1)`);
}

async function number(connection: DuckDBConnection, sql: string): Promise<number> {
  const result = await connection.runAndReadAll(sql);
  return Number(result.getRows()[0]![0]);
}

async function rowsOf(connection: DuckDBConnection, sql: string, parameters: Parameters): Promise<number> {
  const compiled = compile(sql, parameters);
  if (!compiled.ok) throw new Error(`There is no value for {{${compiled.error.name}}}.`);
  const result = await (await prepareBound(connection, compiled)).stream();
  let rows = 0;
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    rows += chunk.rowCount;
  }
  return rows;
}
