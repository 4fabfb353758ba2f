import { PromotionSpec } from '#lib/job/spec.ts';
import type { Window } from '#lib/job/window.ts';
import { keptSince } from '#lib/server/jobs/kept-since.ts';
import { replayProblem } from '#lib/server/jobs/replay-problem.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { conflict } from '#lib/server/problem.ts';
import type { Job, Promotion } from '#prisma/client/client.ts';

/**
 * Whether windows of a real-time job may be answered once more: each has been answered, and its events are still there, as an
 * answer over the rest of them would replace a better one. Passes for a job with a schedule.
 */
export async function demandReplayable(job: Job & { promotion: Promotion }, windows: Window[]): Promise<void> {
  if (job.kind !== 'realtime') return;
  const problem = await replayProblem(getLodestar().db, job.id, windows);
  if (problem) throw conflict('window-open', problem);
  const { db } = getLodestar();
  const { stream } = await db.liveJob.findUniqueOrThrow({ where: { jobId: job.id }, include: { stream: true } });
  const { realtime } = PromotionSpec.parse(job.promotion.spec);
  const since = await keptSince(db, stream, realtime!.kind);
  const gone = windows.find(({ start }) => start.getTime() < since);
  if (gone)
    throw conflict(
      'events-gone',
      `Events of the window that starts at ${gone.start.toISOString()} may no longer be kept by the stream, so what stands there stays. Windows can be answered again from ${new Date(since).toISOString()} on.`,
    );
}
