import { expect, test } from 'vitest';
import { cpuOf, measureRounds } from './frame.ts';
import { goalInWords, holds, judge, median, percentile } from './verdict.ts';

test('rounds are interleaved B C, C B, after one round to warm up', async () => {
  const order: string[] = [];
  const rounds = await measureRounds({
    name: 'T0',
    goal: { atMost: 1 },
    baseline: async () => order.push('B'),
    candidate: async () => order.push('C'),
    rounds: 5,
  });
  expect(order.join('')).toBe('BCCBBCCBBCCB');
  expect(rounds).toHaveLength(5);
});

test('a round divides the candidate by the baseline and keeps the details', async () => {
  const rounds = await measureRounds({
    name: 'T0',
    goal: { atMost: 1 },
    baseline: async () => ({ cost: 4, detail: { rows: 1 } }),
    candidate: async () => 2,
  });
  expect(rounds[0]).toEqual({ baseline: { cost: 4, detail: { rows: 1 } }, candidate: { cost: 2 }, ratio: 0.5 });
});

test('a goal needs the median and four of five rounds', () => {
  expect(judge([0.9, 0.9, 0.9, 0.9, 1.4], { atMost: 1 }).pass).toBe(true);
  expect(judge([0.9, 0.9, 0.9, 1.4, 1.4], { atMost: 1 }).pass).toBe(false);
  expect(judge([1.1, 1.1, 1.1, 0.9, 0.9], { atMost: 1 }).pass).toBe(false);
  expect(judge([0.9, 0.9, 0.8, 0.9, 0.9], { atLeast: 0.85 })).toEqual({ ratio: 0.9, held: 4, rounds: 5, pass: true });
});

test('a baseline of nothing never passes', () => {
  expect(holds(0 / 0, { atMost: 1 })).toBe(false);
  expect(holds(1 / 0, { atMost: 1 })).toBe(false);
});

test('median and percentile do not depend on the order given', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(percentile([5, 1, 4, 2, 3], 0.99)).toBe(5);
  expect(percentile([5, 1, 4, 2, 3], 0.5)).toBe(3);
});

test('goals read as GOALS writes them', () => {
  expect(goalInWords({ atMost: 1.3 })).toBe('≤ 1.3');
  expect(goalInWords({ atLeast: 0.85 })).toBe('≥ 0.85');
});

test('CPU is counted, waiting is not', async () => {
  const work = () => {
    let sum = 0;
    for (let index = 0; index < 2e7; index += 1) sum += Math.sqrt(index);
    return sum;
  };
  expect(await cpuOf(work)).toBeGreaterThan(0);
});
