import { expect, test } from 'vitest';
import { Recent } from './recent.ts';

test('so many are kept, those that were asked for last', () => {
  const recent = new Recent<number>(2);
  recent.set('one', 1);
  recent.set('two', 2);
  expect(recent.get('one')).toBe(1);
  recent.set('three', 3);
  expect(['one', 'two', 'three'].map((key) => recent.get(key))).toEqual([1, undefined, 3]);
  recent.set('one', 4);
  expect(['one', 'two', 'three'].map((key) => recent.get(key))).toEqual([4, undefined, 3]);
});
