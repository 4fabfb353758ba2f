import type { DuckDBConnection } from '@duckdb/node-api';
import type { KernelError } from '#kernels/kernel.ts';
import type { Step } from '#lib/job/spec.ts';
import { compile } from '#lib/sql/compile.ts';
import type { Compiled } from '#lib/sql/compile.ts';
import type { Parameters } from '#lib/sql/parameter.ts';
import { bindValues } from './bind.ts';
import { runCheck } from './check.ts';
import { toFailure } from './failure.ts';
import { identifier, quoted } from './lock.ts';
import type { BuildRequest, CheckFound } from './protocol.ts';
import { failureOf, unknownParameter } from './query.ts';
import { Refusal, demandRead } from './statement.ts';
import { columnsOf } from './write.ts';

/*
 * What a job's steps give, kept in the engine: the steps in order, each under its name for those after it, the constant columns,
 * the checks. The same SQL the notebook ran: judged as a read first, then kept as a table.
 */
export type Answered = { ok: true; checks: CheckFound[] } | { ok: false; error: KernelError };

export type Asked = Pick<BuildRequest, 'steps' | 'parameters' | 'result' | 'stamp' | 'checks'>;

/** Leaves the table `output`. A check that does not pass is no error here. */
export async function answer(
  connection: DuckDBConnection,
  { steps, parameters, result, stamp, checks }: Asked,
  log: (line: string) => void,
): Promise<Answered> {
  for (const step of steps) {
    const error = await keep(connection, step, parameters, log);
    if (error) return { ok: false, error: { ...error, message: `${step.name}: ${error.message}` } };
  }
  await makeOutput(connection, { result, stamp });
  const found: CheckFound[] = [];
  for (const check of checks) found.push(await runCheck(connection, check, parameters));
  for (const each of found) log(`Check ${each.passed ? 'passed' : 'failed'}: ${each.found}`);
  return { ok: true, checks: found };
}

/** Runs a step and keeps its rows as a table of its name. */
export async function keep(
  connection: DuckDBConnection,
  step: Step,
  parameters: Parameters,
  log: (line: string) => void,
): Promise<KernelError | null> {
  const compiled = compile(step.sql, parameters);
  if (!compiled.ok) return unknownParameter(compiled.error);
  try {
    await demandRead(connection, compiled.sql);
    const rows = await materialise(connection, step.name, compiled);
    log(`${step.name}: ${rows.toLocaleString('en')} rows`);
    return null;
  } catch (error) {
    return failureOf(error, compiled);
  }
}

/** Keeps the rows of a text that was judged as a read, and says how many they are. Throws Refusal. */
export async function materialise(connection: DuckDBConnection, name: string, compiled: Compiled): Promise<number> {
  // Our own line goes before the text, so its places are one line further down.
  const sql = `CREATE OR REPLACE TEMP TABLE ${identifier(name)} AS\n${compiled.sql}`;
  try {
    const statements = await connection.extractStatements(sql);
    let rows = 0;
    for (let index = 0; index < statements.count; index++) {
      const prepared = await statements.prepare(index);
      const isLast = index === statements.count - 1;
      if (isLast) bindValues(prepared, compiled.values);
      const result = await prepared.runAndReadAll();
      if (isLast) rows = Number(result.getRows()[0]![0]);
      prepared.destroySync();
    }
    return rows;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new Refusal(
      toFailure(detail, sql, (place) => compiled.toSource({ ...place, line: Math.max(1, place.line - 1) })),
    );
  }
}

export async function makeOutput(
  connection: DuckDBConnection,
  { result, stamp }: Pick<BuildRequest, 'result' | 'stamp'>,
): Promise<void> {
  const last = identifier(result);
  const stamps = Object.entries(stamp);
  const own = stamps.length > 0 ? (await columnsOf(connection, last)).map(({ name }) => name.toLowerCase()) : [];
  const added = stamps
    .filter(([name]) => !own.includes(name.toLowerCase()))
    .map(([name, { type, value }]) => `, CAST(${quoted(value)} AS ${type}) AS ${identifier(name)}`);
  await connection.run(`CREATE OR REPLACE TEMP TABLE output AS SELECT *${added.join('')} FROM ${last}`);
}
