import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Column } from '#kernels/kernel.ts';
import { convertInChild, type WarehouseKernel } from '#kernels/server.ts';
import type { PrismaClient, Segment, Stream } from '#prisma/client/client.ts';
import { ownColumns, type StreamColumn } from '#lib/stream/spec.ts';
import { measure } from '#lib/server/warehouse/files.ts';
import type { BuiltFile } from '#lib/server/warehouse/warehouse.ts';
import type { Folder } from './folder.ts';
import { keysFile, writeKeys } from './recover.ts';
import { readFrames, syncFolder } from './segment.ts';
import { timelineFile, toMoment, writeMoment } from './timeline.ts';
import { draftOf, syncFile, writeSynced, writeWhole } from './write.ts';

/*
 * Logs become Parquet in a child, by the stream's own columns, so that queries over history read what queries over
 * datasets read. A segment counts as a log until the file is on disk and the manifest says so. Two servers may do it at once: what they
 * make is the same.
 */
export interface SealWorld {
  db: PrismaClient;
  folder: Folder;
  kernel: WarehouseKernel;
}

const timeout = 300_000;

/** The part of a log that counts. */
interface Part {
  log: string;
  bytes: number;
}

/** Turns a closed segment into Parquet, with its keys and moments beside it; its rows must be as many as the log said. */
export async function seal(world: SealWorld, segment: Segment, stream: Stream): Promise<void> {
  const { db, folder } = world;
  const { id, streamId } = segment;
  const file = segment.log.replace(/log$/, 'parquet');
  const path = folder.path(streamId, file);
  const timeline = timelineFile(segment);
  const part = { log: folder.path(streamId, segment.log), bytes: Number(segment.logBytes) };
  await writeSynced(folder.path(streamId, keysFile({ file })), keysOf(part));
  await writeSynced(folder.path(streamId, timeline), momentsOf(part, stream.eventTime));
  const columns = stream.columns as unknown as StreamColumn[];
  const built = await toParquet(world.kernel, part, columns, path);
  if (built.rows !== Number(segment.rows))
    throw new Error(`${segment.log} holds ${segment.rows} events, but ${built.rows} of them became rows.`);
  const { bytes, sha256 } = built;
  const data = { state: 'sealed', file, timeline, bytes, sha256 };
  await db.segment.updateMany({ where: { id, state: 'closed' }, data });
}

/** The rows of a log up to `bytes`, as a Parquet file that is on disk under its name when this resolves. */
async function toParquet(
  kernel: WarehouseKernel,
  { log, bytes }: Part,
  columns: readonly StreamColumn[],
  path: string,
): Promise<BuiltFile> {
  const draft = draftOf(path);
  const [input, output] = [`${draft}.ndjson`, `${draft}.part`];
  try {
    await writeWhole(input, linesOf(log, bytes));
    const task = { format: 'ndjson' as const, columns: withOwn(columns), input, output, ...limits };
    const reply = await convertInChild(kernel, task, {
      signal: AbortSignal.timeout(timeout),
      timeout,
      person: 'house',
    });
    if (!reply.ok) throw new Error(`${log} could not become Parquet: ${reply.error.detail ?? reply.error.message}`);
    await syncFile(output);
    await rename(output, path);
    await syncFolder(dirname(path));
    return await measure(path, reply.value.rows);
  } finally {
    await Promise.all([input, output].map((each) => rm(each, { force: true })));
  }
}

const limits = { maxRows: Number.MAX_SAFE_INTEGER, maxBytes: Number.MAX_SAFE_INTEGER };

/** The columns of a stream as a relation. */
export function withOwn(columns: readonly StreamColumn[]): Column[] {
  return [...ownColumns, ...columns];
}

async function* linesOf(log: string, bytes: number): AsyncGenerator<Uint8Array> {
  for await (const { frame } of readFrames(log, bytes)) yield frame.lines;
}

async function* keysOf({ log, bytes }: Part): AsyncGenerator<Uint8Array> {
  for await (const { frame } of readFrames(log, bytes))
    if (frame.hashes.length > 0) yield writeKeys(frame.meta.received, frame.hashes);
}

async function* momentsOf({ log, bytes }: Part, eventTime: string): AsyncGenerator<Uint8Array> {
  for await (const { frame } of readFrames(log, bytes)) {
    const moment = toMoment(frame, eventTime);
    if (moment) yield writeMoment(moment);
  }
}
