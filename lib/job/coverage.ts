import type { WindowSpec } from './spec.ts';
import type { Coverage, RunState } from './view.ts';
import { windowsBetween } from './window.ts';

/** What one window of a job has seen. */
export interface Seen {
  windowStart: Date;
  windowEnd: Date;
}

export interface SeenRun extends Seen {
  id: string;
  state: RunState;
}

export interface SeenPartition extends Seen {
  rows: number;
}

/**
 * One entry a window in `[from, to)`, oldest first: what its newest run came to, and the rows that stand there now.
 * A cancelled run changes nothing. `runs` come newest first; partitions of one window are counted together.
 */
export function coverage(
  spec: WindowSpec,
  zone: string,
  span: { from: Date; to: Date },
  runs: SeenRun[],
  partitions: SeenPartition[],
): Coverage[] {
  const newest = new Map<number, SeenRun>();
  for (const run of runs) if (run.state !== 'cancelled' && !newest.has(key(run))) newest.set(key(run), run);
  const standing = new Map<number, number>();
  for (const each of partitions) standing.set(key(each), (standing.get(key(each)) ?? 0) + each.rows);
  return windowsBetween(spec, zone, span.from, span.to).map((window) => {
    const run = newest.get(window.start.getTime());
    const rows = standing.get(window.start.getTime()) ?? null;
    return {
      windowStart: window.start.toISOString(),
      windowEnd: window.end.toISOString(),
      state: run?.state ?? (rows === null ? 'absent' : 'good'),
      rows,
      runId: run?.id ?? null,
    };
  });
}

function key(seen: Seen): number {
  return seen.windowStart.getTime();
}
