import { expect, test } from 'vitest';
import { clock, count, date, day, percent, size, took, when, whole } from './words.ts';

test('numbers are grouped and minus is a minus', () => {
  expect(whole(1284)).toBe('1,284');
  expect(whole(-3)).toBe('−3');
  expect(whole(9007199254740993n)).toBe('9,007,199,254,740,993');
});

test('one is one, none is none', () => {
  expect(count(0, 'notebook')).toBe('no notebooks');
  expect(count(1, 'notebook')).toBe('1 notebook');
  expect(count(2000, 'person', 'people')).toBe('2,000 people');
});

test('a share of nothing is not a number', () => {
  expect(percent(1, 3)).toBe('33 %');
  expect(percent(1, 3, 1)).toBe('33.3 %');
  expect(percent(0, 0)).toBe('–');
});

test('a size changes its unit before it needs four digits', () => {
  expect(size(0)).toEqual({ value: '0', unit: 'B' });
  expect(size(999)).toEqual({ value: '999', unit: 'B' });
  expect(size(1_000)).toEqual({ value: '1.0', unit: 'kB' });
  expect(size(3_140_000_000)).toEqual({ value: '3.1', unit: 'GB' });
  expect(size(346_000)).toEqual({ value: '346', unit: 'kB' });
});

test('a duration is said in the unit one would say', () => {
  expect(took(12.4)).toEqual({ value: '12', unit: 'ms' });
  expect(took(1_840)).toEqual({ value: '1.84', unit: 's' });
  expect(took(48_000)).toEqual({ value: '48.0', unit: 's' });
  expect(took(150_000)).toEqual({ value: '2.5', unit: 'min' });
});

test('an instant is said in the zone asked for', () => {
  const at = '2026-10-19T23:30:05Z';
  expect(day(at, 'UTC')).toBe('Mon 19 Oct');
  expect(day(at, 'Europe/Berlin')).toBe('Tue 20 Oct');
  expect(date(at, 'Europe/Berlin')).toBe('2026-10-20');
  expect(clock(at, 'UTC')).toBe('23:30');
  expect(clock(at, 'UTC', true)).toBe('23:30:05');
  expect(day('2026-09-07T00:00:00Z', 'UTC')).toBe('Mon 7 Sep');
});

test('midnight is 00:00', () => {
  expect(clock('2026-10-19T00:00:00Z', 'UTC')).toBe('00:00');
});

test('the further away, the less is said', () => {
  const now = '2026-10-20T12:00:00Z';
  expect(when('2026-10-20T11:20:00Z', now, 'UTC')).toBe('11:20');
  expect(when('2026-10-19T11:20:00Z', now, 'UTC')).toBe('Mon 19 Oct');
  expect(when('2025-10-19T11:20:00Z', now, 'UTC')).toBe('2025-10-19');
});
