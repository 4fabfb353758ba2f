import { createWriteStream, type WriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { Column } from '#kernels/kernel.ts';
import { convertInChild, type WarehouseKernel } from '#kernels/server.ts';
import type { PrismaClient, Segment } from '#prisma/client/client.ts';
import { ownColumns, type StreamColumn } from '#lib/stream/spec.ts';
import { measure } from '#lib/server/warehouse/files.ts';
import type { BuiltFile } from '#lib/server/warehouse/warehouse.ts';
import type { Folder } from './folder.ts';
import { keysFile, writeKeys } from './recover.ts';
import { readFrames, syncFolder } from './segment.ts';

/*
 * Logs become Parquet in a child, by the stream's own columns, so that queries over history read what queries over
 * datasets read. A segment counts as a log until the file is on disk and the manifest says so.
 */
export interface SealWorld {
  db: PrismaClient;
  folder: Folder;
  kernel: WarehouseKernel;
}

const timeout = 300_000;

/** Turns a closed segment into Parquet; its rows must be as many as the log said. */
export async function seal(world: SealWorld, segment: Segment, columns: readonly StreamColumn[]): Promise<void> {
  const { db, folder } = world;
  const { id, streamId } = segment;
  const file = segment.log.replace(/log$/, 'parquet');
  const path = folder.path(streamId, file);
  const part = { log: folder.path(streamId, segment.log), bytes: Number(segment.logBytes) };
  await writeKeysOf(part, folder.path(streamId, keysFile({ file })));
  const built = await toParquet(world.kernel, part, columns, path);
  if (built.rows !== Number(segment.rows))
    throw new Error(`${segment.log} holds ${segment.rows} events, but ${built.rows} of them became rows.`);
  const { bytes, sha256 } = built;
  await db.segment.updateMany({ where: { id, state: 'closed' }, data: { state: 'sealed', file, bytes, sha256 } });
}

/** The rows of a log up to `bytes`, as a Parquet file that is on disk under its name when this resolves. */
export async function toParquet(
  kernel: WarehouseKernel,
  { log, bytes }: { log: string; bytes: number },
  columns: readonly StreamColumn[],
  path: string,
): Promise<BuiltFile> {
  const [input, output] = [`${path}.ndjson`, `${path}.part`];
  try {
    await writeLines(log, bytes, input);
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

async function writeLines(log: string, bytes: number, to: string): Promise<void> {
  await writing(to, async (out) => {
    for await (const { frame } of readFrames(log, bytes)) await push(out, frame.lines);
  });
}

async function writeKeysOf({ log, bytes }: { log: string; bytes: number }, to: string): Promise<void> {
  await writing(to, async (out) => {
    for await (const { frame } of readFrames(log, bytes))
      if (frame.hashes.length > 0) await push(out, writeKeys(frame.meta.received, frame.hashes));
  });
  await syncFile(to);
}

async function writing(to: string, work: (out: WriteStream) => Promise<void>): Promise<void> {
  const out = createWriteStream(to);
  try {
    await work(out);
  } finally {
    out.end();
    await finished(out);
  }
}

async function push(out: WriteStream, bytes: Uint8Array): Promise<void> {
  if (bytes.length > 0 && !out.write(bytes)) await once(out, 'drain');
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
