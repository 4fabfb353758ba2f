import { expect, it } from 'vitest';
import type { CellView } from '#lib/client/notebook/store.ts';
import { busyWords } from './status.tsx';

const cell = (state: string, connection = '') =>
  ({ cell: { engine: connection ? 'trino' : 'browser', connection }, run: { state } }) as unknown as CellView;
const connections = [{ id: 'c', name: 'lake_eu', catalog: '', schema: '', writes: '', ready: true }];

it('says what runs on each cluster, then what runs here', () => {
  const cells = [cell('running'), cell('running', 'c'), cell('queued', 'c'), cell('good', 'c'), cell('queued')];
  expect(busyWords({ cells, connections })).toBe('lake_eu: 1 running, 1 queued; 1 running, 1 queued');
  expect(busyWords({ cells: [cell('queued', 'c')], connections })).toBe('lake_eu: 1 queued');
  expect(busyWords({ cells: [cell('good')], connections })).toBe('');
});
