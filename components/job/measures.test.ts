import { expect, it } from 'vitest';
import type { Provisional } from '#lib/job/view.ts';
import { columnOf, exactSum, measuresOf, sumSoFar } from './measures.ts';

it('numbers of the output can be drawn, and what is always counted', () => {
  const columns = [
    { name: 'window_start', type: 'TIMESTAMP' },
    { name: 'country', type: 'VARCHAR' },
    { name: 'cents', type: 'DECIMAL(18,2)' },
  ];
  expect(measuresOf(columns).map(({ value }) => value)).toEqual(['column:cents', 'rows', 'events']);
  expect([columnOf('column:a b'), columnOf('rows')]).toEqual(['a b', null]);
});

it.each([
  [['9007199254740993', '1'], '9007199254740994'],
  [['0.10', '0.2'], '0.30'],
  [['-0.05', '-0.10'], '-0.15'],
  [['1e3', '2'], '1002'],
])('%j add up to %s', (values, total) => expect(exactSum(values)).toBe(total));

it('nothing adds up to nothing', () => expect(exactSum([])).toBeNull());

it('a sum so far is of all rows of that window, or not told', () => {
  const provisional = {
    windowStart: 'a',
    columns: [{ name: 'n', type: 'BIGINT' }],
    rows: [['2'], [null], ['3']],
    complete: true,
  } as unknown as Provisional;
  expect(sumSoFar('n', 'a', provisional)).toBe('5');
  expect(sumSoFar('n', 'b', provisional)).toBeNull();
  expect(sumSoFar('m', 'a', provisional)).toBeNull();
  expect(sumSoFar('n', 'a', { ...provisional, complete: false })).toBeNull();
});
