import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventTimeOf, isDate, parseCount, parseIso, timestampText } from './time.ts';

describe('ISO text', () => {
  test.each([
    ['2026-11-21T10:00:00Z', '2026-11-21 10:00:00'],
    ['2026-11-21T10:00:00.123456789+02:00', '2026-11-21 08:00:00.123456'],
    ['2026-11-21 10:00', '2026-11-21 10:00:00'],
    ['2026-11-21T10:00:00-0530', '2026-11-21 15:30:00'],
    ['2026-11-21 10:00:00 +02', '2026-11-21 08:00:00'],
    ['2026-11-21', '2026-11-21 00:00:00'],
    ['2024-02-29T23:59:59,5Z', '2024-02-29 23:59:59.5'],
    ['0099-01-01T00:00:00Z', '0099-01-01 00:00:00'],
  ])('%s is %s in UTC', (text, expected) => expect(parseIso(text)?.text).toBe(expected));

  test.each([
    '2023-02-29',
    '2026-13-01',
    '2026-11-21T24:00:00Z',
    '2026-11-21T10:00:60Z',
    '0000-01-01',
    '9999-12-31T23:59:59-02:00',
    '0001-01-01T00:00:00+02:00',
    '2026-11-21T10:00:00+19:00',
    'yesterday',
    '',
    '20261121',
  ])('%s is none', (text) => expect(parseIso(text)).toBeNull());

  test('what JavaScript writes comes back to the millisecond', () =>
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true }),
        (date) => {
          expect(parseIso(date.toISOString())?.ms).toBe(date.getTime());
          expect(parseIso(timestampText(date.getTime()))?.ms).toBe(date.getTime());
        },
      ),
    ));
});

test('a date is a day of the calendar', () => {
  expect(['2024-02-29', '2023-02-29', '2026-1-1', '0000-01-01'].map(isDate)).toEqual([true, false, false, false]);
});

test('a count is seconds, milliseconds, microseconds or nanoseconds by its size', () =>
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(1974, 0), max: Date.UTC(2250, 0) }), (ms) => {
      const text = timestampText(ms);
      expect(parseCount(ms)?.text).toBe(text);
      expect(parseCount(ms * 1000)?.text).toBe(text);
      expect(parseCount(Math.floor(ms / 1000))?.ms).toBe(Math.floor(ms / 1000) * 1000);
      expect(Math.abs(parseCount(ms * 1e6)!.ms - ms)).toBeLessThanOrEqual(1);
    }),
  ));

test.each([Number.NaN, Infinity, 1e300, -1e300])('the count %s is no time', (count) =>
  expect(parseCount(count)).toBeNull(),
);

describe('the time of an event', () => {
  const now = Date.UTC(2026, 10, 21, 10);
  const of = (value: unknown) => eventTimeOf(value, now, 600_000);

  test('a clock that is a little ahead is trusted', () => {
    expect(of('2026-11-21T10:10:00Z')).toEqual({ ms: now + 600_000, text: '2026-11-21 10:10:00' });
    expect(of('2026-11-21T10:10:01Z')).toContain('more than 600 s ahead of the time it came (2026-11-21 10:00:00)');
  });

  test.each([
    [null, 'is missing'],
    [undefined, 'is missing'],
    ['0001-01-01T00:00:00Z', 'before 1970'],
    ['9999-12-31T23:59:59Z', 'ahead'],
    [-1, 'before 1970'],
    [1e18 * 9, 'ahead'],
    ['soon', 'no time'],
    [true, 'no time'],
    [{ $date: 1 }, 'no time'],
    [[], 'no time'],
    [10n ** 30n, 'no time'],
  ])('%s is refused', (value, reason) => expect(of(value)).toContain(reason));

  test('whatever it is, the answer is an instant within bounds or a sentence', () =>
    fc.assert(
      fc.property(fc.oneof(fc.anything({ withBigInt: true }), fc.double(), fc.string()), (value) => {
        const found = of(value);
        if (typeof found === 'string') return;
        expect(found.ms).toBeGreaterThanOrEqual(0);
        expect(found.ms).toBeLessThanOrEqual(now + 600_000);
      }),
    ));
});
