import { PGlite } from '@electric-sql/pglite';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import manifest from '#package' with { type: 'json' };
import { newId } from '#lib/notebook/id.ts';

/*
 * What PGlite makes of an empty folder, kept beside the packages: making it takes over a second of a core, and each test file begins
 * with at least one.
 */
const cache = join(import.meta.dirname, '../../node_modules/.cache/lodestar');
const kept = join(cache, `pglite-${manifest.dependencies['@electric-sql/pglite']}.tar`);

/** An empty database as PGlite's dump, to be loaded into memory. */
export async function emptyDatabase(): Promise<Blob> {
  const found = await readFile(kept).catch(() => null);
  return found ? new Blob([found]) : makeEmpty();
}

async function makeEmpty(): Promise<Blob> {
  const fresh = await PGlite.create('memory://');
  const dump = await fresh.dumpDataDir('none');
  await fresh.close();
  await mkdir(cache, { recursive: true });
  const draft = `${kept}.${newId()}`;
  await writeFile(draft, Buffer.from(await dump.arrayBuffer()));
  await rename(draft, kept);
  return dump;
}
