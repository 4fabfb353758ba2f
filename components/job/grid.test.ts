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
const local = (instant: string) => instant.slice(0, 16).replace('T', ' ');

it('days lie in months, each under its number', () => {
  const calendar = toCalendar([entry('2026-10-31T00:00:00Z'), entry('2026-11-01T00:00:00Z', 'failed')], 'day', local);
  expect(calendar.heads).toHaveLength(31);
  expect(calendar.rows.map((row) => row.label)).toEqual(['October', 'November']);
  expect(calendar.rows[0]?.cells[30]?.state).toBe('good');
  expect(calendar.rows[1]?.cells[0]?.state).toBe('failed');
  expect(calendar.rows[1]?.cells[1]).toBeNull();
});

it('hours lie in days', () => {
  const calendar = toCalendar([entry('2026-10-31T23:00:00Z')], 'hour', local);
  expect(calendar.rows).toMatchObject([{ label: '2026-10-31' }]);
  expect(calendar.rows[0]?.cells[23]).not.toBeNull();
});

it('weeks and months lie in years, each in a place of its own', () => {
  const weeks = Array.from({ length: 52 }, (_, index) =>
    entry(new Date(Date.UTC(2026, 0, 5 + index * 7)).toISOString()),
  );
  const calendar = toCalendar(weeks, 'week', local);
  expect(calendar.rows.flatMap((row) => row.cells).filter(Boolean)).toHaveLength(52);
  expect(toCalendar([entry('2026-03-01T00:00:00Z')], 'month', local).rows[0]?.cells[2]).not.toBeNull();
});

it('counts states, the quiet first', () => {
  expect(stateCounts([entry('a', 'failed'), entry('b'), entry('c')])).toEqual([
    ['good', 2],
    ['failed', 1],
  ]);
});
