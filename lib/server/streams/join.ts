import { readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Relation } from '#kernels/kernel.ts';
import { buildInChild } from '#kernels/server.ts';
import type { Segment, Stream } from '#prisma/client/client.ts';
import { offsetColumn, StreamSettings, type Retention, type StreamColumn } from '#lib/stream/spec.ts';
import { measure } from '#lib/server/warehouse/files.ts';
import { newSegment } from './manifest.ts';
import { keysFile } from './recover.ts';
import { withOwn, type SealWorld } from './seal.ts';
import { syncFolder } from './segment.ts';
import { timelineFile } from './timeline.ts';
import { syncFile, writeSynced } from './write.ts';

/*
 * A slow stream leaves a small segment behind each hour. Neighbours are joined to one, so that a query opens few files; theirs
 * stay for those who read them until they are swept.
 */

const day = 86_400_000;
export const joinLimits = {
  /** A segment of fewer bytes is small. */
  small: 8 * 2 ** 20,
  /** Of what is joined: bytes, events, ms from the first to the last arrival; and segments at least. */
  bytes: 64 * 2 ** 20,
  rows: 500_000,
  span: day,
  least: 8,
};
export type JoinLimits = typeof joinLimits;

/** The first neighbours to be joined, in order; [] when there are not enough. A retention still finds pieces to let go. */
export function neighbours(
  segments: readonly Segment[],
  { days, bytes }: Retention,
  limits: JoinLimits = joinLimits,
): Segment[] {
  const most = {
    bytes: Math.min(limits.bytes, (bytes ?? Infinity) / 10),
    span: Math.min(limits.span, ((days ?? Infinity) * day) / 10),
  };
  let run: Segment[] = [];
  for (const segment of segments) {
    if (run.length > 0 && !fits([...run, segment], { ...limits, ...most })) {
      if (run.length >= limits.least) return run;
      run = [];
    }
    const isSmall = segment.state === 'sealed' && segment.timeline !== null && segment.bytes < limits.small;
    run = isSmall ? [...run, segment] : [];
  }
  return run.length >= limits.least ? run : [];
}

function fits(run: readonly Segment[], { bytes, rows, span, small }: JoinLimits): boolean {
  const last = run.at(-1)!;
  return (
    last.state === 'sealed' &&
    last.bytes < small &&
    run.reduce((sum, each) => sum + Number(each.bytes), 0) < bytes &&
    run.reduce((sum, each) => sum + Number(each.rows), 0) <= rows &&
    last.lastReceivedAt!.getTime() - run[0]!.firstReceivedAt!.getTime() <= span
  );
}

/** Joins small neighbours of a stream, if there are enough; whether it did. */
export async function join(world: SealWorld, stream: Stream, limits: JoinLimits = joinLimits): Promise<boolean> {
  const segments = await world.db.segment.findMany({ where: { streamId: stream.id }, orderBy: { firstOffset: 'asc' } });
  const parts = neighbours(segments, StreamSettings.parse(stream.settings).retention, limits);
  if (parts.length === 0) return false;
  const { id, log } = newSegment(Number(parts[0]!.firstOffset));
  const file = log.replace(/log$/, 'parquet');
  const timeline = timelineFile({ log });
  const path = (name: string) => world.folder.path(stream.id, name);
  await writeSynced(path(keysFile({ file })), contents(parts.map((part) => path(keysFile(part)))));
  await writeSynced(path(timeline), contents(parts.map((part) => path(part.timeline!))));
  const built = await joinParquet(world, stream, parts, path(file));
  const events = BigInt(built.rows);
  if (events !== parts.reduce((sum, { rows }) => sum + rows, 0n))
    throw new Error(`${parts.length} segments of ${stream.name} do not hold the ${events} events that they became.`);
  await replace(world, stream.id, parts, {
    id,
    log,
    file,
    timeline,
    rows: events,
    bytes: built.bytes,
    sha256: built.sha256,
  });
  return true;
}

async function* contents(paths: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const path of paths) yield await readFile(path);
}

async function joinParquet({ folder, kernel }: SealWorld, stream: Stream, parts: readonly Segment[], path: string) {
  const columns = withOwn(stream.columns as unknown as StreamColumn[]);
  const files = parts.map(({ file }) => folder.path(stream.id, file!));
  // Named so that every column of the stream is there, in its type.
  const events: Relation = { kind: 'parquet', hash: path, complete: true, files, lines: [], columns };
  const output = `${path}.part`;
  const steps = [
    { name: 'joined', engine: 'warehouse' as const, sql: `SELECT * FROM events ORDER BY "${offsetColumn}"` },
  ];
  const rest = { parameters: {}, checks: [], stamp: {}, preview: null };
  const timeout = 300_000;
  try {
    const reply = await buildInChild(
      kernel,
      { steps, result: 'joined', relations: { events }, output, ...rest },
      { signal: AbortSignal.timeout(timeout), timeout, person: 'house' },
    );
    if (!reply.ok) throw new Error(`Segments could not be joined: ${reply.error.detail ?? reply.error.message}`);
    await syncFile(output);
    await rename(output, path);
    await syncFolder(dirname(path));
    return await measure(path, reply.value.rows);
  } finally {
    await rm(output, { force: true });
  }
}

type Joined = Pick<Segment, 'id' | 'log' | 'file' | 'timeline' | 'rows' | 'sha256'> & { bytes: number };

/** One segment instead of several; nothing changes when one of them went meanwhile. */
async function replace({ db }: SealWorld, streamId: string, parts: readonly Segment[], joined: Joined): Promise<void> {
  const [first, last] = [parts[0]!, parts.at(-1)!];
  const times = {
    firstEventAt: earliest(parts.map(({ firstEventAt }) => firstEventAt!)),
    lastEventAt: latest(parts.map(({ lastEventAt }) => lastEventAt!)),
    firstReceivedAt: first.firstReceivedAt,
    lastReceivedAt: last.lastReceivedAt,
  };
  await db.$transaction(async (tx) => {
    const { count } = await tx.segment.deleteMany({
      where: { id: { in: parts.map(({ id }) => id) }, state: 'sealed' },
    });
    if (count !== parts.length)
      throw new Error('Segments that were joined went meanwhile; they are joined another time.');
    await tx.segment.create({
      data: {
        ...joined,
        ...times,
        streamId,
        state: 'sealed',
        firstOffset: first.firstOffset,
        createdAt: first.createdAt,
      },
    });
  });
}

const earliest = (times: readonly Date[]) => new Date(Math.min(...times.map(Number)));
const latest = (times: readonly Date[]) => new Date(Math.max(...times.map(Number)));
