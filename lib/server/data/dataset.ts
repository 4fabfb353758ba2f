import { z } from 'zod';
import { Prisma } from '#prisma/client/client.ts';
import type { Dataset } from '#prisma/client/client.ts';
import { CellName } from '#lib/notebook/cell.ts';
import { newId } from '#lib/notebook/id.ts';
import { demand, type Actor, type Right } from '#lib/server/access.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { conflict, notFound } from '#lib/server/problem.ts';
import { DatasetPlace, placeWords } from '#lib/server/warehouse/placed.ts';
import { createEventsDataset, eventsName } from '#lib/server/warehouse/events-dataset.ts';
import { standing } from '#lib/server/warehouse/standing.ts';
import type { Upload } from '#lib/server/warehouse/upload.ts';
import { namesakes, streamNamed } from './namesake.ts';
import { cut, firstSlice, window, type Slice, type Sliced } from './slice.ts';
import { writerOf, writersOf, type Writer } from './writer.ts';

/** A name SQL can use without quotes, mostly: `user` and the like stand after FROM as they are. */
export const DatasetName = CellName;
export const DatasetKind = z.enum(['upload', 'sample', 'job', 'events']);

export const DatasetView = z.object({
  id: z.string(),
  projectId: z.string(),
  name: z.string(),
  kind: DatasetKind,
  description: z.string(),
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  rows: z.number().int(),
  bytes: z.number().int(),
  partitions: z.number().int(),
  version: z.number().int(),
  /** The job that writes it: its output, or the events that are in no answer of it. */
  jobId: z.string().nullable(),
  /** The table of a cluster that holds the rows; null when they are in the warehouse. */
  place: z.object({ connection: z.object({ id: z.string(), name: z.string() }), table: z.string() }).nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type DatasetView = z.infer<typeof DatasetView>;

const withFiles = { partitions: { select: { rows: true, bytes: true } } } as const;
type Row = Prisma.DatasetGetPayload<{ include: typeof withFiles }>;

/** The project's datasets by name, the workbench's own events among them. */
export async function listDatasets(
  actor: Actor,
  projectId: string,
  slice: Slice = firstSlice,
): Promise<Sliced<DatasetView>> {
  await demand(actor, projectId, 'read');
  const { db } = getLodestar();
  await createEventsDataset({ db }, projectId);
  const rows = await db.dataset.findMany({
    where: { projectId },
    include: withFiles,
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    ...window(slice),
  });
  const around = await aroundOf(rows);
  return cut(rows, slice, (row) => toView(row, around));
}

export async function readDataset(actor: Actor, id: string): Promise<DatasetView> {
  const row = await demandDataset(actor, id, 'read');
  return toView(row, await aroundOf([row]));
}

export async function describeDataset(actor: Actor, id: string, description: string): Promise<DatasetView> {
  await demandDataset(actor, id, 'edit');
  await getLodestar().db.dataset.update({ where: { id }, data: { description } });
  return readDataset(actor, id);
}

/** Takes the dataset away; its files go when no query can be reading them any more. */
export async function deleteDataset(actor: Actor, id: string): Promise<void> {
  const row = await demandDataset(actor, id, 'edit');
  const writer = await writerOf(getLodestar().db, id);
  if (writer) throw conflict('written-by-job', writtenByJob(row, writer));
  if (row.kind === 'events')
    throw conflict('kept-by-lodestar', `${row.name} is kept by Lodestar and cannot be deleted.`);
  await getLodestar().db.dataset.delete({ where: { id } });
}

function writtenByJob({ name, place }: Row, job: Writer): string {
  const words = `${name} is written by the job ${job.name}. Delete the job first.`;
  return place ? `${words} Its table ${placeWords(DatasetPlace.parse(place))} stays on the cluster either way.` : words;
}

/** Makes the file the dataset of that name, replacing what an earlier upload left there; readers see the old or the new. */
export async function putDataset(
  actor: Actor,
  projectId: string,
  name: string,
  upload: Omit<Upload, 'person'>,
): Promise<DatasetView> {
  await demand(actor, projectId, 'edit');
  await demandFree(projectId, name);
  const warehouse = standing();
  const { file, columns } = await warehouse.receive({ ...upload, person: actor.userId });
  const settled = await warehouse.settle(file);
  const { db, now } = getLodestar();
  await demand(actor, projectId, 'edit');
  const id = await db.$transaction(async (tx) => {
    const dataset = await tx.dataset.upsert({
      where: { projectId_name: { projectId, name } },
      create: { id: newId(), projectId, name, kind: 'upload', createdBy: actor.userId, createdAt: now() },
      update: { kind: 'upload', place: Prisma.DbNull },
    });
    if (await writerOf(tx, dataset.id)) throw taken(name, 'the output of a job');
    if (await streamNamed(tx, projectId, name)) throw taken(name, 'a stream');
    await tx.partition.deleteMany({ where: { datasetId: dataset.id } });
    const place = { key: 'all', windowStart: null, windowEnd: null, runId: null };
    await warehouse.publish(tx, { datasetId: dataset.id, file: settled, columns, ...place });
    return dataset.id;
  });
  return readDataset(actor, id);
}

/** Names differ by more than upper and lower case, because SQL does not see that. */
async function demandFree(projectId: string, name: string): Promise<void> {
  if (name.toLowerCase() === eventsName) throw taken(name, 'kept by Lodestar');
  const [found] = await namesakes(getLodestar().db, projectId, name);
  if (await streamNamed(getLodestar().db, projectId, name)) throw taken(name, 'a stream');
  if (found && (await writerOf(getLodestar().db, found.id))) throw taken(name, 'the output of a job');
  if (found && found.name !== name)
    throw conflict('name-taken', `There is a dataset ${found.name} already; SQL cannot tell ${name} from it.`);
}

function taken(name: string, why: string) {
  return conflict('name-taken', `${name} is ${why}. Choose another name.`);
}

/** The dataset's row, or a refusal. */
export async function demandDataset(actor: Actor, id: string, right: Right): Promise<Row> {
  const row = await getLodestar().db.dataset.findUnique({ where: { id }, include: withFiles });
  if (!row) throw notFound('dataset');
  await demandIn(actor, row, right);
  return row;
}

async function demandIn(actor: Actor, { projectId }: Dataset, right: Right): Promise<void> {
  try {
    await demand(actor, projectId, right);
  } catch (error) {
    throw (error as { status?: number }).status === 404 ? notFound('dataset') : error;
  }
}

/** What is said of a dataset beside its own row. */
interface Around {
  connections: ReadonlyMap<string, string>;
  writers: ReadonlyMap<string, Writer>;
}

async function aroundOf(rows: Row[]): Promise<Around> {
  const ids = rows.map(({ id }) => id);
  return { connections: await connectionNames(rows), writers: await writersOf(getLodestar().db, ids) };
}

async function connectionNames(rows: Row[]): Promise<Around['connections']> {
  const ids = rows.flatMap(({ place }) => (place ? [DatasetPlace.parse(place).connection] : []));
  if (ids.length === 0) return new Map();
  const found = await getLodestar().db.connection.findMany({ where: { id: { in: ids } } });
  return new Map(found.map(({ id, name }) => [id, name]));
}

function placeView(row: Row, { connections }: Around): DatasetView['place'] {
  if (!row.place) return null;
  const place = DatasetPlace.parse(row.place);
  const name = connections.get(place.connection) ?? 'a connection that is gone';
  return { connection: { id: place.connection, name }, table: placeWords(place) };
}

function toView(row: Row, around: Around): DatasetView {
  const sum = (key: 'rows' | 'bytes') => row.partitions.reduce((total, partition) => total + Number(partition[key]), 0);
  return {
    id: row.id,
    projectId: row.projectId,
    name: row.name,
    kind: row.kind as DatasetView['kind'],
    description: row.description,
    columns: row.columns as unknown as DatasetView['columns'],
    rows: sum('rows'),
    bytes: sum('bytes'),
    partitions: row.partitions.length,
    version: row.version,
    jobId: around.writers.get(row.id)?.id ?? null,
    place: placeView(row, around),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
