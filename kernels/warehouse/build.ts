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
import type { BuildRequest, CheckFound, Reply, Written } from './protocol.ts';
import { failureOf, unknownParameter } from './query.ts';
import { Refusal, demandRead } from './statement.ts';
import { columnsOf, writeParquet } from './write.ts';

/*
 * One window of a job, in the child: the steps in order, each kept under its name for those after it, the constant
 * columns, the checks, then the file. The same SQL the notebook ran: judged as a read first, then kept as a table.
 */
export async function build(
  connection: DuckDBConnection,
  request: BuildRequest,
  log: (line: string) => void,
): Promise<Reply<Written>> {
  for (const step of request.steps) {
    const error = await keep(connection, step, request.parameters, log);
    if (error) return { ok: false, error: { ...error, message: `${step.name}: ${error.message}` } };
  }
  await makeOutput(connection, request);
  const checks: CheckFound[] = [];
  for (const check of request.checks) checks.push(await runCheck(connection, check, request.parameters));
  for (const { passed, found } of checks) log(`Check ${passed ? 'passed' : 'failed'}: ${found}`);
  const written = await writeParquet(connection, 'output', request.output);
  return { ok: true, value: { ...written, checks, preview: await previewOf(connection, request.preview) } };
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

/** Our own line goes before the text, so its places are one line further down. */
async function materialise(connection: DuckDBConnection, name: string, compiled: Compiled): Promise<number> {
  const sql = `CREATE OR REPLACE TEMP TABLE ${identifier(name)} AS\n${compiled.sql}`;
  try {
    const statements = await connection.extractStatements(sql);
    const last = statements.count - 1;
    for (let index = 0; index < last; index++) await (await statements.prepare(index)).run();
    const prepared = await statements.prepare(last);
    bindValues(prepared, compiled.values);
    const kept = await prepared.runAndReadAll();
    return Number(kept.getRows()[0]![0]);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new Refusal(
      toFailure(detail, sql, (place) => compiled.toSource({ ...place, line: Math.max(1, place.line - 1) })),
    );
  }
}

async function makeOutput(connection: DuckDBConnection, { result, stamp }: BuildRequest): Promise<void> {
  const last = identifier(result);
  const stamps = Object.entries(stamp);
  const own = stamps.length > 0 ? (await columnsOf(connection, last)).map(({ name }) => name.toLowerCase()) : [];
  const added = stamps
    .filter(([name]) => !own.includes(name.toLowerCase()))
    .map(([name, { type, value }]) => `, CAST(${quoted(value)} AS ${type}) AS ${identifier(name)}`);
  await connection.run(`CREATE OR REPLACE TEMP TABLE output AS SELECT *${added.join('')} FROM ${last}`);
}

async function previewOf(connection: DuckDBConnection, rows: number | null): Promise<Written['preview']> {
  if (rows === null) return null;
  const columns = await columnsOf(connection, 'output');
  const result = await connection.runAndReadAll(`SELECT CAST(COLUMNS(*) AS VARCHAR) FROM output LIMIT ${rows + 1}`);
  const all = result.getRows() as (string | null)[][];
  return { columns, rows: all.slice(0, rows), complete: all.length <= rows };
}
