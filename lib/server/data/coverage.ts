import { coverage } from '#lib/job/coverage.ts';
import type { PromotionSpec, WindowUnit } from '#lib/job/spec.ts';
import type { Coverage, LiveView, RunState } from '#lib/job/view.ts';
import { lastWindowBefore, windowAt, type Window } from '#lib/job/window.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import type { Job } from '#prisma/client/client.ts';

/** How far back a job's page looks, in windows. */
const reach: Record<WindowUnit, number> = { second: 360, minute: 1440, hour: 24 * 14, day: 366, week: 106, month: 60 };

/** What stands in the job's latest windows, oldest first; `live` of a real-time job. */
export async function readCoverage(job: Job, spec: PromotionSpec, live: LiveView | null): Promise<Coverage[]> {
  const { db } = getLodestar();
  const { window: windowSpec, timeZone } = spec;
  const last = lastOf(spec, live);
  if (!last) return [];
  const first = await db.run.aggregate({ where: { jobId: job.id }, _min: { windowStart: true } });
  const made = firstOf(spec, job.createdAt).start;
  const oldest = first._min.windowStart && first._min.windowStart < made ? first._min.windowStart : made;
  const limit = new Date(last.end.getTime() - reachOf(spec));
  const from = oldest < limit ? limit : oldest;
  const since = { windowStart: { gte: from } };
  const runs = await db.run.findMany({
    where: { jobId: job.id, ...since },
    select: { id: true, state: true, windowStart: true, windowEnd: true },
    orderBy: [{ queuedAt: 'desc' }, { id: 'asc' }],
  });
  const partitions = await db.partition.findMany({
    where: { datasetId: job.datasetId, ...since },
    select: { windowStart: true, windowEnd: true, rows: true },
  });
  return coverage(
    windowSpec,
    timeZone,
    { from, to: new Date(last.start.getTime() + 1) },
    runs.map((run) => ({ ...run, state: run.state as RunState })),
    partitions.flatMap(({ windowStart, windowEnd, rows }) =>
      windowStart && windowEnd ? [{ windowStart, windowEnd, rows: Number(rows) }] : [],
    ),
  );
}

/** The last window whose time has come: by the clock, by the watermark, or the hour of arrivals that is not over. */
function lastOf({ window, timeZone, realtime }: PromotionSpec, live: LiveView | null): Window | null {
  const now = getLodestar().now();
  if (realtime?.kind === 'windowless') return windowAt(window, timeZone, now);
  if (!realtime) return lastWindowBefore(window, timeZone, now);
  return live?.watermark ? lastWindowBefore(window, timeZone, new Date(live.watermark)) : null;
}

/**
 * The first window that may be the job's: by the clock the one before it was made; where it follows a stream the one it was made in, or
 * the next if it answers only for whole ones from then on.
 */
function firstOf({ window, timeZone, realtime }: PromotionSpec, made: Date): Window {
  if (!realtime) return lastWindowBefore(window, timeZone, made);
  const open = windowAt(window, timeZone, made);
  const isNext = realtime.kind === 'tumbling' && realtime.start === 'now';
  return isNext ? windowAt(window, timeZone, open.end) : open;
}

function reachOf({ window: { unit, every = 1 } }: PromotionSpec): number {
  return reach[unit] * every * hours[unit] * 3_600_000;
}

const hours: Record<WindowUnit, number> = { second: 1 / 3600, minute: 1 / 60, hour: 1, day: 24, week: 168, month: 744 };
