import type { PrismaClient, Segment } from '#prisma/client/client.ts';
import { StreamSettings, type Retention } from '#lib/stream/spec.ts';
import type { Folder } from './folder.ts';
import { keysFile } from './recover.ts';

const day = 86_400_000;
/** How long a batch's key is remembered, ms. */
const batchesFor = 7 * day;
/** Of a stream's dead letters the newest are kept, so many and so long. */
export const deadLimits = { count: 100_000, age: 30 * day };
/** How long a file stays that nothing names: a query that began before may read it; of chunks there may be many. */
const patience = (name: string) => (name.startsWith('chunk-') ? 600_000 : 3_600_000);

/** Which sealed segments go: those whose last event came before the days, then the oldest until the rest fits the bytes. */
export function expired(
  segments: readonly Pick<Segment, 'id' | 'state' | 'bytes' | 'lastReceivedAt'>[],
  { days, bytes }: Retention,
  now: number,
): string[] {
  const sealed = segments.filter(({ state }) => state === 'sealed');
  const isOld = ({ lastReceivedAt }: (typeof sealed)[number]) =>
    days !== null && lastReceivedAt!.getTime() < now - days * day;
  const old = sealed.filter(isOld);
  const kept = sealed.filter((segment) => !isOld(segment));
  let size = kept.reduce((sum, segment) => sum + Number(segment.bytes), 0);
  for (const segment of kept) {
    if (bytes === null || size <= bytes) break;
    size -= Number(segment.bytes);
    old.push(segment);
  }
  return old.map(({ id }) => id);
}

/** Takes out of the manifest what is no longer kept, and old dead letters. */
export async function retain(db: PrismaClient, now: number): Promise<void> {
  const streams = await db.stream.findMany({ include: { segments: { orderBy: { firstOffset: 'asc' } } } });
  for (const { id, settings, segments } of streams) {
    const { retention } = StreamSettings.parse(settings);
    const ids = expired(segments, retention, now);
    if (ids.length > 0) await db.segment.deleteMany({ where: { id: { in: ids } } });
    await retainDead(db, id, now - Math.min(deadLimits.age, (retention.days ?? Infinity) * day));
  }
  await db.streamBatch.deleteMany({ where: { receivedAt: { lt: new Date(now - batchesFor) } } });
}

async function retainDead(db: PrismaClient, streamId: string, since: number): Promise<void> {
  const last = await db.deadLetter.findFirst({ where: { streamId }, orderBy: { number: 'desc' } });
  if (!last) return;
  const tooMany = { number: { lte: last.number - BigInt(deadLimits.count) } };
  await db.deadLetter.deleteMany({
    where: { streamId, OR: [tooMany, { receivedAt: { lt: new Date(since) } }] },
  });
}

/** Deletes files that neither the manifest names nor `chunks`, as `streamId/name`; not of streams that are `elsewhere`. */
export async function sweepFiles(
  db: PrismaClient,
  folder: Folder,
  { chunks, elsewhere }: { chunks: readonly string[]; elsewhere: ReadonlySet<string> },
  now: number,
): Promise<void> {
  const segments = await db.segment.findMany({
    select: { streamId: true, state: true, log: true, file: true, timeline: true },
  });
  const streams = await db.stream.findMany({ select: { id: true } });
  const named = segments.flatMap(({ streamId, state, log, file, timeline }) =>
    (state === 'sealed' ? [file!, keysFile({ file }), timeline].filter((name) => name !== null) : [log]).map(
      (name) => `${streamId}/${name}`,
    ),
  );
  await folder.sweep({
    named: new Set([...named, ...chunks]),
    streams: new Set(streams.map(({ id }) => id)),
    elsewhere,
    now,
    patience,
  });
}
