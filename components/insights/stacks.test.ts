import { expect, test } from 'vitest';
import { named, roundUp, stacks } from './stacks.ts';

const counts = [
  { day: '2026-10-01', type: 'line', charts: 3 },
  { day: '2026-10-01', type: 'bar', charts: 2 },
  { day: '2026-10-03', type: 'bar', charts: 4 },
];

test('types stand upon each other in the order given, and keep their colour', () => {
  const { bars } = stacks(['2026-10-01', '2026-10-02', '2026-10-03'], counts, ['bar', 'line']);
  expect(bars).toEqual([
    { index: 0, day: '2026-10-01', type: 'bar', colour: 1, from: 0, to: 2 },
    { index: 0, day: '2026-10-01', type: 'line', colour: 2, from: 2, to: 5 },
    { index: 2, day: '2026-10-03', type: 'bar', colour: 1, from: 0, to: 4 },
  ]);
});

test('the scale ends at a round even number that no bar passes', () => {
  for (const [value, round] of [
    [0, 2],
    [1, 2],
    [5, 6],
    [7, 8],
    [9, 10],
    [13, 20],
    [41, 60],
    [100, 100],
    [699, 800],
  ] as const) {
    expect(roundUp(value)).toBe(round);
  }
});

test('no day and no chart make no bar', () => {
  expect(stacks([], [], [])).toEqual({ bars: [], most: 2 });
});

test('with more types than colours the rarest stand together, and none is lost', () => {
  const types = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
  expect(named(types)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'others']);
  expect(named(types.slice(0, 8))).toEqual(types.slice(0, 8));
  const counted = types.map((type) => ({ day: '2026-10-01', type, charts: 1 }));
  const { bars } = stacks(['2026-10-01'], counted, types);
  expect(bars.at(-1)).toMatchObject({ type: 'others', colour: 8, from: 7, to: 9 });
});
