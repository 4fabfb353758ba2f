import type { DuckDBConnection } from '@duckdb/node-api';
import { judge, questionOf, unasked } from '#lib/job/check.ts';
import type { Check } from '#lib/job/spec.ts';
import { compile } from '#lib/sql/compile.ts';
import type { Parameters } from '#lib/sql/parameter.ts';
import type { CheckFound } from './protocol.ts';
import { prepareBound } from './query.ts';

/** Tests the table `output`. A check that cannot be asked (a column that is not there) has not passed. */
export async function runCheck(
  connection: DuckDBConnection,
  check: Check,
  parameters: Parameters,
): Promise<CheckFound> {
  try {
    return judge(check, await ask(connection, check, parameters));
  } catch (error) {
    return unasked(check, error);
  }
}

async function ask(connection: DuckDBConnection, check: Check, parameters: Parameters): Promise<number> {
  const question = questionOf(check);
  if (question === null) return rowsOf(connection, check.type === 'sql' ? check.sql : '', parameters);
  const result = await connection.runAndReadAll(question);
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
