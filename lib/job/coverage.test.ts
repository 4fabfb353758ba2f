import { expect, it } from 'vitest';
import { coverage, type SeenRun } from './coverage.ts';
import type { WindowSpec } from './spec.ts';

const day: WindowSpec = { unit: 'day', size: 1 };
const at = (date: string) => new Date(`${date}T00:00:00Z`);
const seen = (date: string) => ({ windowStart: at(date), windowEnd: new Date(at(date).getTime() + 86_400_000) });
const run = (date: string, state: SeenRun['state'], id: string = state): SeenRun => ({ ...seen(date), state, id });
const span = { from: at('2026-11-17'), to: at('2026-11-21') };

it('has one entry a window, whether something ran or not', () => {
  const found = coverage(day, 'UTC', span, [run('2026-11-19', 'good')], [{ ...seen('2026-11-19'), rows: 7 }]);
  expect(found.map((entry) => [entry.windowStart.slice(0, 10), entry.state, entry.rows])).toEqual([
    ['2026-11-17', 'absent', null],
    ['2026-11-18', 'absent', null],
    ['2026-11-19', 'good', 7],
    ['2026-11-20', 'absent', null],
  ]);
});

it('shows the newest run, and the rows that still stand', () => {
  const found = coverage(
    day,
    'UTC',
    span,
    [run('2026-11-18', 'failed', 'b'), run('2026-11-18', 'good', 'a')],
    [{ ...seen('2026-11-18'), rows: 7 }],
  );
  expect(found[1]).toMatchObject({ state: 'failed', rows: 7, runId: 'b' });
});

it('looks past a cancelled run', () => {
  const found = coverage(day, 'UTC', span, [run('2026-11-18', 'cancelled'), run('2026-11-18', 'good')], []);
  expect(found[1]).toMatchObject({ state: 'good' });
  expect(coverage(day, 'UTC', span, [run('2026-11-18', 'cancelled')], [])[1]).toMatchObject({
    state: 'absent',
    runId: null,
  });
});

it('takes rows without a run for good', () => {
  expect(coverage(day, 'UTC', span, [], [{ ...seen('2026-11-18'), rows: 1 }])[1]).toMatchObject({
    state: 'good',
    runId: null,
  });
});
