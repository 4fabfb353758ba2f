import type { LiveView, Provisional, RunView } from '#lib/job/view.ts';

/*
 * The windows of a real-time job as its page lists them: what is open, then the published ones, the latest first. A window
 * that was published again is one line with what it was before.
 */

export interface WindowLine {
  windowStart: string;
  windowEnd: string;
  state: 'open' | RunView['state'];
  /** Published more than once. */
  isCorrected: boolean;
  /** null where nobody counted. */
  events: number | null;
  /** All that came late for it, whichever of its answers they are in. */
  late: number | null;
  rows: number | null;
  /** When it was published; of an open one, about when it will be. */
  at: string | null;
  /** ms */
  took: number | null;
  runId: string | null;
  /** The run before the last one that published. */
  before: { rows: number | null; at: string | null } | null;
  cause: RunView['cause'] | null;
  error: string | null;
  version: number | null;
}

/** `waits`: seconds after its end before a window closes at the earliest. */
export function windowLines(
  runs: readonly RunView[],
  live: Pick<LiveView, 'open'> | null,
  provisional: Provisional | null,
  waits: number,
): WindowLine[] {
  const known = new Set(runs.map((run) => run.windowStart));
  const open = (live?.open ?? []).filter((each) => !known.has(each.windowStart)).toReversed();
  const groups = Map.groupBy(runs, (run) => run.windowStart);
  const closed = [...groups.values()].map(closedLine);
  closed.sort((a, b) => b.windowStart.localeCompare(a.windowStart));
  return [...open.map((each) => openLine(each, provisional, waits)), ...closed];
}

function openLine(
  { windowStart, windowEnd, events }: LiveView['open'][number],
  provisional: Provisional | null,
  waits: number,
): WindowLine {
  const isSeen = provisional?.windowStart === windowStart;
  return {
    ...nothing,
    windowStart,
    windowEnd,
    state: 'open',
    events: isSeen ? provisional.events : events,
    rows: isSeen && provisional.complete ? provisional.rows.length : null,
    at: new Date(Date.parse(windowEnd) + waits * 1000).toISOString(),
  };
}

const nothing = {
  isCorrected: false,
  late: null,
  took: null,
  runId: null,
  before: null,
  cause: null,
  error: null,
  version: null,
};

/** Of runs of one window, the newest first. */
function closedLine(runs: RunView[]): WindowLine {
  const sorted = runs.toSorted((a, b) => momentOf(b).localeCompare(momentOf(a)));
  const run = sorted[0]!;
  const before = sorted.slice(1).find(isPublished);
  return {
    windowStart: run.windowStart,
    windowEnd: run.windowEnd,
    state: run.state,
    isCorrected: isPublished(run) && before !== undefined,
    events: run.eventsIn,
    late: lateOf(sorted),
    rows: run.rows ?? (isPublished(run) ? 0 : (before?.rows ?? null)),
    at: run.endedAt,
    took: run.startedAt && run.endedAt ? Date.parse(run.endedAt) - Date.parse(run.startedAt) : null,
    runId: run.id,
    before: before ? { rows: before.rows, at: before.endedAt } : null,
    cause: run.cause,
    error: run.error?.message ?? null,
    version: run.version,
  };
}

/** Each answer counts what came late by it; one by hand begins with the count of the answer before. `runs`: the newest first. */
function lateOf(runs: readonly RunView[]): number | null {
  if (runs[0]!.late === null) return null;
  return runs.reduce((sum, { late, cause }, index) => {
    const carried = cause === 'stream' || cause === 'late' ? 0 : (runs[index + 1]?.late ?? 0);
    return sum + Math.max(0, (late ?? 0) - carried);
  }, 0);
}

function isPublished(run: RunView): boolean {
  return run.state === 'good' || run.state === 'warned';
}

function momentOf(run: RunView): string {
  return run.startedAt ?? run.queuedAt;
}
