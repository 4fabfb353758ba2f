import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scaled } from './scaled.ts';

const parts = fc.tuple(
  fc.integer({ min: 0, max: 999_999_999 }),
  fc
    .integer({ min: 0, max: 9 })
    .chain((more) => fc.tuple(fc.constant(more), fc.integer({ min: 0, max: 10 ** more - 1 }))),
  fc.integer({ min: -22, max: 22 }),
);

test('a number is as the engine reads its digits, or not sure', () => {
  let sure = 0;
  let all = 0;
  fc.assert(
    fc.property(parts, ([front, [more, rest], power]) => {
      const found = scaled(front, more, rest, power);
      all++;
      if (Number.isNaN(found)) return;
      sure++;
      const digits = BigInt(front) * 10n ** BigInt(more) + BigInt(rest);
      expect(found).toBe(Number(`${digits}e${power}`));
    }),
    { numRuns: 20_000 },
  );
  expect(sure).toBeGreaterThan(all / 2);
});

test('the middle between two doubles is left to others', () => {
  expect(scaled(900_719_925, 8, 47_409_930, -1)).toBeNaN();
  expect(scaled(900_719_925, 7, 4_740_993, 0)).toBeNaN();
});
