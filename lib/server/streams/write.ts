import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Where what is to be the file is made: a name that nobody else has, as another server may be making the same file. */
export function draftOf(path: string): string {
  return `${path}.${randomUUID()}`;
}

/** A file that is whole under its name or not there at all; it is not yet safe against the loss of power. */
export async function writeWhole(path: string, pieces: Pieces): Promise<void> {
  const draft = `${draftOf(path)}.part`;
  try {
    await pipeline(Readable.from(pieces, { objectMode: true }), createWriteStream(draft));
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** Likewise, its bytes on disk; its name is when its folder is synced. */
export async function writeSynced(path: string, pieces: Pieces): Promise<void> {
  await writeWhole(path, pieces);
  await syncFile(path);
}

type Pieces = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
