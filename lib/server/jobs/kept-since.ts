import type { RealTime } from '#lib/job/spec.ts';
import { StreamSettings } from '#lib/stream/spec.ts';
import type { Prisma, PrismaClient, Stream } from '#prisma/client/client.ts';

/**
 * Of windows that start at or after it, ms, the stream keeps every event: an answer over the rest of the others would replace a
 * better one. What retention deleted had come before the oldest that is kept, and no event's time is further ahead of its coming
 * than the stream allows.
 */
export async function keptSince(
  db: PrismaClient | Prisma.TransactionClient,
  { id, settings }: Pick<Stream, 'id' | 'settings'>,
  kind: RealTime['kind'],
): Promise<number> {
  const oldest = await db.segment.findFirst({ where: { streamId: id }, orderBy: { firstOffset: 'asc' } });
  if (!oldest || oldest.firstOffset === 0n) return -Infinity;
  const received = (oldest.firstReceivedAt ?? oldest.createdAt).getTime();
  return kind === 'tumbling' ? received + StreamSettings.parse(settings).ahead * 1000 : received;
}
