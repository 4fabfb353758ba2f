import { expect, test } from 'vitest';
import { Memory } from './memory.ts';

const hashOf = (n: number) => Buffer.alloc(16, n);
const has = (memory: Memory, n: number, now: number) => memory.has(hashOf(n), 0, now);

test('a key is known for the horizon and no longer', () => {
  const memory = new Memory(10_000);
  memory.add(hashOf(1), 1000);
  memory.add(Buffer.concat([hashOf(2), hashOf(200)]), 5000);
  expect([1, 2, 200, 3].map((n) => has(memory, n, 10_999))).toEqual([true, true, true, false]);
  expect([1, 2].map((n) => has(memory, n, 11_000))).toEqual([false, true]);
});

test('a key that came again after the horizon is known from then', () => {
  const memory = new Memory(10_000);
  memory.add(hashOf(1), 0);
  memory.add(hashOf(1), 10_000);
  expect(has(memory, 1, 19_999)).toBe(true);
});

test('old keys are let go', () => {
  const memory = new Memory(8000);
  for (let at = 0; at < 100; at++) memory.add(hashOf(at), at * 1000);
  expect(memory.size).toBeLessThanOrEqual(10);
  expect(memory.since).toBe(-Infinity);
});

test('when there are too many the oldest go early, and it says since when all are known', () => {
  const memory = new Memory(80_000, 4);
  for (let at = 0; at < 6; at++) memory.add(hashOf(at), at * 20_000);
  expect(memory.size).toBeLessThanOrEqual(4);
  expect(has(memory, 5, 100_000)).toBe(true);
  memory.add(Buffer.concat([10, 11, 12, 13, 14].map(hashOf)), 120_000);
  expect(memory.since).toBeGreaterThan(0);
});
