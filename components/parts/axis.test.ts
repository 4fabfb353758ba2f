import { expect, it } from 'vitest';
import { axisText, byMinute, evenly, roundTop } from './axis.ts';

it.each([
  [0, 1],
  [0.3, 0.5],
  [1, 1],
  [14, 20],
  [41, 50],
  [412, 500],
  [6212, 10_000],
  [2_400_000, 2_500_000],
])('an axis for %d ends at %d', (most, top) => expect(roundTop(most)).toBeCloseTo(top, 9));

it.each([
  [0, '0'],
  [0.5, '0.5'],
  [400, '400'],
  [8000, '8000'],
  [12_500, '12.5 k'],
  [1_200_000, '1.2 M'],
  [-3, '−3'],
])('%d is written %s', (value, text) => expect(axisText(value)).toBe(text));

it('instants lie evenly, ends included', () => expect(evenly(0, 60, 4)).toEqual([0, 20, 40, 60]));

it('a minute that nobody noted has its own value', () => {
  const noted = [{ minute: '2026-11-21T14:01:00.000Z', value: 7 }];
  const at = (minute: number) => Date.UTC(2026, 10, 21, 14, minute, 30);
  expect(byMinute(noted, at(0), at(2))).toEqual([0, 7, 0]);
});
