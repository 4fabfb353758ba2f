import { rm } from 'node:fs/promises';
import type { Relation } from '#kernels/kernel.ts';
import type { WarehouseKernel } from '#kernels/server.ts';
import type { Segment } from '#prisma/client/client.ts';
import type { Folder } from './folder.ts';
import { toParquet, withOwn } from './seal.ts';
import type { Tail } from './writer.ts';

/*
 * A stream as a relation: its sealed segments as they are, and the tail that is still a log as a passing table, made when
 * someone asks and kept until more events came.
 */
export interface Reading {
  folder: Folder;
  kernel: WarehouseKernel;
  /** The last table made of each stream's tail. */
  tables: Map<string, Table>;
}

export interface Table {
  end: number;
  /** Its file in the stream's folder. */
  name: string;
  made: Promise<string>;
}

/** What is read of a stream: its tail as it was, and the segments before it. */
export interface Parts {
  segments: readonly Segment[];
  tail: Tail;
}

export async function historyOf(reading: Reading, streamId: string, parts: Parts): Promise<Relation> {
  const { segments, tail } = parts;
  const sealed = segments.filter(({ state }) => state === 'sealed');
  const files = sealed.map(({ file }) => reading.folder.path(streamId, file!));
  const table = tail.end > tail.first ? [await tableOf(reading, streamId, tail)] : [];
  return {
    kind: 'parquet',
    hash: `${streamId}:${sealed[0]?.firstOffset ?? tail.first}:${tail.end}`,
    complete: true,
    files: [...files, ...table],
    columns: withOwn(tail.columns),
  };
}

/** The tail as Parquet; made once for all who ask before more events come. */
async function tableOf(
  { folder, kernel, tables }: Reading,
  streamId: string,
  { path: log, bytes, end, segmentId, columns }: Tail,
): Promise<string> {
  const before = tables.get(streamId);
  if (before?.end === end) return before.made;
  const name = `tail-${segmentId}-${end}.parquet`;
  const path = folder.path(streamId, name);
  const made = toParquet(kernel, { log, bytes }, columns, path).then(() => path);
  tables.set(streamId, { end, name, made });
  try {
    return await made;
  } catch (error) {
    tables.delete(streamId);
    await rm(path, { force: true });
    throw error;
  }
}
