import type { Coverage, RunView } from '#lib/job/view.ts';

/** The coverage with what newer runs say of their windows: the answers of a page that follows a job by its runs alone. */
export function withRuns(coverage: readonly Coverage[], runs: readonly RunView[]): Coverage[] {
  const entries = new Map(coverage.map((entry) => [entry.windowStart, entry]));
  for (const run of runs.toReversed()) {
    const { windowStart, windowEnd, state, id } = run;
    const rows = run.rows ?? entries.get(windowStart)?.rows ?? null;
    if (state !== 'cancelled') entries.set(windowStart, { windowStart, windowEnd, state, rows, runId: id });
  }
  return [...entries.values()].toSorted((a, b) => a.windowStart.localeCompare(b.windowStart));
}
