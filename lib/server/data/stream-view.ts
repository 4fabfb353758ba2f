import { z } from 'zod';
import type { Segment, Stream } from '#prisma/client/client.ts';
import { Person } from '#lib/job/view.ts';
import { SourceView, StreamSource } from '#lib/stream/source.ts';
import { Retention, StreamSettings } from '#lib/stream/spec.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { Problem } from '#lib/server/problem.ts';
import type { Live } from '#lib/server/streams/streams.ts';
import { nameOf, namesOf } from './person.ts';

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

export async function toView(row: Stream): Promise<StreamView> {
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
