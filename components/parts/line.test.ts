import { expect, test } from 'vitest';
import { linePoints } from './line.ts';

test('the highest value is at the top, the lowest at the foot, all within the frame', () => {
  const points = linePoints([1, 5, 3], 72, 20);
  expect(points.map((point) => point.y)).toEqual([17, 3, 10]);
  expect(points.map((point) => point.x)).toEqual([2, 36, 70]);
});

test('a line without change runs through the middle', () => {
  expect(linePoints([4, 4], 72, 20).map((point) => point.y)).toEqual([10, 10]);
});

test('one value is one point at the left, and none is none', () => {
  expect(linePoints([4], 72, 20)).toEqual([{ x: 2, y: 10 }]);
  expect(linePoints([], 72, 20)).toEqual([]);
});
