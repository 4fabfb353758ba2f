import { jobPerson } from '#kernels/server.ts';
import type { Decision } from '#lib/stream/decide.ts';
import { identifier } from '#lib/sql/quote.ts';
import { ofKernel } from '#lib/server/jobs/failure.ts';
import { Passing, type Bench } from './build.ts';
import type { Output } from './change.ts';

/**
 * Late events as they came, with the window they would have been in; null when there is none. Throws Passing: nothing of people's own
 * is in this query, so what goes wrong in it is the machine's.
 */
export async function keepLate(bench: Bench, late: Decision['late']): Promise<Output | null> {
  if (late.length === 0) return null;
  const { world, workshop, standing, signal } = bench;
  const { stream, job } = standing;
  const from = Math.min(...late.map(({ first }) => first));
  const below = Math.max(...late.map((each) => each.below));
  const built = await workshop.build(
    {
      steps: [{ name: 'late', engine: 'warehouse', sql: textOf(stream.eventTime, late) }],
      parameters: {},
      relations: { events: await world.streams.slice(stream.id, { from, below }) },
      checks: [],
      stamp: {},
      log: () => undefined,
      person: jobPerson(job.id),
    },
    signal,
  );
  signal.throwIfAborted();
  if (!built.ok) throw new Passing(ofKernel(built.error));
  return { file: built.file, columns: built.columns };
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
