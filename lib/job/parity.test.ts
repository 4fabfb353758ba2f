import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { among, compare, leadingKey, type TextTable } from './parity.ts';

const table = (names: string[], rows: (string | null)[][]): TextTable => ({
  columns: names.map((name) => ({ name, type: 'VARCHAR' })),
  rows,
});
const sales = (rows: (string | null)[][]) => table(['day', 'shop', 'revenue'], rows);

describe('equal', () => {
  it('whatever the order of rows', () => {
    const found = compare(
      sales([
        ['1', 'a', '10'],
        ['2', 'b', '20'],
      ]),
      sales([
        ['2', 'b', '20'],
        ['1', 'a', '10'],
      ]),
    );
    expect(found).toMatchObject({ equal: true, onlyInA: 0, onlyInB: 0, compared: 2, differing: 0, samples: [] });
  });

  it('whatever the order of columns', () => {
    expect(compare(table(['a', 'b'], [['1', '2']]), table(['b', 'a'], [['2', '1']])).equal).toBe(true);
  });

  it('when both are empty', () => {
    expect(compare(sales([]), sales([]))).toMatchObject({ equal: true, rows: [0, 0] });
  });

  it('only when rows repeat as often', () => {
    const twice = table(['a'], [['1'], ['1']]);
    expect(compare(twice, twice).equal).toBe(true);
    expect(compare(twice, table(['a'], [['1'], ['2']]))).toMatchObject({ equal: false, onlyInA: 1, onlyInB: 1 });
  });

  it('never where null meets the word null or the empty text', () => {
    expect(compare(table(['a'], [[null]]), table(['a'], [['null']])).equal).toBe(false);
    expect(compare(table(['a'], [[null]]), table(['a'], [['']])).equal).toBe(false);
  });

  it('never by joined text', () => {
    expect(compare(table(['a', 'b'], [['x,', 'y']]), table(['a', 'b'], [['x', ',y']])).equal).toBe(false);
  });
});

describe('differs', () => {
  it('names key, column and both values', () => {
    const found = compare(
      sales([
        ['1', 'a', '10'],
        ['2', 'a', '20'],
      ]),
      sales([
        ['1', 'a', '10'],
        ['2', 'a', '21'],
      ]),
    );
    expect(found).toMatchObject({ equal: false, matchedBy: ['day'], compared: 2, differing: 1 });
    expect(found.samples).toEqual([{ key: ['2'], column: 'revenue', a: '20', b: '21' }]);
  });

  it('finds a key of two columns', () => {
    const rows = [
      ['1', 'a', '10'],
      ['1', 'b', '10'],
      ['2', 'a', '10'],
    ];
    expect(compare(sales(rows), sales(rows)).matchedBy).toEqual(['day', 'shop']);
  });

  it('takes the key it is given', () => {
    expect(compare(sales([['1', 'a', '10']]), sales([['1', 'b', '10']]), ['shop'])).toMatchObject({
      onlyInA: 1,
      onlyInB: 1,
      compared: 0,
    });
  });

  it('counts rows that only one side has', () => {
    expect(
      compare(
        sales([
          ['1', 'a', '1'],
          ['2', 'a', '2'],
        ]),
        sales([
          ['2', 'a', '2'],
          ['3', 'a', '3'],
          ['4', 'a', '4'],
        ]),
      ),
    ).toMatchObject({
      rows: [2, 3],
      onlyInA: 1,
      onlyInB: 2,
      compared: 1,
    });
  });

  it('when a column is gone or new, and says which', () => {
    const found = compare(table(['a', 'b'], [['1', '2']]), table(['a', 'c'], [['1', '3']]));
    expect(found).toMatchObject({ equal: false, columns: { onlyInA: ['b'], onlyInB: ['c'] } });
  });

  it('keeps at most twenty samples', () => {
    const rows = (by: number) => Array.from({ length: 100 }, (_, index) => [String(index), String(index * by)]);
    const found = compare(table(['id', 'n'], rows(1)), table(['id', 'n'], rows(2)));
    expect(found.differing).toBe(99);
    expect(found.samples).toHaveLength(20);
  });
});

const cell = fc.option(fc.constantFrom('a', 'b', '1', ''), { nil: null });
const rows = fc.array(fc.tuple(cell, cell), { maxLength: 12 });

it('a table equals any shuffle of itself, and nothing with a row more', () => {
  fc.assert(
    fc.property(rows, fc.func(fc.integer()), (rows, order) => {
      const one = table(['x', 'y'], rows);
      const shuffled = table(
        ['x', 'y'],
        [...rows].sort((a, b) => order(a) - order(b)),
      );
      expect(compare(one, shuffled).equal).toBe(true);
      expect(compare(one, table(['x', 'y'], [...rows, ['new', 'row']])).equal).toBe(false);
    }),
  );
});

it('counts add up on both sides, and equal is the same both ways', () => {
  fc.assert(
    fc.property(rows, rows, (a, b) => {
      const found = compare(table(['x', 'y'], a), table(['x', 'y'], b));
      expect(found.compared + found.onlyInA).toBe(a.length);
      expect(found.compared + found.onlyInB).toBe(b.length);
      expect(compare(table(['x', 'y'], b), table(['x', 'y'], a)).equal).toBe(found.equal);
    }),
  );
});

it('a key of first columns is as short as tells the rows of both apart', () => {
  const of = (...rows: string[][]) => table(['w', 'kind', 'n'], rows);
  expect(leadingKey(of(['1', 'a', '5'], ['2', 'a', '6']), of(['1', 'a', '5']))).toEqual(['w']);
  expect(leadingKey(of(['1', 'a', '5'], ['1', 'b', '6']), of(['1', 'a', '5']))).toEqual(['w', 'kind']);
  expect(leadingKey(of(['1', 'a', '5'], ['1', 'a', '5']), of())).toEqual(['w', 'kind', 'n']);
});

describe('among', () => {
  const columns = ['id', 'kind'].map((name) => ({ name, type: 'VARCHAR' }));
  const all = {
    columns,
    rows: [
      ['1', 'a'],
      ['1', 'a'],
      ['2', 'b'],
      ['3', null],
    ],
  };

  it('keeps the rows that another table has, as often as it has them', () => {
    const other = {
      columns: [columns[1]!, columns[0]!],
      rows: [
        ['a', '1'],
        [null, '3'],
        ['z', '9'],
      ],
    };
    expect(among(all, other).rows).toEqual([
      ['1', 'a'],
      ['3', null],
    ]);
  });
});
