import { expect, it } from 'vitest';
import type { NotebookStore, NotebookView, Result } from '#lib/client/notebook/store.ts';
import { chartFor } from './chart-for.ts';

const cell = (name: string, type: string) => ({ cell: { id: name, name, type } });
const cells = [cell('daily', 'sql'), cell('note', 'markdown'), cell('total', 'typescript'), cell('later', 'sql')];

function storeWith(results: Record<string, Partial<Result>>): Pick<NotebookStore, 'snapshot' | 'result'> {
  return {
    snapshot: () => ({ cells }) as unknown as NotebookView,
    result: (id) => (results[id] ?? null) as Result | null,
  };
}
const rows = { asOf: '2026-11-21', columns: [{ name: 'n', type: 'INTEGER' }] };
const value = { asOf: '2026-11-21', columns: [] };

it('a chart below a single value draws the rows above it', () => {
  expect(chartFor(storeWith({ daily: rows, total: value }), { after: 'total' })).toEqual({ from: 'daily' });
  expect(chartFor(storeWith({ daily: value, total: value }), { after: 'total' })).toEqual({});
});

it('otherwise the nearest cell above, run or not', () => {
  expect(chartFor(storeWith({ daily: rows, total: rows }), { after: 'total' })).toEqual({ from: 'total' });
  expect(chartFor(storeWith({ daily: rows, total: { ...value, asOf: '' } }), { before: 'later' })).toEqual({
    from: 'total',
  });
  expect(chartFor(storeWith({}), { after: 'note' })).toEqual({ from: 'daily' });
  expect(chartFor(storeWith({}), {})).toEqual({ from: 'later' });
});
