import { z } from 'zod';
import type { KernelEvent, Relation } from '#kernels/kernel.ts';
import { qualified } from '#lib/connection/name.ts';
import { Place } from '#lib/job/spec.ts';
import { Engine } from '#lib/notebook/cell.ts';
import { demand, type Actor } from '#lib/server/access.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { Problem, notFound } from '#lib/server/problem.ts';
import { demandConnection } from './connection-row.ts';
import { demandDataset } from './dataset.ts';
import { placedTexts, withPlaced, without } from './placed.ts';
import { PlainParameters, QueryTexts, textRelations, typed } from './query-input.ts';

/*
 * A query of a person over the datasets of a project, or on one of its connections. What it may read is decided here, by who
 * asks and in which project; the kernel gets exactly that and nothing it could widen.
 */

/** A notebook's or cell's id, which goes to the cluster as it is. */
const Id = z.string().regex(/^[\w-]{1,64}$/);

export const Query = z.object({
  sql: z.string().min(1).max(1_000_000),
  engine: Engine.default('warehouse'),
  /** The id of a connection of the project, for engine `trino`. */
  connection: z.string().max(100).optional(),
  parameters: PlainParameters.default({}),
  queries: QueryTexts,
  /** Rows after which the answer is cut and says so. */
  limit: z.number().int().min(1).max(100_000_000).optional(),
  /** On a cluster: runs though an answer to the same was kept. */
  fresh: z.boolean().default(false),
  /** Where it was asked: the cluster's own list of queries names them. */
  notebook: Id.optional(),
  cell: Id.optional(),
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
  if (query.engine === 'trino') return onCluster(actor, projectId, query, signal, tables);
  if (query.engine !== 'warehouse') throw notHere(query.engine);
  return onWarehouse(actor, projectId, query, signal, tables);
}

/** The rows of a dataset: in the order they were written, or as its table on a cluster gives them to the asker. */
export async function readRows(
  actor: Actor,
  datasetId: string,
  limit: number | undefined,
  signal: AbortSignal,
): Promise<AsyncIterable<KernelEvent>> {
  const { projectId, name, place } = await demandDataset(actor, datasetId, 'read');
  const at = place ? Place.parse(place) : null;
  const table = at ? qualified(at.catalog, at.schema, (place as { table?: string }).table ?? name) : `"${name}"`;
  const where = at ? { engine: 'trino', connection: at.connection } : { engine: 'warehouse' };
  // A job may have written since an answer was kept.
  const query = Query.parse({ sql: `SELECT * FROM ${table}`, ...where, limit, fresh: true });
  return runQuery(actor, projectId, query, signal);
}

/** A few rows of a cluster's table, in no order. */
export async function readSample(
  actor: Actor,
  connectionId: string,
  place: { catalog: string; schema: string; table: string },
  fresh: boolean,
  signal: AbortSignal,
): Promise<AsyncIterable<KernelEvent>> {
  const { row } = await demandConnection(actor, connectionId, 'read');
  const sql = `SELECT * FROM ${qualified(place.catalog, place.schema, place.table)} LIMIT ${sampleRows}`;
  return runQuery(
    actor,
    row.projectId,
    Query.parse({ sql, engine: 'trino', connection: connectionId, fresh, limit: sampleRows }),
    signal,
  );
}

const sampleRows = 20;

async function onWarehouse(
  actor: Actor,
  projectId: string,
  query: Query,
  signal: AbortSignal,
  tables: Record<string, Relation>,
): Promise<AsyncIterable<KernelEvent>> {
  const { warehouse } = getLodestar();
  const names = without(await warehouse.kernel.reads(query.sql), tables);
  const own = { ...(await warehouse.relations(projectId, names)), ...tables };
  const options = { signal, person: actor.userId, ...(query.limit ? { limit: query.limit } : {}) };
  const code = { name: 'query', source: query.sql };
  const parameters = typed(query.parameters);
  return withPlaced(actor, projectId, names, signal, (placed) =>
    warehouse.kernel.run(code, { parameters, relations: { ...placed, ...own } }, options),
  );
}

async function onCluster(
  actor: Actor,
  projectId: string,
  query: Query,
  signal: AbortSignal,
  tables: Record<string, Relation>,
): Promise<AsyncIterable<KernelEvent>> {
  if (!query.connection)
    throw new Problem(422, 'connection-needed', 'A query for Trino names the connection it runs on.');
  const { row } = await demandConnection(actor, query.connection, 'read');
  if (row.projectId !== projectId) throw notFound('connection');
  const about = { kind: 'notebook', notebook: query.notebook, cell: query.cell } as const;
  const kernel = await getLodestar().connections.kernel(actor, row, about, { fresh: query.fresh });
  const texts = [query.sql, ...Object.values(query.queries)];
  const brought = { ...textRelations(query.queries), ...tables };
  const placed = await placedTexts(projectId, query.connection, texts);
  const names = new Set(without(Object.keys(placed), brought));
  const found = Object.entries(placed).filter(([name]) => names.has(name));
  const relations = { ...Object.fromEntries(found), ...brought };
  const options = { signal, ...(query.limit ? { limit: query.limit } : {}) };
  return kernel.run({ name: 'query', source: query.sql }, { parameters: typed(query.parameters), relations }, options);
}

function notHere(engine: Engine): Problem {
  const detail = `The ${engine} engine runs in a page; over HTTP a query runs on the warehouse or on Trino.`;
  return new Problem(422, 'unsupported', detail);
}
