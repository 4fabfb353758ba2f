import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Folder } from './folder.ts';

let dataDir: string;
let folder: Folder;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'lodestar-folder-'));
  folder = new Folder(dataDir);
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const old = 1000;
async function write(streamId: string, name: string): Promise<string> {
  await mkdir(join(folder.root, streamId), { recursive: true });
  const file = folder.path(streamId, name);
  await writeFile(file, 'x');
  await utimes(file, old, old);
  return file;
}
const sweep = (now: number, named: string[] = [], elsewhere: string[] = []) =>
  folder.sweep({
    named: new Set(named),
    streams: new Set(['kept']),
    elsewhere: new Set(elsewhere),
    now,
    patience: () => 60_000,
  });

test('what nobody names goes after a while, what is named stays', async () => {
  await write('kept', 'named');
  await write('kept', 'unnamed');
  const now = old * 1000 + 1_000_000;
  await sweep(now, ['kept/named']);
  expect((await readdir(join(folder.root, 'kept'))).toSorted()).toEqual(['named', 'unnamed']);
  await sweep(now + 60_000, ['kept/named']);
  expect(await readdir(join(folder.root, 'kept'))).toEqual(['named']);
});

test('the folder of a stream that is gone goes when it is empty; that of another stays', async () => {
  await write('gone', 'last');
  await write('young', 'last');
  await mkdir(join(folder.root, 'kept'));
  const now = Date.now();
  const left = async () => (await readdir(folder.root)).toSorted();
  await sweep(now);
  await sweep(now + 60_000);
  expect(await left(), 'emptied just now').toEqual(['gone', 'kept', 'young']);
  for (const stream of ['gone', 'kept']) await utimes(join(folder.root, stream), old, old);
  await utimes(join(folder.root, 'young'), now / 1000 + 1, now / 1000 + 1);
  await sweep(now + 60_000);
  expect(await left()).toEqual(['kept', 'young']);
  await sweep(now + 180_000);
  expect((await readdir(folder.root)).toSorted()).toEqual(['kept']);
});

test('a file that went by itself is forgotten: one of its name has its time again', async () => {
  const file = await write('kept', 'draft');
  const now = old * 1000 + 1_000_000;
  await sweep(now);
  await rm(file);
  await sweep(now + 60_000);
  await write('kept', 'draft');
  await sweep(now + 120_000);
  expect(await readdir(join(folder.root, 'kept'))).toEqual(['draft']);
  expect(folder.watched).toBe(1);
});

test('servers that share the folder of streams have each a home of their own, which stays', async () => {
  const other = await mkdtemp(join(tmpdir(), 'lodestar-other-'));
  try {
    await mkdir(folder.root, { recursive: true });
    await symlink(folder.root, join(other, 'streams'));
    const [mine, theirs] = [await folder.home(), await new Folder(other).home()];
    expect(theirs).not.toBe(mine);
    expect(await folder.home()).toBe(mine);
  } finally {
    await rm(other, { recursive: true, force: true });
  }
});

test('of a stream that another server wrote last nothing goes, and when it is ours its time begins', async () => {
  await write('kept', 'theirs');
  const now = old * 1000 + 1_000_000;
  const left = () => readdir(join(folder.root, 'kept'));
  for (const later of [0, 60_000, 120_000]) await sweep(now + later, [], ['kept']);
  await sweep(now + 180_000);
  expect(await left()).toEqual(['theirs']);
  await sweep(now + 240_000);
  expect(await left()).toEqual([]);
});
