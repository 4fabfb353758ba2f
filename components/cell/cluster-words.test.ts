import { describe, expect, it } from 'vitest';
import type { ClusterState } from '#kernels/kernel.ts';
import { ageWords, estimateWords, fractionOf, isCounted, progressWords, readWords } from './cluster-words.ts';

const cluster: ClusterState = {
  queryId: '20261019_120211_00001_abcde',
  link: '',
  state: 'RUNNING',
  before: null,
  splits: { done: 412, total: 664 },
  nodes: 12,
  scannedRows: 93_200_000,
  scannedBytes: 18.2e9,
  cpu: 1,
  queued: 0,
  peakMemory: 1,
};
const at = { elapsed: 23_000, fraction: 412 / 664, expected: 29.3e9 };
const said = (change: Partial<ClusterState>, more: Partial<typeof at> | { expected: null } = {}) =>
  progressWords({ ...cluster, ...change }, { ...at, ...more }).map(({ label, value, rest }) =>
    [label, value, rest].filter(Boolean).join(' '),
  );

describe('how far a query is', () => {
  it('splits, rows, bytes of what the plan expects, time left', () => {
    expect(said({})).toEqual([
      'Splits 412 of 664',
      'Rows read 93.2 M',
      'Read 18.2 GB of about 29.3 GB',
      'Left about 15 s',
    ]);
  });

  it('without a plan, or once it reads more than that, only what it read', () => {
    expect(said({}, { expected: null })[2]).toBe('Read 18.2 GB');
    expect(said({ scannedBytes: 40e9 })[2]).toBe('Read 40.0 GB');
  });

  it('waiting: how many stand before it, or how long the cluster holds it', () => {
    expect(said({ state: 'WAITING', before: 2 })).toEqual(['Waiting 2 before you']);
    expect(said({ state: 'WAITING', before: 0 })).toEqual(['Waiting you are next']);
    expect(said({ state: 'QUEUED', queued: 3000 })).toEqual(['Queued 3.0 s on the cluster']);
  });

  it('the whole is known by splits, else by bytes, else not', () => {
    expect(fractionOf(cluster, null)).toBeCloseTo(0.62, 2);
    expect(fractionOf({ ...cluster, splits: { done: 0, total: 0 } }, 36.4e9)).toBeCloseTo(0.5);
    expect(fractionOf({ ...cluster, splits: { done: 0, total: 0 } }, null)).toBeUndefined();
    expect(fractionOf({ ...cluster, state: 'QUEUED' }, 1)).toBeUndefined();
  });
});

describe('what it would read', () => {
  const table = (name: string) => ({ catalog: 'iceberg', schema: 'shop', name, columns: [], rows: 1, bytes: 1 });

  it('is one line', () => {
    const estimate = { tables: [table('access'), table('purchase')], rows: 93e6, bytes: 29.3e9, hints: [] };
    expect(estimateWords(estimate)).toBe('reads about 29.3 GB, 93.0 M rows of shop.access and shop.purchase');
    expect(estimateWords({ ...estimate, bytes: null })).toBe(
      'reads about 93.0 M rows of shop.access and shop.purchase',
    );
  });

  it('says that it is not known, or nothing', () => {
    expect(estimateWords({ tables: [table('a')], rows: null, bytes: null, hints: [] })).toBe(
      'reads shop.a; how much is not known',
    );
    expect(estimateWords({ tables: [], rows: null, bytes: null, hints: [] })).toBe('reads no table');
  });
});

it('what was read: bytes, else rows, else nothing was counted', () => {
  expect(readWords(cluster)).toBe('18.2 GB');
  expect(readWords({ ...cluster, scannedBytes: 0, scannedRows: 15_000 })).toBe('15,000 rows');
  expect(isCounted({ ...cluster, scannedBytes: 0, scannedRows: 0 })).toBe(false);
});

it('how old kept rows are', () => {
  const now = Date.parse('2026-10-19T14:02:00Z');
  expect(ageWords('2026-10-19T14:01:48Z', now)).toBe('12 s old');
  expect(ageWords('2026-10-19T13:55:00Z', now)).toBe('7 min old');
  expect(ageWords('2026-10-19T10:02:00Z', now)).toBe('4 h old');
});
