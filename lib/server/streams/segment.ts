import { open, type FileHandle } from 'node:fs/promises';
import { dirname, sep } from 'node:path';
import { decodeFrame, headerBytes, holdsFrame, readHeader, type Frame, type Header } from './frame.ts';

/** A log that holds bytes nobody wrote, before others that were acknowledged: nothing is cut off, people must look. */
export class LogDamaged extends Error {
  override name = 'LogDamaged';
}

/** The file that a stream is written to. It is only ever appended to. */
export class OpenLog {
  readonly path: string;
  private file: FileHandle;
  private size: number;

  private constructor(path: string, file: FileHandle, size: number) {
    this.path = path;
    this.file = file;
    this.size = size;
  }

  /** A new file, whose name is on disk when this resolves. */
  static async create(path: string): Promise<OpenLog> {
    const file = await open(path, 'wx+');
    await syncFolder(dirname(path));
    return new OpenLog(path, file, 0);
  }

  /** An existing file, cut off after its last whole frame. */
  static async reopen(path: string, size: number): Promise<OpenLog> {
    const file = await open(path, 'r+');
    await file.truncate(size);
    await file.sync();
    return new OpenLog(path, file, size);
  }

  /** Bytes of whole frames. */
  get bytes(): number {
    return this.size;
  }

  /** Resolves when the frame is on disk. After a failure this log must be opened again. */
  async append(frame: Buffer): Promise<void> {
    for (let at = 0; at < frame.length;)
      at += (await this.file.write(frame, at, frame.length - at, this.size + at)).bytesWritten;
    await this.file.datasync();
    this.size += frame.length;
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

export interface Placed {
  frame: Frame;
  /** The position after it, bytes. */
  end: number;
}

/**
 * The frames of a log in order, as far as `bytes`. They end where a crash cut the last one off; broken bytes with whole
 * frames after them throw LogDamaged. `skip` passes over frames by their headers, without reading them; `from` is where a
 * frame begins.
 */
export async function* readFrames(
  path: string,
  bytes = Infinity,
  skip: (header: Header) => boolean = () => false,
  from = 0,
): AsyncGenerator<Placed> {
  const file = await open(path, 'r');
  try {
    const size = Math.min((await file.stat()).size, bytes);
    for (let at = from; at < size;) {
      const header = readHeader(await part(file, at, Math.min(headerBytes, size - at)));
      const end = header ? at + headerBytes + header.length : Infinity;
      if (header && end <= size && skip(header)) {
        at = end;
        continue;
      }
      const frame = end <= size ? decodeFrame(await part(file, at, end - at)) : null;
      if (!frame) return await demandTorn(file, path, at, size);
      yield { frame, end };
      at = end;
    }
  } finally {
    await file.close();
  }
}

/** Each frame was synced before the next was begun, so a crash leaves none behind a broken one. */
async function demandTorn(file: FileHandle, path: string, at: number, size: number): Promise<void> {
  if (holdsFrame(await part(file, at + 1, size - at - 1)))
    throw new LogDamaged(`${withinData(path)} is damaged at byte ${at}. Bring the file back from a backup.`);
}

/** Where a file of a stream is below DATA_DIR: people are told that, and not where this server keeps its data. */
export function withinData(path: string): string {
  return path.split(sep).slice(-3).join('/');
}

async function part(file: FileHandle, from: number, count: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(Math.max(0, count));
  for (let at = 0; at < bytes.length;) {
    const { bytesRead } = await file.read(bytes, at, bytes.length - at, from + at);
    if (bytesRead === 0) return bytes.subarray(0, at);
    at += bytesRead;
  }
  return bytes;
}
