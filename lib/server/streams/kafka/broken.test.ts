import { expect, test } from 'vitest';
import { reachOf } from './broken.ts';
import { BatchBroken } from './words.ts';

/** A partition that ends at `end`, with broken batches that hold [first, below). */
function partition(end: number, ...broken: [first: number, below: number][]) {
  let asked = 0;
  const cluster = {
    offsets: () => Promise.resolve(new Map([[7, end]])),
    fetch: (_node: number, [wanted]: readonly { offset: number }[]) => {
      asked++;
      const { offset } = wanted!;
      if (broken.some(([first, below]) => offset >= first && offset < below))
        return Promise.reject(new BatchBroken('broken'));
      return Promise.resolve([]);
    },
  };
  return { place: { cluster, leader: 1, partition: 7 }, asked: () => asked };
}

test.each([
  ['one record', 1000, [[500, 501]], 501],
  ['some records', 1000, [[500, 523]], 523],
  ['all there is', 1000, [[500, 1000]], 1000],
  ['the last record', 501, [[500, 501]], 501],
  [
    'two batches after each other',
    1000,
    [
      [500, 510],
      [510, 530],
    ],
    530,
  ],
  ['many records', 10_000_000, [[0, 6_543_210]], 6_543_210],
] as [string, number, [number, number][], number][])('%s', async (_, end, broken, next) => {
  const { place, asked } = partition(end, ...broken);
  expect(await reachOf(place, broken[0]![0])).toBe(next);
  expect(asked()).toBeLessThan(50);
});

test('what else goes wrong is thrown', async () => {
  const { place } = partition(100);
  const fetch = () => Promise.reject(new Error('away'));
  await expect(reachOf({ ...place, cluster: { ...place.cluster, fetch } }, 5)).rejects.toThrow('away');
});
