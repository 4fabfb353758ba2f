import type { Prisma, PrismaClient, Segment, Stream } from '#prisma/client/client.ts';
import { newId } from '#lib/notebook/id.ts';
import { PartsRead } from '#lib/stream/source.ts';
import { StreamSettings, type StreamColumn } from '#lib/stream/spec.ts';
import type { BatchRecord, DeadRecord } from './frame.ts';
import type { Given, SegmentState, State } from './state.ts';

/** What the database says of streams: their contract, their segments, and what closed segments leave behind. */

export function toGiven(stream: Stream): Given {
  return {
    eventTime: stream.eventTime,
    key: stream.key,
    settings: StreamSettings.parse(stream.settings),
    columns: stream.columns as unknown as StreamColumn[],
    end: Number(stream.end),
    duplicates: Number(stream.duplicates),
    deadLetters: Number(stream.deadLetters),
    read: PartsRead.parse(stream.parts ?? {}),
  };
}

export async function segmentsOf(db: PrismaClient, streamId: string): Promise<Segment[]> {
  return db.segment.findMany({ where: { streamId }, orderBy: [{ firstOffset: 'asc' }, { createdAt: 'asc' }] });
}

/** The name of a new segment's log; it sorts by the offset it begins with. */
export function newSegment(firstOffset: number): { id: string; log: string } {
  const id = newId();
  return { id, log: `${String(firstOffset).padStart(16, '0')}-${id}.log` };
}

/**
 * Closes a segment at `bytes`, in the caller's transaction: what was only in its log and must be known longer goes into tables.
 * A segment without events is forgotten.
 */
export async function closeSegment(
  tx: Prisma.TransactionClient,
  streamId: string,
  segmentId: string,
  state: State,
  bytes: number,
): Promise<void> {
  const { end, duplicates, deadLetters, segment, read } = state;
  await tx.stream.update({
    where: { id: streamId },
    data: {
      end,
      duplicates,
      deadLetters,
      columns: columnsOf(state),
      ...(Object.keys(read).length > 0 && { parts: read }),
    },
  });
  await keepBatches(tx, streamId, [...state.batches.values()], state.received);
  if (segment.rows === 0) await tx.segment.delete({ where: { id: segmentId } });
  else
    await tx.segment.update({
      where: { id: segmentId },
      data: { state: 'closed', logBytes: bytes, rows: segment.rows, ...times(segment) },
    });
}

function times({ events, received }: SegmentState) {
  const [firstEventAt, lastEventAt] = events!.map((ms) => new Date(ms)) as [Date, Date];
  const [firstReceivedAt, lastReceivedAt] = received!.map((ms) => new Date(ms)) as [Date, Date];
  return { firstEventAt, lastEventAt, firstReceivedAt, lastReceivedAt };
}

export function columnsOf({ columns }: State): Prisma.InputJsonValue {
  return [...columns].map(([name, type]) => ({ name, type }));
}

async function keepBatches(
  tx: Prisma.TransactionClient,
  streamId: string,
  records: BatchRecord[],
  received: number,
): Promise<void> {
  const data = records.map(({ key, body, answer }) => ({
    streamId,
    key: key!,
    body,
    answer: answer as unknown as Prisma.InputJsonValue,
    receivedAt: new Date(received),
  }));
  for (let from = 0; from < data.length; from += 1000)
    await tx.streamBatch.createMany({ data: data.slice(from, from + 1000), skipDuplicates: true });
}

/** Those of these batches that closed segments hold, by key. */
export async function knownBatches(
  db: PrismaClient,
  streamId: string,
  keys: string[],
): Promise<Map<string, BatchRecord>> {
  if (keys.length === 0) return new Map();
  const rows = await db.streamBatch.findMany({ where: { streamId, key: { in: keys } } });
  return new Map(
    rows.map(({ key, body, answer }) => [key, { key, body, answer: answer as unknown as BatchRecord['answer'] }]),
  );
}

/** Keeps refused events; those that are there already stay as they are. */
export async function keepDead(
  db: PrismaClient,
  streamId: string,
  dead: readonly DeadRecord[],
  received: number,
): Promise<void> {
  const data = dead.map((each) => ({ ...each, streamId, receivedAt: new Date(received) }));
  for (let from = 0; from < data.length; from += 1000)
    await db.deadLetter.createMany({ data: data.slice(from, from + 1000), skipDuplicates: true });
}
