import type { Moment } from '#lib/stream/moment.ts';
import type { Lodestar } from '#lib/server/lodestar.ts';

/** What follows of a stream from a place on. */
export interface Read {
  /** Where it goes on: beyond the place, if retention deleted what stood there. */
  from: number;
  lost: { from: number; to: number } | null;
  moments: Moment[];
  /** Nothing came after them by then. */
  isEnd: boolean;
  /** The number after the last of their events. */
  below: number;
}

/** Throws a Problem (503) when the stream cannot be read here. */
export async function readOn(
  { streams }: Pick<Lodestar, 'streams'>,
  streamId: string,
  position: number,
  limit: number,
) {
  const { end } = await streams.live(streamId);
  const moments = await streams.timeline(streamId, position, limit);
  const last = moments.at(-1);
  const from = Math.max(position, moments[0]?.first ?? end);
  const below = last ? last.first + last.rows : from;
  const lost = from > position ? { from: position, to: from } : null;
  return { from, lost, moments, isEnd: below >= end, below } satisfies Read;
}
