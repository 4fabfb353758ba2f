import { expect, it } from 'vitest';
import type { Provisional, RunView } from '#lib/job/view.ts';
import { windowLines } from './windows.ts';

const at = (minute: number, second = 0) => new Date(Date.UTC(2026, 10, 21, 14, minute, second)).toISOString();

const run = (minute: number, change: Partial<RunView> = {}): RunView => ({
  id: `run-${minute}`,
  jobId: 'j',
  state: 'good',
  windowStart: at(minute),
  windowEnd: at(minute + 1),
  attempt: 1,
  rows: 3,
  bytes: 1,
  snapshot: null,
  error: null,
  cause: 'stream',
  eventsIn: 10,
  late: 0,
  version: 1,
  startedBy: null,
  backfillId: null,
  queuedAt: at(minute + 1, 5),
  startedAt: at(minute + 1, 5),
  endedAt: at(minute + 1, 6),
  ...change,
});

const provisional: Provisional = {
  windowStart: at(3),
  windowEnd: at(4),
  asOf: at(3, 20),
  watermark: at(3, 10),
  events: 7,
  columns: [{ name: 'n', type: 'BIGINT' }],
  rows: [['7'], ['8']],
  complete: true,
};

it('open windows stand above the closed ones, the latest first', () => {
  const open = [
    { windowStart: at(3), windowEnd: at(4), events: 5 },
    { windowStart: at(4), windowEnd: at(5), events: 1 },
  ];
  const lines = windowLines([run(1), run(2)], { open }, provisional, 5);
  expect(lines.map((line) => [line.windowStart, line.state, line.events, line.rows])).toEqual([
    [at(4), 'open', 1, null],
    [at(3), 'open', 7, 2],
    [at(2), 'good', 10, 3],
    [at(1), 'good', 10, 3],
  ]);
  expect(lines[1]?.at).toBe(at(4, 5));
});

it('a window that was published again is one line, with what it was', () => {
  const again = run(1, { id: 'again', cause: 'late', rows: 4, late: 2, startedAt: at(5), endedAt: at(5, 1) });
  expect(windowLines([again, run(1)], null, null, 0)).toEqual([
    expect.objectContaining({
      runId: 'again',
      isCorrected: true,
      rows: 4,
      late: 2,
      took: 1000,
      before: { rows: 3, at: at(2, 6) },
    }),
  ]);
});

it('what came late for a window is all that its answers counted, once', () => {
  const late = (minute: number, events: number) =>
    run(1, { cause: 'late', late: events, startedAt: at(minute), endedAt: at(minute, 1) });
  const byHand = run(1, { cause: 'backfill', late: 3, startedAt: at(6), endedAt: at(6, 1) });
  const [line] = windowLines([byHand, late(5, 3), late(4, 2), run(1, { late: 1 })], null, null, 0);
  expect(line?.late).toBe(6);
});

it('a window whose second answer failed shows the failure and the rows that stand', () => {
  const failed = run(1, {
    id: 'failed',
    state: 'failed',
    rows: null,
    error: { code: 'runtime', message: 'no' },
    startedAt: at(5),
  });
  expect(windowLines([failed, run(1)], null, null, 0)[0]).toMatchObject({
    state: 'failed',
    isCorrected: false,
    rows: 3,
    error: 'no',
  });
});
