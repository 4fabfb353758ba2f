import { z } from 'zod';
import type { KernelError, KernelEvent, Relation } from '#kernels/kernel.ts';
import { Engine } from '#lib/notebook/cell.ts';
import { Parameter, type Parameters } from '#lib/sql/parameter.ts';
import { demand, type Actor } from '#lib/server/access.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { Problem } from '#lib/server/problem.ts';
import { demandDataset } from './dataset.ts';

/*
 * A query of a person over the datasets of a project. What it may read is decided here, by who asks and in which project;
 * the kernel gets exactly that and nothing it could widen.
 */

/** As `{ type, value }`, or plain: a number; text, which is a date or a timestamp where it reads as one. */
export const PlainParameters = z.record(z.string().max(100), z.union([Parameter, z.number(), z.string(), z.null()]));

export const Query = z.object({
  sql: z.string().min(1).max(1_000_000),
  engine: Engine.default('warehouse'),
  parameters: PlainParameters.default({}),
  /** Rows after which the answer is cut and says so. */
  limit: z.number().int().min(1).max(100_000_000).optional(),
});
export type Query = z.infer<typeof Query>;

/** Asked before a large body is read: who may not run a query here brings nothing. */
export async function demandQuery(actor: Actor, projectId: string): Promise<void> {
  await demand(actor, projectId, 'read');
}

/** Runs it; what the SQL does wrong is an event. `tables` are rows the asker brings along, under their names. */
export async function runQuery(
  actor: Actor,
  projectId: string,
  query: Query,
  signal: AbortSignal,
  tables: Record<string, Relation> = {},
): Promise<AsyncIterable<KernelEvent>> {
  await demand(actor, projectId, 'read');
  if (query.engine !== 'warehouse') throw notHere(query.engine);
  const { warehouse } = getLodestar();
  const brought = new Set(Object.keys(tables).map((name) => name.toLowerCase()));
  const names = (await warehouse.kernel.reads(query.sql)).filter((name) => !brought.has(name.toLowerCase()));
  const relations = { ...(await warehouse.relations(projectId, names)), ...tables };
  const options = { signal, person: actor.userId, ...(query.limit ? { limit: query.limit } : {}) };
  return warehouse.kernel.run(
    { name: 'query', source: query.sql },
    { parameters: typed(query.parameters), relations },
    options,
  );
}

/** The rows of a dataset, in the order they were written. */
export async function readRows(
  actor: Actor,
  datasetId: string,
  limit: number | undefined,
  signal: AbortSignal,
): Promise<AsyncIterable<KernelEvent>> {
  const dataset = await demandDataset(actor, datasetId, 'read');
  const query = { sql: `SELECT * FROM "${dataset.name}"`, engine: 'warehouse' as const, parameters: {}, limit };
  return runQuery(actor, dataset.projectId, query, signal);
}

export function typed(parameters: z.infer<typeof PlainParameters>): Parameters {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, typedOne(value)]));
}

function typedOne(value: Parameter | number | string | null): Parameter {
  if (typeof value === 'number') return { type: 'number', value };
  if (value === null) return { type: 'text', value };
  if (typeof value !== 'string') return value;
  const types = ['date', 'timestamp', 'text'] as const;
  const found = types.map((type) => Parameter.safeParse({ type, value })).find((parsed) => parsed.success);
  return found?.data ?? { type: 'text', value };
}

function notHere(engine: Engine): Problem {
  const where = {
    browser: 'in a page',
    typescript: 'in a page',
    trino: 'on a connection, which comes with its own release',
    warehouse: '',
  };
  return new Problem(
    422,
    'unsupported',
    `The ${engine} engine runs ${where[engine]}; over HTTP a query runs on the warehouse.`,
  );
}

/** The stable codes of KernelError as answers to a request. */
const statuses: Partial<Record<KernelError['code'], number>> = { refused: 403, timeout: 504, lost: 503 };

export function toProblem(error: KernelError): Problem {
  const { code, message, ...more } = error;
  return new Problem(statuses[code] ?? 422, code, message, more);
}
