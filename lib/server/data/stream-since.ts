import { getLodestar } from '#lib/server/lodestar.ts';

/*
 * Where in a log a moment of arrival is, so that who wants the last minutes reads those and not what was before. Segments say
 * when their last events came, a timeline says it of each batch.
 */

/** Events whose moments are gone through at a time. */
const part = 1_000_000;

/** Before the first event that came at `since` (ms) or later, by no more than a segment; it reads no timeline. */
export async function segmentSince(streamId: string, since: number): Promise<number> {
  const { db } = getLodestar();
  const closed = { streamId, state: { not: 'open' } };
  const within = { ...closed, lastReceivedAt: { gte: new Date(since) } };
  const first = await db.segment.findFirst({ where: within, orderBy: { firstOffset: 'asc' } });
  if (first) return Number(first.firstOffset);
  const before = await db.segment.findFirst({ where: closed, orderBy: { firstOffset: 'desc' } });
  return before ? Number(before.firstOffset + before.rows) : 0;
}

/**
 * The number, from `from` on, of the first event that came at `since` (ms) or later; where there is none, one that no event has
 * yet. Throws like `streams.live`.
 */
export async function offsetSince(streamId: string, since: number, from: number): Promise<number> {
  const { streams } = getLodestar();
  let next = Math.max(from, await segmentSince(streamId, since));
  for (;;) {
    const moments = await streams.timeline(streamId, next, part);
    const found = moments.find(({ received }) => received >= since);
    if (found) return Math.max(next, found.first);
    const last = moments.at(-1);
    if (!last) return next;
    next = last.first + last.rows;
  }
}
