import { Table, Utf8, tableToIPC, vectorFromArray } from 'apache-arrow';
import type { Event } from '#prisma/client/client.ts';
import type { Relation } from '#kernels/kernel.ts';
import type { Lodestar } from '#lib/server/lodestar.ts';
import { createEventsDataset, eventColumns, eventsName } from './events-dataset.ts';
import type { Built, Warehouse } from './warehouse.ts';

/*
 * The workbench's own use as a dataset. Events are stored as rows when they happen; before the dataset is read, those not
 * yet in it are written as a partition whose key is the last event's number. The same number is checked again in the
 * transaction that publishes, so that each event is in the dataset exactly once, however many read at once.
 */

type World = Pick<Lodestar, 'db'>;
type Publishing = Pick<Warehouse, 'build' | 'settle' | 'publish' | 'relations'>;

/** A partition with fewer rows is written again together with what is new, so that partitions stay few. */
const smallPartition = 50_000;
const mostAtOnce = 50_000;

/** How each column is read out of an event; the types are those of the dataset. */
const read: Record<string, (event: NamedEvent) => unknown> = {
  noted_at: (event) => event.at.toISOString().replace('T', ' ').replace('Z', ''),
  kind: (event) => event.kind,
  user_id: (event) => event.userId,
  user_name: (event) => event.userName,
  notebook_id: (event) => event.notebookId,
  cell_id: (event) => event.cellId,
  chart_type: fact('type'),
  cell_type: fact('cellType'),
  took_ms: fact('took'),
  sql_hash: fact('sqlHash'),
};

type NamedEvent = Event & { userName: string | null };

function fact(key: string): (event: NamedEvent) => unknown {
  return (event) => (event.fields as Record<string, unknown>)[key];
}

/** Brings the dataset up to now. */
export async function refreshEvents(world: World, warehouse: Publishing, projectId: string): Promise<void> {
  const { id } = await createEventsDataset(world, projectId);
  for (let more = true; more;) more = await publishNext(world, warehouse, projectId, id);
}

/** Publishes the next events; true when there may be more. */
async function publishNext(
  { db }: World,
  warehouse: Publishing,
  projectId: string,
  datasetId: string,
): Promise<boolean> {
  const last = await db.partition.findFirst({ where: { datasetId }, orderBy: { key: 'desc' } });
  const events = await eventsAfter({ db }, projectId, BigInt(last?.key ?? 0));
  if (events.length === 0) return false;
  const merged = last && last.rows < smallPartition ? last : null;
  const built = await buildPartition(warehouse, projectId, events, merged?.file ?? null);
  const file = await warehouse.settle(built.file);
  const key = String(events.at(-1)!.id).padStart(20, '0');
  await db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM "Dataset" WHERE id = ${datasetId} FOR UPDATE`;
    const now = await tx.partition.findFirst({ where: { datasetId }, orderBy: { key: 'desc' } });
    if (now?.key !== last?.key || now?.file !== last?.file) return;
    if (merged) await tx.partition.delete({ where: { datasetId_key: { datasetId, key: merged.key } } });
    await warehouse.publish(tx, {
      datasetId,
      key,
      file,
      columns: built.columns,
      windowStart: null,
      windowEnd: null,
      runId: null,
    });
  });
  return events.length === mostAtOnce;
}

/** Whether there are any, without holding anybody up. */
export async function hasEventsAfter(db: World['db'], projectId: string, id: bigint): Promise<boolean> {
  return (await db.event.findFirst({ where: { projectId, id: { gt: id } }, select: { id: true } })) !== null;
}

/** The lock waits for inserts under way, whose numbers may be lower than ones already seen. */
export async function eventsAfter({ db }: World, projectId: string, id: bigint): Promise<NamedEvent[]> {
  const events = await db.$transaction(async (tx) => {
    await tx.$executeRaw`LOCK TABLE "Event" IN SHARE MODE`;
    return tx.event.findMany({ where: { projectId, id: { gt: id } }, orderBy: { id: 'asc' }, take: mostAtOnce });
  });
  const ids = [...new Set(events.map((event) => event.userId).filter((each) => each !== null))];
  const users = await db.user.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } });
  const names = new Map(users.map((user) => [user.id, user.name]));
  return events.map((event) => ({ ...event, userName: names.get(event.userId ?? '') ?? null }));
}

async function buildPartition(
  warehouse: Publishing,
  projectId: string,
  events: NamedEvent[],
  before: string | null,
): Promise<Extract<Built, { ok: true }>> {
  const columns = eventColumns.map(({ name, type }) => `CAST("${name}" AS ${type}) AS "${name}"`).join(', ');
  const fresh = `SELECT ${columns} FROM fresh`;
  const relations: Record<string, Relation> = { fresh: toRelation(events) };
  const stored = before === null ? {} : await warehouse.relations(projectId, [eventsName]);
  const kept = lastFileOf(stored[eventsName], before);
  if (kept) relations['kept'] = kept;
  const sql = kept ? `SELECT * FROM kept UNION ALL BY NAME ${fresh}` : fresh;
  const built = await warehouse.build(
    {
      steps: [{ name: 'events', engine: 'warehouse', sql }],
      parameters: {},
      relations,
      checks: [],
      stamp: {},
      log: () => undefined,
    },
    AbortSignal.timeout(120_000),
  );
  if (!built.ok) throw new Error(`The events could not be written: ${built.error.message}`);
  return built;
}

function lastFileOf(relation: Relation | undefined, entry: string | null): Relation | null {
  if (relation?.kind !== 'parquet' || entry === null) return null;
  return { ...relation, files: relation.files.filter((file) => file.endsWith(entry)) };
}

/** An event by the columns of the dataset; what it has not is null. */
export function recordOf(event: NamedEvent): Record<string, unknown> {
  return Object.fromEntries(eventColumns.map(({ name }) => [name, (read[name] ?? fact(name))(event) ?? null]));
}

/** All as text; the query gives the types. */
function toRelation(events: NamedEvent[]): Relation {
  const vectors = eventColumns.map(({ name }) => [name, vectorFromArray(textsOf(events, name), new Utf8())] as const);
  const ipc = tableToIPC(new Table(Object.fromEntries(vectors)), 'stream');
  return { kind: 'arrow', hash: '', complete: true, ipc: () => Promise.resolve(ipc) };
}

function textsOf(events: NamedEvent[], name: string): (string | null)[] {
  const values = events.map(read[name] ?? fact(name));
  return values.map((value) => (value === null || value === undefined ? null : String(value)));
}
