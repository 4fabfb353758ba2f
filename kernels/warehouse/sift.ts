import type { DuckDBConnection } from '@duckdb/node-api';
import type { KernelError } from '#kernels/kernel.ts';
import type { Step } from '#lib/job/spec.ts';
import { compile } from '#lib/sql/compile.ts';
import { answer, keep, makeOutput, materialise, type Answered } from './answer.ts';
import { runCheck } from './check.ts';
import { identifier, quoted } from './lock.ts';
import type { BuildRequest, Reply, Sift, Sifted } from './protocol.ts';
import { failureOf, unknownParameter } from './query.ts';
import { readsOf } from './reads.ts';
import { demandRead } from './statement.ts';
import { writeParquet } from './write.ts';

/*
 * Which rows does a query fail for? Each of them is found by itself, so that what comes of the others does not depend on which came
 * together with it. The engine stays open, and the steps run over ever other pieces of the rows: a piece that goes well is
 * done and the next one is twice as long, one that fails is tried a quarter as long. So a few bad rows among many cost some
 * dozens of tries, and where every other row is bad a try or two each (about 1 ms); after `patience` the rest is left for another time.
 */

/** Rows that are held at once while they are judged: their file is not read for each try. */
const held = 50_000;
/** Messages that are handed back beside the file. */
const samples = 16;

const all = 'lodestar_all';
const some = 'lodestar_some';
const left = 'lodestar_left';

/** Whether a failure may be one of single rows; what the text says wrong, or reads that is not there, is wrong for all. */
export function isOfRows(answered: Answered): boolean {
  if (answered.ok) return answered.checks.some(({ passed }) => !passed);
  return rowCodes.includes(answered.error.code);
}

const rowCodes: KernelError['code'][] = ['runtime', 'unsupported', 'memory'];

/** Leaves the table `output` over the rows that go well, and the others in a file. */
export async function sift(
  connection: DuckDBConnection,
  request: BuildRequest,
  asked: Sift,
  log: (line: string) => void,
): Promise<Reply<Sifted>> {
  const { alone, over } = await split(connection, request.steps, asked.relation);
  for (const step of alone) {
    const error = await keep(connection, step, request.parameters, log);
    if (error) return { ok: false, error: { ...error, message: `${step.name}: ${error.message}` } };
  }
  const relation = identifier(asked.relation);
  await connection.run(`ALTER VIEW ${relation} RENAME TO ${all}`);
  const judged = await judge(connection, { ...request, steps: over }, asked);
  if (!judged.ok) return judged;
  await keepLeft(connection, judged.value.bad);
  const { below, good, bad } = judged.value;
  const column = identifier(asked.column);
  await connection.run(
    `CREATE OR REPLACE VIEW ${relation} AS SELECT * FROM ${all} WHERE ${column} >= ${asked.from} AND ${column} < ${below} AND ${column} NOT IN (SELECT number FROM ${left})`,
  );
  const answered = await answer(connection, { ...request, steps: over, checks: [] }, log);
  if (!answered.ok) return answered;
  await connection.run(
    `CREATE TEMP VIEW lodestar_out AS SELECT given.*, ${left}.said AS _error FROM ${all} AS given JOIN ${left} ON given.${column} = ${left}.number ORDER BY ${left}.number`,
  );
  const written = bad.length > 0 ? await writeParquet(connection, 'lodestar_out', asked.output) : null;
  return { ok: true, value: { below, good, left: written && { ...written, first: bad.slice(0, samples) } } };
}

/** The steps that read the rows, through however many others, and those that give the same whatever these are. */
async function split(connection: DuckDBConnection, steps: Step[], relation: string) {
  const holding = new Set([relation.toLowerCase()]);
  const alone: Step[] = [];
  const over: Step[] = [];
  for (const step of steps) {
    const reads = await readsOf(connection, step.sql);
    const holds = reads.some((name) => holding.has(name.toLowerCase()));
    if (holds) holding.add(step.name.toLowerCase());
    (holds ? over : alone).push(step);
  }
  return { alone, over };
}

interface Judged {
  below: number;
  /** A row that went well; null when none did. */
  good: number | null;
  bad: { at: number; message: string }[];
}

async function judge(connection: DuckDBConnection, request: BuildRequest, asked: Sift): Promise<Reply<Judged>> {
  const deadline = performance.now() + asked.patience;
  const found: Judged = { below: asked.from, good: null, bad: [] };
  const column = identifier(asked.column);
  while (found.below < asked.below) {
    const end = Math.min(asked.below, found.below + held);
    await connection.run(
      `CREATE OR REPLACE TABLE ${some} AS SELECT * FROM ${all} WHERE ${column} >= ${found.below} AND ${column} < ${end}`,
    );
    for (let size = end - found.below; found.below < end;) {
      const at = found.below;
      await connection.run(
        `CREATE OR REPLACE VIEW ${identifier(asked.relation)} AS SELECT * FROM ${some} WHERE ${column} >= ${at} AND ${column} < ${at + size}`,
      );
      const error = await faultOf(connection, request);
      if (error && !rowCodes.includes(error.code)) return { ok: false, error };
      if (error && size > 1) size = Math.ceil(size / 4);
      else {
        if (error) found.bad.push({ at, message: error.message });
        else found.good = at + size - 1;
        found.below += size;
        size = Math.min(error ? 1 : size * 2, Math.max(1, end - found.below));
      }
      if (performance.now() > deadline && found.below > asked.from) return { ok: true, value: found };
    }
  }
  return { ok: true, value: found };
}

/** Why the rows that are there now are no answer; null when they are one. */
async function faultOf(connection: DuckDBConnection, request: BuildRequest): Promise<KernelError | null> {
  for (const step of request.steps) {
    const compiled = compile(step.sql, request.parameters);
    if (!compiled.ok) return unknownParameter(compiled.error);
    try {
      await demandRead(connection, compiled.sql);
      await materialise(connection, step.name, compiled);
    } catch (error) {
      const failure = failureOf(error, compiled);
      return { ...failure, message: `${step.name}: ${failure.message}` };
    }
  }
  if (request.checks.length > 0) await makeOutput(connection, request);
  for (const check of request.checks) {
    const { passed, found } = await runCheck(connection, check, request.parameters);
    if (!passed) return { code: 'runtime', message: found };
  }
  return null;
}

async function keepLeft(connection: DuckDBConnection, bad: Judged['bad']): Promise<void> {
  await connection.run(`CREATE TABLE ${left} (number BIGINT, said VARCHAR)`);
  for (let from = 0; from < bad.length; from += 1000) {
    const rows = bad.slice(from, from + 1000).map(({ at, message }) => `(${at}, ${quoted(message.slice(0, 1000))})`);
    await connection.run(`INSERT INTO ${left} VALUES ${rows.join(', ')}`);
  }
}
