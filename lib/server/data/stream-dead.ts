import { z } from 'zod';
import type { Actor } from '#lib/server/access.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { firstSlice, type Slice, type Sliced } from './slice.ts';
import { demandStream } from './stream-row.ts';

/** An event that broke its stream's contract, as it came. */
export const DeadLetterView = z.object({
  /** From 0, in the order they came. */
  number: z.number().int(),
  receivedAt: z.iso.datetime(),
  reason: z.string(),
  raw: z.string(),
  /** Only the beginning was kept. */
  isCut: z.boolean(),
});
export type DeadLetterView = z.infer<typeof DeadLetterView>;

/** The latest first. */
export async function listDeadLetters(
  actor: Actor,
  streamId: string,
  { cursor, limit }: Slice = firstSlice,
): Promise<Sliced<DeadLetterView>> {
  await demandStream(actor, streamId, 'read');
  const before = cursor && /^\d{1,15}$/.test(cursor) ? { number: { lt: BigInt(cursor) } } : {};
  const rows = await getLodestar().db.deadLetter.findMany({
    where: { streamId, ...before },
    orderBy: { number: 'desc' },
    take: limit + 1,
  });
  const items = rows.slice(0, limit).map(({ number, receivedAt, reason, raw, isCut }) => ({
    number: Number(number),
    receivedAt: receivedAt.toISOString(),
    reason,
    raw,
    isCut,
  }));
  return { items, next: rows.length > limit ? String(items.at(-1)!.number) : null };
}
