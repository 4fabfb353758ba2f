import { expect, it } from 'vitest';
import type { JobView, LiveView } from '#lib/job/view.ts';
import { windowKnow } from './window-know.ts';
import type { WindowLine } from './windows.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 14, minute)).toISOString();
const line: WindowLine = {
  windowStart: at(0),
  windowEnd: at(1),
  state: 'good',
  isCorrected: false,
  events: 10,
  late: 0,
  rows: 3,
  at: at(1),
  took: 10,
  runId: 'r',
  before: null,
  cause: 'stream',
  error: null,
  version: 1,
};
const know = (change: Partial<WindowLine>, policy: 'drop' | 'keep' | 'correct' = 'drop') => {
  const job = {
    timeZone: 'UTC',
    target: 'out',
    spec: { realtime: { kind: 'tumbling', late: { do: policy } } },
  } as unknown as JobView;
  return windowKnow({ ...line, ...change }, job, { lateDataset: null } as LiveView);
};

it('an ordinary window needs no words', () => expect(know({})).toBe(''));

it('an open one is provisional', () =>
  expect(know({ state: 'open' })).toBe('provisional until the watermark passes 14:01:00'));

it('late events are left out, kept or too late', () => {
  expect(know({ late: 2 })).toBe('2 came late and are left out');
  expect(know({ late: 2 }, 'keep')).toBe('2 came late and lie in out_late');
  expect(know({ late: 2 }, 'correct')).toBe('2 came late, too late to correct it');
});

it('a window that was published again says what it was', () => {
  const again = { isCorrected: true, cause: 'late' as const, late: 2, before: { rows: 2, at: at(1) } };
  expect(know(again, 'correct')).toBe('was 2 rows at 14:01:00; 2 came late');
  const byHand = { ...again, cause: 'backfill' as const };
  expect(know(byHand, 'correct')).toBe('was 2 rows at 14:01:00; run again by hand; 2 came late');
  expect(know({ ...again, before: { rows: 3, at: at(1) } }, 'correct')).toContain('published before at 14:01:00');
});

it('one that people ran again says so', () =>
  expect(know({ isCorrected: true, cause: 'manual', before: { rows: 3, at: null } })).toBe(
    'published before; run again by hand',
  ));

it('a failed one says why', () => expect(know({ state: 'failed', error: 'no column' })).toBe('no column'));
