import type { Relation } from '#kernels/kernel.ts';
import type { Segment } from '#prisma/client/client.ts';
import { offsetColumn } from '#lib/stream/spec.ts';
import type { Chunks, Logged } from './chunks.ts';
import type { Folder } from './folder.ts';
import { withOwn } from './seal.ts';
import type { Tail } from './writer.ts';

/**
 * What is read of a stream: its tail as it was, and the segments before it. Where the tail was closed, sealed and joined to what was
 * before it meanwhile, the last segment holds its events as well: of the tail nothing is read then.
 */
export interface Parts {
  segments: readonly Segment[];
  tail: Tail;
}

/** The number after a closed segment's last event. */
export function endOf({ firstOffset, rows }: Pick<Segment, 'firstOffset' | 'rows'>): number {
  return Number(firstOffset + rows);
}

/** A stream's events in [from, below) as a relation: its sealed segments as they are, and what is still a log in chunks. */
export async function sliceOf(
  { folder, chunks }: { folder: Folder; chunks: Chunks },
  streamId: string,
  { segments, tail }: Parts,
  bounds: { from?: number; below: number },
): Promise<Relation> {
  const below = Math.min(bounds.below, tail.end);
  const from = bounds.from ?? Number(segments[0]?.firstOffset ?? tail.first);
  const within = segments.filter(({ firstOffset, rows }) => firstOffset < below && firstOffset + rows > from);
  const sealed = within.filter(({ state }) => state === 'sealed');
  const logs = within.filter(({ state }) => state !== 'sealed').map((segment) => toLogged(folder, segment));
  const lines: string[] = [];
  for (const log of logs) lines.push(...(await chunks.of(streamId, log, from, below)));
  const next = Math.max(from, ...segments.map(endOf));
  lines.push(...(await chunks.of(streamId, tail, next, below)));
  return {
    kind: 'parquet',
    hash: `${streamId}:${from}:${below}:${tail.columns.map(({ type }) => type[0]).join('')}`,
    complete: true,
    files: sealed.map(({ file }) => folder.path(streamId, file!)),
    lines,
    bounds: { column: offsetColumn, from, below },
    columns: withOwn(tail.columns),
  };
}

function toLogged(folder: Folder, { id, streamId, log, logBytes, firstOffset, rows }: Segment): Logged {
  const first = Number(firstOffset);
  return { segmentId: id, path: folder.path(streamId, log), bytes: Number(logBytes), first, end: first + Number(rows) };
}
