import { describe, expect, it } from 'vitest';
import type { Cell } from '#lib/notebook/cell.ts';
import { freeTarget, shownWords, unitOf, writesOf } from './promotion-defaults.ts';

describe('the window that is offered', () => {
  it.each([
    ['2026-11-20', '2026-11-21', 'day'],
    ['2026-11-16', '2026-11-23', 'week'],
    ['2026-11-01', '2026-12-01', 'month'],
    ['2026-11-20 10:00', '2026-11-20 11:00', 'hour'],
  ])('%s to %s is a %s', (windowStart, windowEnd, unit) => {
    expect(unitOf({ windowStart, windowEnd })).toBe(unit);
  });

  it('without inputs a day', () => expect(unitOf(null)).toBe('day'));
});

describe('what it is compared with', () => {
  const shown = { columns: [], rows: [['1'], ['2']], complete: true };
  it('is said with its window, where there is one', () => {
    expect(shownWords({ ...shown, windowStart: '2026-11-20' })).toBe('the 2 rows shown here for 2026-11-20');
    expect(shownWords(shown)).toBe('the 2 rows shown here');
    expect(shownWords(null)).toBeNull();
  });
});

describe('the name of the output', () => {
  const dataset = (name: string, kind: string, jobId: string | null = null) => ({
    id: name,
    name,
    kind,
    columns: [],
    rows: 0,
    version: 1,
    updatedAt: '',
    jobId,
  });
  it('is the cell’s, where it is free or a job’s own', () => {
    expect(freeTarget('daily', { datasets: [] })).toBe('daily');
    expect(freeTarget('daily', { datasets: [dataset('daily', 'job', 'j')] })).toBe('daily');
  });
  it('has a number where a deleted job left its output', () => {
    expect(freeTarget('daily', { datasets: [dataset('daily', 'job')] })).toBe('daily_2');
  });
  it('has a number where people’s data has the name', () => {
    expect(freeTarget('daily', { datasets: [dataset('Daily', 'upload'), dataset('daily_2', 'sample')] })).toBe(
      'daily_3',
    );
  });
});

it('a Trino cell’s job may keep its output where its connection lets jobs write', () => {
  const entry = { id: 'c', name: 'lake', catalog: '', schema: '', writes: 'iceberg.shop', ready: true };
  const on = (engine: 'trino' | 'browser', writes = entry.writes) =>
    writesOf({ engine, connection: 'c' } as Cell, [{ ...entry, writes }]);
  expect(on('trino')).toEqual({ connection: 'lake', schema: 'iceberg.shop' });
  expect([on('trino', ''), on('browser'), writesOf({ engine: 'trino', connection: 'c' } as Cell, null)]).toEqual([
    null,
    null,
    null,
  ]);
});
