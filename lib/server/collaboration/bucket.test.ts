import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBucket } from './bucket.ts';

test('a burst passes at once', () => {
  const bucket = createBucket(10, 5);
  expect([1, 1, 1, 1, 1].map((cost) => bucket.take(cost, 1000))).toEqual([0, 0, 0, 0, 0]);
});

test('what is over the burst waits until it is paid', () => {
  const bucket = createBucket(10, 5);
  bucket.take(5, 1000);
  expect(bucket.take(2, 1000)).toBe(200);
  expect(bucket.take(1, 1200)).toBe(100);
});

test('it fills up to its burst and not beyond', () => {
  const bucket = createBucket(10, 5);
  bucket.take(5, 1000);
  expect(bucket.take(5, 60_000)).toBe(0);
  expect(bucket.take(1, 60_000)).toBe(100);
});

test('a clock that goes back gives nothing', () => {
  const bucket = createBucket(10, 1);
  bucket.take(1, 1000);
  expect(bucket.take(1, 500)).toBe(100);
});

test('one that waits as told never takes more than its rate and burst', () => {
  const costs = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(costs, (costs) => {
      const bucket = createBucket(100, 20);
      let now = 0;
      let taken = 0;
      for (const cost of costs) {
        taken += cost;
        now += bucket.take(cost, now);
        expect(taken).toBeLessThanOrEqual(20 + (now * 100) / 1000 + 1e-6);
      }
    }),
  );
});
