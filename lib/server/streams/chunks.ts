import { readFile } from 'node:fs/promises';
import type { Folder } from './folder.ts';
import { readFrames } from './segment.ts';
import { writeWhole } from './write.ts';

/** A log, or the part of it that was acknowledged: bytes that count, and events [first, end). */
export interface Logged {
  segmentId: string;
  path: string;
  bytes: number;
  first: number;
  end: number;
}

/** Events [first, end) as NDJSON in a file of the stream's folder, which is never changed. */
interface Chunk {
  first: number;
  end: number;
  bytes: number;
  name: string;
}

interface Chain {
  streamId: string;
  /** Without a gap, from the log's first event on. */
  chunks: Chunk[];
  /** How far the log was read, bytes. */
  read: number;
  extending: Promise<void>;
  merging: Promise<void> | null;
}

/** So many chunks that together are as large as the one before them become one with it. */
const fan = 8;

/*
 * What is still a log, as files a query can read. Each time somebody asks, only what came since becomes another chunk;
 * chunks are joined behind their back, so that there are few: each is larger than all after it, but for the last ones.
 */
export class Chunks {
  private folder: Folder;
  private chains = new Map<string, Chain>();

  constructor(folder: Folder) {
    this.folder = folder;
  }

  /** Files that together hold the events of [from, below) that the log has, and perhaps others of it. */
  async of(streamId: string, log: Logged, from: number, below: number): Promise<string[]> {
    if (log.end <= from || log.first >= below || log.end === log.first) return [];
    const chain = this.chainOf(streamId, log);
    const wanted = Math.min(below, log.end);
    if (endOf(chain, log) < wanted) {
      const before = chain.extending.catch(() => undefined);
      chain.extending = before.then(() => (endOf(chain, log) < wanted ? this.extend(chain, log) : undefined));
      await chain.extending;
    }
    const chunks = chain.chunks.filter(({ first, end }) => first < below && end > from);
    this.mergeSoon(chain);
    return chunks.map(({ name }) => this.folder.path(streamId, name));
  }

  /** Of the files, as `streamId/name`, those that will be given again. */
  get names(): string[] {
    return [...this.chains.values()].flatMap(({ streamId, chunks }) => chunks.map(({ name }) => `${streamId}/${name}`));
  }

  /** Gives no file of other segments again. */
  keep(segmentIds: ReadonlySet<string>): void {
    for (const id of this.chains.keys()) if (!segmentIds.has(id)) this.chains.delete(id);
  }

  forget(segmentId: string): void {
    this.chains.delete(segmentId);
  }

  async settled(): Promise<void> {
    await Promise.allSettled([...this.chains.values()].flatMap(({ extending, merging }) => [extending, merging]));
  }

  private chainOf(streamId: string, { segmentId }: Logged): Chain {
    let chain = this.chains.get(segmentId);
    if (!chain) {
      chain = { streamId, chunks: [], read: 0, extending: Promise.resolve(), merging: null };
      this.chains.set(segmentId, chain);
    }
    return chain;
  }

  private async extend(chain: Chain, log: Logged): Promise<void> {
    const lines: Uint8Array[] = [];
    for await (const { frame } of readFrames(log.path, log.bytes, () => false, chain.read)) lines.push(frame.lines);
    const chunk = chunkOf(
      endOf(chain, log),
      log.end,
      lines.reduce((sum, each) => sum + each.length, 0),
    );
    await writeWhole(this.folder.path(chain.streamId, chunk.name), lines);
    chain.chunks.push(chunk);
    chain.read = log.bytes;
  }

  private mergeSoon(chain: Chain): void {
    chain.merging ??= this.merge(chain)
      .catch(() => undefined) // They stay as they are, and the next who asks tries again.
      .finally(() => (chain.merging = null));
  }

  private async merge(chain: Chain): Promise<void> {
    for (let from = firstToMerge(chain.chunks); from >= 0; from = firstToMerge(chain.chunks)) {
      const parts = chain.chunks.slice(from);
      const whole = chunkOf(parts[0]!.first, parts.at(-1)!.end, sizeOf(parts));
      await writeWhole(this.folder.path(chain.streamId, whole.name), this.bytesOf(chain, parts));
      chain.chunks.splice(from, parts.length, whole);
    }
  }

  private async *bytesOf({ streamId }: Chain, chunks: readonly Chunk[]): AsyncGenerator<Uint8Array> {
    for (const { name } of chunks) yield await readFile(this.folder.path(streamId, name));
  }
}

function endOf({ chunks }: Chain, { first }: Logged): number {
  return chunks.at(-1)?.end ?? first;
}

function chunkOf(first: number, end: number, bytes: number): Chunk {
  const [from, to] = [first, end].map((offset) => String(offset).padStart(16, '0'));
  return { first, end, bytes, name: `chunk-${from}-${to}.ndjson` };
}

/** The index of the first chunk that is no larger than all after it together, of which there must be enough; -1 if none. */
function firstToMerge(chunks: readonly Chunk[]): number {
  return chunks.findIndex(({ bytes }, at) => chunks.length - at > fan && bytes <= sizeOf(chunks.slice(at + 1)));
}

function sizeOf(chunks: readonly Chunk[]): number {
  return chunks.reduce((sum, { bytes }) => sum + bytes, 0);
}
