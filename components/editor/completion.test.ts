import { describe, expect, it } from 'vitest';
import { offersFor, type Names } from './completion.ts';

const names: Names = {
  relations: [
    {
      name: 'orders',
      what: 'dataset',
      columns: [
        { name: 'day', type: 'DATE' },
        { name: 'Unit price', type: 'DECIMAL(18,2)' },
      ],
    },
    { name: 'weekly', what: 'cell', columns: [{ name: 'day', type: 'DATE' }] },
  ],
  inputs: ['until'],
};

function labels(before: string): string[] {
  return offersFor(before, names).map((each) => each.label);
}

describe('what is offered while writing SQL', () => {
  it('relations and their columns come before functions and keywords', () => {
    const offered = labels('SELECT ');
    expect(offered.slice(0, 2)).toEqual(['orders', 'weekly']);
    expect(offered.indexOf('day')).toBeLessThan(offered.indexOf('sum'));
    expect(offered.indexOf('sum')).toBeLessThan(offered.indexOf('SELECT'));
  });

  it('a column two relations have is offered once', () => {
    expect(labels('SELECT ').filter((label) => label === 'day')).toHaveLength(1);
  });

  it('after a name and a dot only its columns', () => {
    expect(labels('SELECT orders.')).toEqual(['day', 'Unit price']);
    expect(labels('SELECT weekly.d')).toEqual(['day']);
  });

  it('a column that is no plain name is written in quotes', () => {
    expect(offersFor('SELECT orders.', names)[1]?.insert).toBe('"Unit price"');
  });

  it('inside braces only the inputs', () => expect(labels('WHERE day < {{un')).toEqual(['until']));
});
