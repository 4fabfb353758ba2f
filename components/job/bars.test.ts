import { expect, it } from 'vitest';
import { drawBars, type BarGiven } from './bars.ts';

const at = (minute: number, second = 0) => new Date(Date.UTC(2026, 10, 21, 14, minute, second)).toISOString();
const bar = (minute: number, value: number | null, isOpen = false): BarGiven => ({
  windowStart: at(minute),
  windowEnd: at(minute + 1),
  value,
  isOpen,
  isAgain: false,
});
const box = { left: 0, right: 100, top: 0, foot: 100 };

it('bars stand on zero under a round top', () => {
  const { bars, lines, zero } = drawBars([bar(0, 50), bar(1, 100)], null, box);
  expect(bars.map(({ x, width, y, height }) => [x, width, y, height])).toEqual([
    [10, 30, 50, 50],
    [60, 30, 0, 100],
  ]);
  expect([zero, lines.map(({ value }) => value)]).toEqual([100, [0, 50, 100]]);
});

it('the open window is outlined as high as the last one, with the watermark through it', () => {
  const { bars, watermark } = drawBars([bar(0, 80), bar(1, 20, true)], at(1, 30), box);
  expect(bars[1]?.outline).toEqual({ y: 20, height: 80 });
  expect(bars[0]?.outline).toBeNull();
  expect(watermark).toBe(75);
});

it('a watermark outside the open window is not drawn', () => {
  expect(drawBars([bar(0, 80), bar(1, 20, true)], at(0, 30), box).watermark).toBeNull();
  expect(drawBars([bar(0, 80)], null, box).watermark).toBeNull();
});

it('what is below zero hangs from it, and nothing is no bar', () => {
  const { bars, zero } = drawBars([bar(0, -10), bar(1, 10), bar(2, null)], null, box);
  expect(zero).toBe(50);
  expect(bars.map(({ y, height }) => [y, height])).toEqual([
    [50, 50],
    [0, 50],
    [50, 0],
  ]);
});

it('before a number is known there is no scale', () => {
  const { lines, bars } = drawBars([bar(0, null), bar(1, null, true)], null, box);
  expect(lines).toEqual([{ value: 0, y: 100 }]);
  expect(bars.map(({ height }) => height)).toEqual([0, 0]);
});
