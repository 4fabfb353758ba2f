import type { Decision } from '#lib/stream/decide.ts';
import { identifier } from '#lib/sql/quote.ts';
import type { Bench } from './build.ts';
import type { Output } from './change.ts';
import { buildOwn } from './own.ts';

/** Late events as they came, with the window they would have been in; null when there is none. Throws Passing. */
export async function keepLate(bench: Bench, late: Decision['late']): Promise<Output | null> {
  if (late.length === 0) return null;
  const from = Math.min(...late.map(({ first }) => first));
  const below = Math.max(...late.map((each) => each.below));
  const sql = textOf(bench.standing.stream.eventTime, late);
  const { file, columns } = await buildOwn(bench, { name: 'late', sql, bounds: { from, below } });
  return { file, columns };
}

function textOf(eventTime: string, late: Decision['late']): string {
  const rows = late.map(
    ({ first, below, window }) => `(${first}, ${below}, ${timestamp(window.start)}, ${timestamp(window.end)})`,
  );
  const time = `events.${identifier(eventTime)}`;
  return `SELECT events.*, late.window_start, late.window_end
FROM events JOIN (VALUES ${rows.join(', ')}) AS late(first, below, window_start, window_end)
ON events._offset >= late.first AND events._offset < late.below AND ${time} >= late.window_start AND ${time} < late.window_end`;
}

function timestamp(date: Date): string {
  return `TIMESTAMP '${date.toISOString().slice(0, 23).replace('T', ' ')}'`;
}
