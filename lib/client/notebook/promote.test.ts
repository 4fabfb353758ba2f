import { tableFromArrays } from 'apache-arrow';
import { expect, it } from 'vitest';
import type { Cell } from '#lib/notebook/cell.ts';
import { shownRows } from './promote.ts';
import type { NotebookStore } from './store.ts';

const table = tableFromArrays({ n: Int32Array.from([1, 2]) });
const cell = {
  id: 'a',
  type: 'sql',
  name: 'revenue',
  position: 'a',
  source: '',
  engine: 'browser',
  connection: '',
  chart: null,
  input: null,
} satisfies Cell;
const input = (name: string, value: string): Cell => ({
  ...cell,
  id: name,
  type: 'input',
  name,
  engine: null,
  input: { kind: 'date', value, options: [], hint: '', min: null, max: null },
});

function storeWith(state: string, rows = 2): NotebookStore {
  const cells = [cell, input('window_start', '2026-11-20'), input('window_end', '2026-11-21')];
  const run = { state };
  const result = {
    schema: table.schema,
    batches: table.batches,
    rows,
    columns: [{ name: 'n', type: 'INTEGER' }],
    complete: true,
  };
  return {
    snapshot: () => ({ id: 'x', cells: cells.map((each) => ({ cell: each, run })) }),
    result: () => result,
  } as unknown as NotebookStore;
}

it('gives the rows as exact text, with the window of the inputs', () => {
  expect(shownRows(storeWith('good'), cell)).toEqual({
    columns: [{ name: 'n', type: 'INTEGER' }],
    rows: [['1'], ['2']],
    complete: true,
    windowStart: '2026-11-20',
    windowEnd: '2026-11-21',
  });
});

it.each(['stale', 'running', 'failed', 'idle'])(
  'gives nothing while the cell is %s: the rows are not those of its text',
  (state) => {
    expect(shownRows(storeWith(state), cell)).toBeNull();
  },
);

it('gives nothing where there is too much to compare', () => {
  expect(shownRows(storeWith('good', 10_001), cell)).toBeNull();
});
