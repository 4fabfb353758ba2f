import { expect, it } from 'vitest';
import type { CellView, Result } from '#lib/client/notebook/store.ts';
import { said } from './said.ts';

const columns = [{ name: 'n', type: 'INTEGER' }];
function of(type: string, done: object | null, result: Partial<Result>, state = 'good'): string {
  const view = { cell: { type }, run: { state, done } } as unknown as CellView;
  return said(view, { columns, values: [], isOfPart: false, ...result } as unknown as Result);
}

it('rows, and what is known of the rest', () => {
  expect(of('sql', { rows: 12_345, complete: true }, {})).toBe('12,345');
  expect(of('sql', { rows: 5000, complete: false }, {})).toBe('first 5,000');
  expect(of('sql', { rows: 1, complete: false }, { isOfPart: true })).toBe('1 of a part');
  expect(of('sql', null, {}, 'running')).toBe('running');
});

it('a value of TypeScript has no rows', () => {
  const value = { type: 'value', name: 'total', text: '7' } as unknown as Result['values'][number];
  expect(of('typescript', { rows: 0, complete: false }, { columns: [], values: [value] })).toBe('value');
  expect(of('typescript', { rows: 0, complete: true }, { columns: [] })).toBe('');
  expect(of('typescript', { rows: 3, complete: true }, {})).toBe('3');
});
