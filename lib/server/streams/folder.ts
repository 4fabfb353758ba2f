import { randomUUID } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { syncFolder } from './segment.ts';

/** What stays of a folder. */
export interface Kept {
  /** Files, as `streamId/name`. */
  named: ReadonlySet<string>;
  /** Ids of the streams there are. */
  streams: ReadonlySet<string>;
  /** Of these nothing goes: another server wrote them last, and knows what it reads of them. */
  elsewhere: ReadonlySet<string>;
  /** ms since 1970. */
  now: number;
  /** How long a file of that name stays when it is not named, ms. */
  patience(name: string): number;
}

/*
 * The files of streams below DATA_DIR/streams: a folder a stream, with its logs, what they became, and passing tables of
 * their tails. What the manifest does not name goes after a while, as a query that began before may still read it.
 */
export class Folder {
  readonly root: string;
  private readonly dataDir: string;
  private unnamedSince = new Map<string, number>();

  constructor(dataDir: string) {
    this.dataDir = resolve(dataDir);
    this.root = join(this.dataDir, 'streams');
  }

  path(streamId: string, name: string): string {
    return join(this.root, streamId, name);
  }

  async prepare(streamId: string): Promise<void> {
    const made = await mkdir(join(this.root, streamId), { recursive: true });
    if (made) await syncFolder(this.root);
  }

  /** A name for this DATA_DIR that it keeps; not among the streams, whose folder several servers may share. */
  async home(): Promise<string> {
    const file = join(this.dataDir, 'home');
    await mkdir(this.dataDir, { recursive: true });
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    const draft = `${file}.${randomUUID()}`;
    await writeFile(draft, randomUUID(), { flush: true });
    await rename(draft, file);
    return readFile(file, 'utf8');
  }

  /** How many files are known that nothing names. */
  get watched(): number {
    return this.unnamedSince.size;
  }

  /** Deletes what has not been named for a while, and the empty folders of streams that are no more. */
  async sweep(kept: Kept): Promise<void> {
    const seen = new Set<string>();
    for (const stream of await entries(this.root)) {
      if (kept.elsewhere.has(stream)) continue;
      const names = await entries(join(this.root, stream));
      for (const name of names) {
        seen.add(join(stream, name));
        await this.sweepOne(join(stream, name), kept.named, kept.now, kept.patience(name));
      }
      if (names.length === 0 && !kept.streams.has(stream)) await this.removeEmpty(stream, kept);
    }
    for (const entry of this.unnamedSince.keys()) if (!seen.has(entry)) this.unnamedSince.delete(entry);
  }

  /** What is a file, or is no longer empty, stays; so does what was made or emptied just now, perhaps for a new stream. */
  private async removeEmpty(stream: string, { now, patience }: Kept): Promise<void> {
    const folder = join(this.root, stream);
    const touched = (await stat(folder).catch(() => null))?.mtimeMs ?? now;
    if (touched <= now - patience(stream)) await rmdir(folder).catch(() => undefined);
  }

  private async sweepOne(entry: string, named: ReadonlySet<string>, now: number, patience: number): Promise<void> {
    if (named.has(entry)) return void this.unnamedSince.delete(entry);
    const since = this.unnamedSince.get(entry) ?? now;
    this.unnamedSince.set(entry, since);
    const file = join(this.root, entry);
    const touched = (await stat(file).catch(() => null))?.mtimeMs ?? now;
    if (Math.max(since, touched) > now - patience) return;
    this.unnamedSince.delete(entry);
    await rm(file, { force: true });
  }
}

/** Empty for a file, and for what is not there. */
async function entries(path: string): Promise<string[]> {
  return readdir(path).catch(() => []);
}
