import { expect, test } from 'vitest';
import { match } from './match.ts';

test('a piece at the start of a word wins over one inside it, wherever it stands', () => {
  expect(match('rev', 'daily_revenue')?.ranges).toEqual([[6, 9]]);
  expect(match('run', 'prune, then run')?.ranges).toEqual([[12, 15]]);
  expect(match('new', 'New notebook')!.score).toBeGreaterThan(match('new', 'Renewals')!.score);
});

test('letters in order match, as one underline where they touch', () => {
  expect(match('nnote', 'New notebook')?.ranges).toEqual([
    [0, 1],
    [4, 8],
  ]);
});

test('the first letters of words match', () => {
  expect(match('nn', 'New notebook')?.ranges).toEqual([
    [0, 1],
    [4, 5],
  ]);
});

test('case and blanks at the ends do not matter', () => {
  expect(match('  REV ', 'Revenue')?.ranges).toEqual([[0, 3]]);
});

test('what is not there does not match, and neither do letters strewn about', () => {
  expect(match('xyz', 'daily_revenue')).toBeNull();
  expect(match('dluen', 'daily_revenue of all countries')).toBeNull();
});

test('an empty query matches everything and marks nothing', () => {
  expect(match(' ', 'anything')).toEqual({ score: 0, ranges: [] });
});
