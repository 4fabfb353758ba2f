import { expect, it } from 'vitest';
import type { Coverage } from '#lib/job/view.ts';
import { stateCounts, toCalendar } from './grid.ts';

const entry = (windowStart: string, state: Coverage['state'] = 'good'): Coverage => ({
  windowStart,
  windowEnd: windowStart,
  state,
  rows: 1,
  runId: null,
});
const local = (instant: string) => instant.slice(0, 19).replace('T', ' ');

it('days lie in months, each under its number', () => {
  const calendar = toCalendar(
    [entry('2026-10-31T00:00:00Z'), entry('2026-11-01T00:00:00Z', 'failed')],
    { unit: 'day', size: 1 },
    local,
  );
  expect(calendar.heads).toHaveLength(31);
  expect(calendar.rows.map((row) => row.label)).toEqual(['October', 'November']);
  expect(calendar.rows[0]?.cells[30]?.state).toBe('good');
  expect(calendar.rows[1]?.cells[0]?.state).toBe('failed');
  expect(calendar.rows[1]?.cells[1]).toBeNull();
});

it('hours lie in days', () => {
  const calendar = toCalendar([entry('2026-10-31T23:00:00Z')], { unit: 'hour', size: 1 }, local);
  expect(calendar.rows).toMatchObject([{ label: '2026-10-31' }]);
  expect(calendar.rows[0]?.cells[23]).not.toBeNull();
});

it('weeks and months lie in years, each in a place of its own', () => {
  const weeks = Array.from({ length: 52 }, (_, index) =>
    entry(new Date(Date.UTC(2026, 0, 5 + index * 7)).toISOString()),
  );
  const calendar = toCalendar(weeks, { unit: 'week', size: 1 }, local);
  expect(calendar.rows.flatMap((row) => row.cells).filter(Boolean)).toHaveLength(52);
  expect(
    toCalendar([entry('2026-03-01T00:00:00Z')], { unit: 'month', size: 1 }, local).rows[0]?.cells[2],
  ).not.toBeNull();
});

const every = (count: number, seconds: number) =>
  Array.from({ length: count }, (_, index) =>
    entry(new Date(Date.UTC(2026, 9, 31, 23, 50) + index * seconds * 1000).toISOString()),
  );

it.each([
  ['10 seconds', { unit: 'second', size: 10, every: 10 }, 10, 60],
  ['30 seconds', { unit: 'second', size: 30, every: 30 }, 30, 20],
  ['a minute', { unit: 'minute', size: 1 }, 60, 60],
  ['5 minutes', { unit: 'minute', size: 5, every: 5 }, 300, 12],
  ['30 minutes', { unit: 'minute', size: 30, every: 30 }, 1800, 48],
  ['4 hours', { unit: 'hour', size: 4, every: 4 }, 14_400, 6],
] as const)('windows of %s have a column each, as many as their row holds', (_, spec, seconds, columns) => {
  const calendar = toCalendar(every(100, seconds), spec, local);
  expect(calendar.heads).toHaveLength(columns);
  expect(calendar.rows.flatMap((row) => row.cells).filter(Boolean)).toHaveLength(100);
});

it('the latest row of windows of minutes is first, and other days say so', () => {
  const calendar = toCalendar(every(24, 300), { unit: 'minute', size: 5, every: 5 }, local);
  expect(calendar.rows.map((row) => row.label)).toEqual(['01:00', '00:00', '10-31 23:00']);
  expect(calendar.rows[2]?.cells.map(Boolean)).toEqual([...Array.from({ length: 10 }, () => false), true, true]);
  expect(calendar.heads.slice(0, 3)).toEqual([':00', ':05', ':10']);
});

it('counts states, the quiet first', () => {
  expect(stateCounts([entry('a', 'failed'), entry('b'), entry('c')])).toEqual([
    ['good', 2],
    ['failed', 1],
  ]);
});
