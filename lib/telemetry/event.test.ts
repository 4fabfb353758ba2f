import { expect, test } from 'vitest';
import { EventInput } from './event.ts';

const run = {
  kind: 'cell-run',
  cellType: 'sql',
  engine: 'browser',
  state: 'good',
  took: 12,
  rows: 3,
  complete: true,
  sqlHash: 'a'.repeat(64),
};
const at = { notebookId: 'n1', cellId: 'c1' };

test('each kind of fact is taken as it is', () => {
  const chart = { kind: 'chart-shown', type: 'line', grouped: true, sorted: false, titled: true };
  for (const fact of [run, chart, { kind: 'notebook-opened' }]) {
    expect(EventInput.parse({ ...at, fact })).toEqual({ ...at, fact });
  }
});

test('what is not part of a fact is dropped, so that no text of a query can ride along', () => {
  const parsed = EventInput.parse({ ...at, title: 'secret', fact: { ...run, sql: 'SELECT 1', value: 4 } });
  expect(JSON.stringify(parsed)).not.toMatch(/secret|SELECT|value/);
});

test('a text where a hash or an id belongs is refused', () => {
  expect(EventInput.safeParse({ ...at, fact: { ...run, sqlHash: 'SELECT * FROM customer' } }).success).toBe(false);
  expect(EventInput.safeParse({ ...at, notebookId: 'a b', fact: run }).success).toBe(false);
  expect(EventInput.safeParse({ ...at, cellId: 'x'.repeat(65), fact: run }).success).toBe(false);
});

test('unknown kinds and impossible numbers are refused', () => {
  expect(EventInput.safeParse({ ...at, fact: { kind: 'row-read', value: 1 } }).success).toBe(false);
  expect(EventInput.safeParse({ ...at, fact: { ...run, took: -1 } }).success).toBe(false);
  expect(EventInput.safeParse({ ...at, fact: { ...run, rows: 1.5 } }).success).toBe(false);
});
