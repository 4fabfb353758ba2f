import { expect, it } from 'vitest';
import { inTime, localTime, shortHash, windowName } from './words.ts';

const window = { windowStart: '2026-10-18T22:00:00Z', windowEnd: '2026-10-19T22:00:00Z' };

it.each([
  [{ unit: 'day', size: 1 }, 'Mon 19 Oct'],
  [{ unit: 'hour', size: 1 }, 'Mon 19 Oct 00:00'],
  [{ unit: 'week', size: 1 }, 'week of Mon 19 Oct'],
  [{ unit: 'month', size: 1 }, '2026-10'],
] as const)('a window of %j is called %s', (spec, name) => {
  expect(windowName(window, spec, 'Europe/Berlin')).toBe(name);
});

it('a sliding window is called by its first and last day', () => {
  const sliding = { windowStart: '2026-09-19T22:00:00Z', windowEnd: '2026-10-19T22:00:00Z' };
  expect(windowName(sliding, { unit: 'day', size: 30 }, 'Europe/Berlin')).toBe('Sun 20 Sep to Mon 19 Oct');
});

it('times are those of the zone', () => {
  expect(localTime('2026-10-18T22:00:00Z', 'Europe/Berlin')).toBe('2026-10-19 00:00');
});

it.each([
  ['2026-11-21T10:28:00Z', 'in 28 min'],
  ['2026-11-21T22:28:00Z', 'in 12 h 28 min'],
  ['2026-11-25T10:00:00Z', 'in 4 days'],
  ['2026-11-21T09:00:00Z', ''],
])('%s is %s', (at, words) => {
  expect(inTime(at, '2026-11-21T10:00:00Z')).toBe(words);
});

it('a hash is read in fours', () => {
  expect(shortHash('9f3c71a2e04d5b18ffff')).toBe('9f3c 71a2 e04d 5b18');
});
