import { expect, it } from 'vitest';
import type { Coverage, RunView } from '#lib/job/view.ts';
import { withRuns } from './merge.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 14, minute)).toISOString();
const entry = (minute: number, change: Partial<Coverage> = {}): Coverage => ({
  windowStart: at(minute),
  windowEnd: at(minute + 1),
  state: 'good',
  rows: 3,
  runId: `run-${minute}`,
  ...change,
});
const run = (minute: number, change: Partial<RunView> = {}) =>
  ({ ...entry(minute), id: `again-${minute}`, ...change }) as unknown as RunView;

it('new windows come to the end, and known ones say what their newest run says', () => {
  const runs = [run(2), run(1, { id: 'second', rows: 5 }), run(1, { id: 'first', rows: 4 })];
  expect(withRuns([entry(0), entry(1)], runs)).toEqual([
    entry(0),
    entry(1, { rows: 5, runId: 'second' }),
    entry(2, { runId: 'again-2' }),
  ]);
});

it('rows stand while a window is answered again, and a cancelled run says nothing', () => {
  expect(withRuns([entry(0)], [run(0, { state: 'running', rows: null })])[0]).toMatchObject({
    state: 'running',
    rows: 3,
  });
  expect(withRuns([entry(0)], [run(0, { state: 'cancelled' })])).toEqual([entry(0)]);
});
