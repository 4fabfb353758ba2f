import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Results } from './results.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lodestar-results-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const at = new Date('2026-11-21T10:00:00Z');
const made = (all = 1000) => new Results(dir, () => at, { each: 100, all });
const names = () => readdir(join(dir, 'results'));

async function put(results: Results, key: string, bytes: number): Promise<boolean> {
  const keeping = await results.keep(key);
  const isWhole = await keeping.write(new Uint8Array(bytes));
  await (isWhole ? keeping.commit() : keeping.discard());
  return isWhole;
}

async function bytesOf(results: Results, key: string): Promise<number> {
  let bytes = 0;
  for await (const part of (await results.find(key))!.read()) bytes += part.byteLength;
  return bytes;
}

test('an answer is there when it is whole, also for a later process', async () => {
  const results = made();
  const keeping = await results.keep('key');
  await keeping.write(new Uint8Array(10));
  expect(await results.find('key')).toBeNull();
  await keeping.write(new Uint8Array(5));
  await keeping.commit();
  expect(await bytesOf(results, 'key')).toBe(15);
  expect((await made().find('key'))!.at).toEqual(at);
  expect(await bytesOf(made(), 'key')).toBe(15);
});

test('what was left half is removed at the next start', async () => {
  const half = await made().keep('key');
  await half.write(new Uint8Array(10));
  expect(await names()).toHaveLength(1);
  expect(await made().find('key')).toBeNull();
  expect(await names()).toEqual([]);
  await half.discard();
});

test('an answer that is too much is not kept', async () => {
  const results = made();
  expect(await put(results, 'key', 101)).toBe(false);
  expect(await names()).toEqual([]);
});

test('the longest unused go when there is too much', async () => {
  const results = made(250);
  for (const key of ['one', 'two']) await put(results, key, 100);
  await results.find('one');
  await put(results, 'three', 100);
  expect(await names()).toEqual(expect.arrayContaining(['one.events', 'three.events']));
  expect(await results.find('two')).toBeNull();
});

test('a newer answer takes the place of the older', async () => {
  const results = made();
  await put(results, 'key', 10);
  await put(results, 'key', 20);
  expect(await bytesOf(results, 'key')).toBe(20);
  expect(await names()).toHaveLength(1);
});

test('files and folder are for this server’s user only, and foreign files stay', async () => {
  const results = made();
  await put(results, 'key', 10);
  expect((await stat(join(dir, 'results'))).mode & 0o777).toBe(0o700);
  expect((await stat(join(dir, 'results', 'key.events'))).mode & 0o777).toBe(0o600);
  await writeFile(join(dir, 'results', 'note.txt'), 'mine');
  await made().find('key');
  expect(await names()).toContain('note.txt');
});
