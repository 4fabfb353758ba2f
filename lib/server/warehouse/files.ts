import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { BuiltFile } from './warehouse.ts';

/*
 * The warehouse's files below DATA_DIR/warehouse: `staging/` holds what is being made, `files/` what a manifest entry may
 * name. A file in `files/` is named by its content and never written again, so a reader needs no lock.
 */
export class Files {
  private root: string;
  private unnamedSince = new Map<string, number>();

  constructor(dataDir: string) {
    this.root = resolve(dataDir, 'warehouse');
  }

  async prepare(): Promise<void> {
    await mkdir(this.staging, { recursive: true });
    await mkdir(this.kept, { recursive: true });
  }

  /** A path nobody else uses, for something being made. */
  stage(ending: string): string {
    return join(this.staging, `${randomUUID()}.${ending}`);
  }

  /** What a manifest entry says about a file, independent of where DATA_DIR lies. */
  toEntry(path: string): string {
    return relative(this.root, path);
  }

  fromEntry(entry: string): string {
    return join(this.root, entry);
  }

  /**
   * Moves a staged file to its content's own name, safe against power loss; again is fine. It is moved before it is synced, so that the
   * disk writes both at once: until this resolves nothing names it. Where the same content stands already an entry may name it, so that
   * only what is synced takes its place.
   */
  async settle(file: BuiltFile): Promise<BuiltFile> {
    const path = join(this.kept, file.sha256.slice(0, 2), `${file.sha256}.parquet`);
    this.unnamedSince.delete(path);
    if (path === resolve(file.path)) return file;
    await mkdir(dirname(path), { recursive: true });
    if (await isThere(path)) await syncToDisk(file.path);
    await rename(file.path, path);
    await Promise.all([path, dirname(path)].map(syncToDisk));
    await utimes(path, new Date(), new Date());
    return { ...file, path };
  }

  /** Deletes what no entry has named for `patience` ms, and what was staged longer ago than that. */
  async sweep(named: Set<string>, now: number, patience: number): Promise<void> {
    for (const path of await filesBelow(this.staging))
      if (await isOlder(path, now - patience)) await rm(path, { force: true });
    for (const path of await filesBelow(this.kept)) await this.sweepOne(path, named, now, patience);
  }

  /** A file that is no longer named may still be read by a query that began before. */
  private async sweepOne(path: string, named: Set<string>, now: number, patience: number): Promise<void> {
    if (named.has(this.toEntry(path))) {
      this.unnamedSince.delete(path);
      return;
    }
    const since = this.unnamedSince.get(path) ?? now;
    this.unnamedSince.set(path, since);
    if (since > now - patience || !(await isOlder(path, now - patience))) return;
    this.unnamedSince.delete(path);
    await rm(path, { force: true });
  }

  private get staging(): string {
    return join(this.root, 'staging');
  }

  private get kept(): string {
    return join(this.root, 'files');
  }
}

/** Size and content hash of a staged file. */
export async function measure(path: string, rows: number): Promise<BuiltFile> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return { path, rows, bytes: (await stat(path)).size, sha256: hash.digest('hex') };
}

async function syncToDisk(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function isOlder(path: string, instant: number): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found !== null && found.mtimeMs <= instant;
}
