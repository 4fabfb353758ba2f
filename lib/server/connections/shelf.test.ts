import { beforeEach, expect, test } from 'vitest';
import { Shelf } from './shelf.ts';

let at: Date;
let reads: number;
let shelf: Shelf;
beforeEach(() => {
  at = new Date('2026-11-21T10:00:00Z');
  reads = 0;
  shelf = new Shelf({ age: 600, most: 2, now: () => at });
});

const get = (key: string, fresh = false) => shelf.get(key, fresh, async () => `${key} ${++reads}`);

test('gives again what was read, and says when', async () => {
  await get('a');
  at = new Date('2026-11-21T10:05:00Z');
  expect(await get('a')).toEqual({ value: 'a 1', readAt: new Date('2026-11-21T10:00:00Z') });
});

test('reads what is old, and what must be fresh', async () => {
  await get('a');
  expect((await get('a', true)).value).toBe('a 2');
  at = new Date('2026-11-21T10:10:01Z');
  expect((await get('a')).value).toBe('a 3');
});

test('reads once for all who ask at once', async () => {
  const all = await Promise.all([get('a'), get('a'), get('a')]);
  expect(all.map(({ value }) => value)).toEqual(['a 1', 'a 1', 'a 1']);
});

test('keeps no failure', async () => {
  const fails = shelf.get('a', false, () => Promise.reject(new Error('dead')));
  await expect(fails).rejects.toThrow('dead');
  expect((await get('a')).value).toBe('a 1');
});

test('forgets the longest unused, and what it is told to', async () => {
  for (const key of ['a', 'b', 'a', 'c', 'b']) await get(key);
  expect(reads).toBe(4);
  shelf.forget('b');
  expect((await get('b')).value).toBe('b 5');
});
