import { z } from 'zod';
import type { Segment, Stream } from '#prisma/client/client.ts';
import { Person } from '#lib/job/view.ts';
import { newId } from '#lib/notebook/id.ts';
import { SourceChange, SourceView, StreamSource } from '#lib/stream/source.ts';
import { Retention, StreamSettings, StreamSpec } from '#lib/stream/spec.ts';
import { demand, type Actor } from '#lib/server/access.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { Problem, badRequest, conflict } from '#lib/server/problem.ts';
import type { Live } from '#lib/server/streams/streams.ts';
import { eventsName } from '#lib/server/warehouse/events-dataset.ts';
import { namesakes, streamNamed } from './namesake.ts';
import { nameOf, namesOf } from './person.ts';
import { cut, firstSlice, window, type Slice, type Sliced } from './slice.ts';
import { demandStream } from './stream-row.ts';
import { changedSource, sourceOf } from './stream-source.ts';

/** Streams as people see them: what they are, how much is in them, how fast events come and how late they are. */

export const StreamView = z.object({
  id: z.string(),
  projectId: z.string(),
  name: z.string(),
  description: z.string(),
  eventTime: z.string(),
  key: z.array(z.string()),
  retention: Retention,
  deduplication: z.number(),
  idle: z.number(),
  ahead: z.number(),
  /** Empty until the first events; those that Lodestar adds are not among them. */
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  /** Events that are kept, and the bytes they take on disk. */
  events: z.number().int(),
  bytes: z.number().int(),
  segments: z.number().int(),
  /** The number of the first event that is kept, and of the next one to come. */
  firstOffset: z.number().int(),
  offset: z.number().int(),
  /** Over the stream's life: events refused, and events that came again. */
  deadLetters: z.number().int(),
  duplicates: z.number().int(),
  /** Events a second over the last minute, since this Lodestar was started. */
  rate: z.number(),
  firstEventAt: z.iso.datetime().nullable(),
  lastEventAt: z.iso.datetime().nullable(),
  lastReceivedAt: z.iso.datetime().nullable(),
  /** Seconds from the time of the latest event until now. */
  lag: z.number().nullable(),
  /** No event came for the stated idle time. */
  isIdle: z.boolean(),
  /** Keys by which duplicates are known; `since` where there were too many to know them over the whole horizon. */
  keys: z.object({ count: z.number().int(), since: z.iso.datetime().nullable() }),
  /** Where its events are fetched from, and how that goes; null where they are pushed. */
  source: SourceView.nullable(),
  /** push: events are sent to it; kafka: fetched from a topic; telemetry: what people do in the project, noted by Lodestar. */
  origin: z.enum(['push', 'kafka', 'telemetry']),
  /** Why the log cannot be used here now: then what is told of it is what was last stored. */
  trouble: z.string().nullable(),
  createdBy: Person,
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type StreamView = z.infer<typeof StreamView>;

/** What may be changed; what is not named stays. */
const { description, retention, deduplication, idle, ahead } = StreamSettings.shape;
export const StreamChange = z.strictObject({
  description: description.unwrap().optional(),
  retention: retention.unwrap().optional(),
  deduplication: deduplication.unwrap().optional(),
  idle: idle.unwrap().optional(),
  ahead: ahead.unwrap().optional(),
  /** Columns that hold whole numbers and shall hold all from now on. */
  columns: z.array(z.strictObject({ name: z.string(), type: z.literal('DOUBLE') })).optional(),
  /** How the source is reached; needs the owner's right, as its password does. */
  source: SourceChange.optional(),
  secret: StreamSpec.shape.secret,
});
export type StreamChange = z.infer<typeof StreamChange>;

export async function createStream(actor: Actor, projectId: string, spec: StreamSpec): Promise<StreamView> {
  await demand(actor, projectId, 'edit');
  const { name, eventTime, key } = spec;
  await demandFree(projectId, name);
  const { db, now, sources } = getLodestar();
  const id = newId();
  const settings = StreamSettings.parse(spec);
  const given = { id, projectId, name, eventTime, key, settings, ...(await sourceOf(actor, projectId, id, spec)) };
  try {
    await db.stream.create({ data: { ...given, createdBy: actor.userId, createdAt: now(), updatedAt: now() } });
  } catch (error) {
    if ((error as { code?: string }).code === 'P2002') throw taken(name, 'a stream');
    throw error;
  }
  if (spec.source) await sources.renew(id);
  return readStream(actor, id);
}

export async function listStreams(
  actor: Actor,
  projectId: string,
  slice: Slice = firstSlice,
): Promise<Sliced<StreamView>> {
  await demand(actor, projectId, 'read');
  const rows = await getLodestar().db.stream.findMany({
    where: { projectId },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    ...window(slice),
  });
  const { items, next } = cut(rows, slice, toView);
  return { items: await Promise.all(items), next };
}

export async function readStream(actor: Actor, id: string): Promise<StreamView> {
  return toView(await demandStream(actor, id, 'read'));
}

export async function changeStream(actor: Actor, id: string, change: StreamChange): Promise<StreamView> {
  const row = await demandStream(actor, id, 'edit');
  const { db, now, streams, sources } = getLodestar();
  const { source, secret, columns, ...kept } = change;
  if (columns) await widen(row, columns);
  const isSource = source !== undefined || secret !== undefined;
  const reach = isSource ? await changedSource(actor, row, source ?? {}, secret) : {};
  const settings = { ...StreamSettings.parse(row.settings), ...kept };
  await db.stream.update({ where: { id }, data: { settings, ...reach, updatedAt: now() } });
  await streams.configure(id);
  if (isSource) await sources.renew(id);
  return readStream(actor, id);
}

/** Only where what is stored already reads as the new type, whether it is in Parquet or still a log. */
async function widen({ id, key }: Stream, columns: readonly { name: string }[]): Promise<void> {
  const { streams } = getLodestar();
  const known = (await streams.live(id)).columns;
  for (const { name } of columns) {
    const type = known.find((each) => each.name === name)?.type;
    if (key.includes(name))
      throw badRequest(`${name} is part of the key, by which events are known: it stays as it is.`);
    if (type !== 'BIGINT' && type !== 'DOUBLE')
      throw badRequest(`Only a BIGINT can become a DOUBLE, and ${name} is ${type ?? 'no column'}.`);
  }
  await streams.widen(
    id,
    columns.map(({ name }) => name),
  );
}

/** A job keeps its place in its stream. */
async function demandUnread(streamId: string): Promise<void> {
  const live = await getLodestar().db.liveJob.findMany({ where: { streamId }, include: { job: true } });
  if (live.length === 0) return;
  const names = live.map(({ job }) => job.name).join(' and ');
  throw conflict(
    'stream-in-use',
    `${names} ${live.length === 1 ? 'answers' : 'answer'} for the events of this stream, so it stays. Its events can be let go by a retention.`,
  );
}

/** Takes the stream away with all its events; its files go when no query can be reading them any more. */
export async function deleteStream(actor: Actor, id: string): Promise<void> {
  await demandStream(actor, id, 'edit');
  await demandUnread(id);
  const { db, streams, sources } = getLodestar();
  await db.stream.delete({ where: { id } });
  await sources.renew(id);
  await streams.drop(id);
}

/** Streams and datasets are read by their names alike, and SQL knows no upper and lower case. */
async function demandFree(projectId: string, name: string): Promise<void> {
  const { db } = getLodestar();
  if (name.toLowerCase() === eventsName) throw taken(name, 'kept by Lodestar');
  if ((await namesakes(db, projectId, name)).length > 0) throw taken(name, 'a dataset');
  if (await streamNamed(db, projectId, name)) throw taken(name, 'a stream');
}

function taken(name: string, what: string): Problem {
  return conflict('name-taken', `There is ${name} already: it is ${what}. Choose another name.`);
}

async function toView(row: Stream): Promise<StreamView> {
  const { db, now } = getLodestar();
  const live = await liveOf(row.id);
  const closed = await db.segment.findMany({
    where: { streamId: row.id, state: { not: 'open' } },
    orderBy: { firstOffset: 'asc' },
  });
  const { description, ...settings } = StreamSettings.parse(row.settings);
  const known = 'trouble' in live ? storedOf(row, live.trouble) : { ...live, trouble: null };
  const { columns, duplicates, deadLetters, rate, keys, trouble, end } = known;
  const events = known.rows + sumOf(closed, ({ rows }) => rows);
  const times = timesOf(closed, known);
  const received = known.received || (closed.at(-1)?.lastReceivedAt?.getTime() ?? 0);
  const since = Math.max(received, row.createdAt.getTime());
  return {
    id: row.id,
    projectId: row.projectId,
    name: row.name,
    description,
    eventTime: row.eventTime,
    key: row.key,
    ...settings,
    columns,
    events,
    bytes: known.bytes + sumOf(closed, ({ bytes, logBytes, state }) => (state === 'sealed' ? bytes : logBytes)),
    segments: closed.length + (known.rows > 0 ? 1 : 0),
    firstOffset: end - events,
    offset: end,
    duplicates,
    deadLetters,
    rate,
    firstEventAt: times && new Date(times[0]).toISOString(),
    lastEventAt: times && new Date(times[1]).toISOString(),
    lastReceivedAt: received ? new Date(received).toISOString() : null,
    lag: times && (now().getTime() - times[1]) / 1000,
    isIdle: now().getTime() - since > settings.idle * 1000,
    keys,
    source: getLodestar().sources.view(row),
    origin: row.source === null ? 'push' : StreamSource.parse(row.source).kind,
    trouble,
    createdBy: nameOf(await namesOf([row.createdBy]), row.createdBy),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

async function liveOf(id: string): Promise<Live | { trouble: string }> {
  try {
    return await getLodestar().streams.live(id);
  } catch (error) {
    if (error instanceof Problem && error.status === 503) return { trouble: error.message };
    throw error;
  }
}

function storedOf(row: Stream, trouble: string): Live & { trouble: string } {
  return {
    end: Number(row.end),
    duplicates: Number(row.duplicates),
    deadLetters: Number(row.deadLetters),
    columns: row.columns as unknown as Live['columns'],
    rate: 0,
    bytes: 0,
    rows: 0,
    events: null,
    received: 0,
    keys: { count: 0, since: null },
    trouble,
  };
}

function sumOf(segments: readonly Segment[], of: (segment: Segment) => bigint): number {
  return segments.reduce((sum, segment) => sum + Number(of(segment)), 0);
}

function timesOf(closed: readonly Segment[], live: Live): [number, number] | null {
  const spans = closed.map(({ firstEventAt, lastEventAt }) => [firstEventAt!.getTime(), lastEventAt!.getTime()]);
  const all = [...spans, ...(live.events ? [live.events] : [])] as [number, number][];
  if (all.length === 0) return null;
  return [Math.min(...all.map(([from]) => from)), Math.max(...all.map(([, to]) => to))];
}
