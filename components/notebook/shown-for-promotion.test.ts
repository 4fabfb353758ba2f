import { describe, expect, it } from 'vitest';
import { idle } from '#components/cell/idle-run.ts';
import type { CellView } from '#lib/client/notebook/store.ts';
import { InputSpec } from '#lib/notebook/cell.ts';
import { freeTarget, unitOf, windowOf } from './shown-for-promotion.ts';

function input(name: string, value: string): CellView {
  const cell = {
    id: name,
    type: 'input' as const,
    name,
    position: name,
    source: value,
    engine: null,
    chart: null,
    input: InputSpec.parse({ kind: 'date', value }),
  };
  return { cell, run: idle, reads: [], readBy: [], problems: [] };
}

describe('the window a notebook shows', () => {
  it('is what its inputs say', () => {
    expect(windowOf([input('window_start', '2026-11-20'), input('window_end', '2026-11-21')])).toEqual({
      windowStart: '2026-11-20',
      windowEnd: '2026-11-21',
    });
    expect(windowOf([input('until', '2026-11-20')])).toEqual({});
  });

  it.each([
    ['2026-11-20', '2026-11-21', 'day'],
    ['2026-11-16', '2026-11-23', 'week'],
    ['2026-11-01', '2026-12-01', 'month'],
    ['2026-11-20 10:00', '2026-11-20 11:00', 'hour'],
  ])('%s to %s is a %s', (start, end, unit) => {
    expect(unitOf([input('window_start', start), input('window_end', end)])).toBe(unit);
  });

  it('without inputs a day is offered', () => expect(unitOf([])).toBe('day'));
});

describe('the name of the output', () => {
  const dataset = (name: string, kind: string) => ({
    id: name,
    name,
    kind,
    columns: [],
    rows: 0,
    version: 1,
    updatedAt: '',
  });
  it('is the cell’s, where it is free or a job’s own', () => {
    expect(freeTarget('daily', { datasets: [] })).toBe('daily');
    expect(freeTarget('daily', { datasets: [dataset('daily', 'job')] })).toBe('daily');
  });
  it('has a number where people’s data has the name', () => {
    expect(freeTarget('daily', { datasets: [dataset('daily', 'upload'), dataset('daily_2', 'sample')] })).toBe(
      'daily_3',
    );
  });
});
