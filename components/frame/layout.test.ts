import { expect, test } from 'vitest';
import { gridClass, isShown, toggled } from './layout.ts';

test('untouched, a part is there when there is room', () => {
  expect(isShown('auto', true)).toBe(true);
  expect(isShown('auto', false)).toBe(false);
});

test('the key hides what is seen and shows what is not, at any width', () => {
  expect(toggled('auto', true)).toBe('closed');
  expect(toggled('auto', false)).toBe('open');
  expect(toggled('closed', true)).toBe('open');
  expect(toggled('open', false)).toBe('closed');
});

test('the grid has a column for what is beside the page, and only for that', () => {
  expect([gridClass(true, true), gridClass(true, false), gridClass(false, true), gridClass(false, false)]).toEqual([
    'app has-panel',
    'app',
    'app panel-only',
    'app no-side',
  ]);
});
