import { createReadStream } from 'node:fs';
import { appendFile, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Keeping, Kept, ResultStore } from '#kernels/cache.ts';
import { newId } from '#lib/notebook/id.ts';

/*
 * Answers of clusters as files below DATA_DIR/results, one each, whole or not at all. A file's name is the hash of everything
 * that makes two runs the same, whoever asked included (key.ts), so that nobody's rows lie under another's name. The
 * longest unused go first when there is too much. Files are readable by this server's user only; they are not sealed.
 */

export interface ResultLimits {
  /** Bytes of one answer, and of all. */
  each: number;
  all: number;
}

const defaults: ResultLimits = { each: 64 * 2 ** 20, all: 2 * 2 ** 30 };
const ending = '.events';
const stagedEnding = '.part';

interface Entry {
  at: Date;
  bytes: number;
}

export class Results implements ResultStore {
  private folder: string;
  private limits: ResultLimits;
  private now: () => Date;
  /** In the order of their last use, the longest unused first. */
  private entries = new Map<string, Entry>();
  private ready: Promise<void>;

  constructor(dataDir: string, now: () => Date, limits: ResultLimits = defaults) {
    this.folder = join(dataDir, 'results');
    this.limits = limits;
    this.now = now;
    this.ready = this.load();
    this.ready.catch(() => undefined);
  }

  async find(key: string): Promise<Kept | null> {
    await this.ready;
    const entry = this.entries.get(key);
    if (!entry) return null;
    this.entries.delete(key);
    this.entries.set(key, entry);
    return { at: entry.at, read: () => createReadStream(this.pathOf(key)) };
  }

  /** No file stays open between writes, so that a run which nobody ends costs no handle. */
  async keep(key: string): Promise<Keeping> {
    await this.ready;
    const path = join(this.folder, `${newId()}${stagedEnding}`);
    let bytes = 0;
    return {
      write: async (part) => {
        bytes += part.byteLength;
        if (bytes > this.limits.each) return false;
        await appendFile(path, part, { mode: 0o600 });
        return true;
      },
      commit: () => this.commit(key, path, bytes),
      discard: () => rm(path, { force: true }),
    };
  }

  private async commit(key: string, path: string, bytes: number): Promise<void> {
    const at = this.now();
    await utimes(path, at, at);
    await rename(path, this.pathOf(key));
    this.entries.delete(key);
    this.entries.set(key, { at, bytes });
    await this.makeRoom();
  }

  private async makeRoom(): Promise<void> {
    let all = [...this.entries.values()].reduce((sum, entry) => sum + entry.bytes, 0);
    for (const [key, { bytes }] of this.entries) {
      if (all <= this.limits.all) return;
      this.entries.delete(key);
      all -= bytes;
      await rm(this.pathOf(key), { force: true });
    }
  }

  /** What an earlier process left whole is used again; what it left half is removed. */
  private async load(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const found: [string, Entry][] = [];
    for (const name of await readdir(this.folder)) {
      const path = join(this.folder, name);
      if (name.endsWith(stagedEnding)) await rm(path, { force: true });
      if (!name.endsWith(ending)) continue;
      const { mtime, size } = await stat(path);
      found.push([name.slice(0, -ending.length), { at: mtime, bytes: size }]);
    }
    this.entries = new Map(found.sort(([, one], [, other]) => one.at.getTime() - other.at.getTime()));
  }

  private pathOf(key: string): string {
    return join(this.folder, `${key}${ending}`);
  }
}
