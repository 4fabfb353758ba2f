import { PromotionSpec } from '#lib/job/spec.ts';
import type { Window } from '#lib/job/window.ts';
import { StreamSettings } from '#lib/stream/spec.ts';
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
  const since = await keptSince(job);
  const gone = windows.find(({ start }) => start.getTime() < since);
  if (gone)
    throw conflict(
      'events-gone',
      `Events of the window that starts at ${gone.start.toISOString()} may no longer be kept by the stream, so what stands there stays. Windows can be answered again from ${new Date(since).toISOString()} on.`,
    );
}

/**
 * Of windows that start at or after it, ms, the stream keeps every event. What retention deleted had come before the oldest that is
 * kept, and no event's time is further ahead of its coming than the stream allows.
 */
async function keptSince({ id, promotion }: Job & { promotion: Promotion }): Promise<number> {
  const { db } = getLodestar();
  const { stream } = await db.liveJob.findUniqueOrThrow({ where: { jobId: id }, include: { stream: true } });
  const oldest = await db.segment.findFirst({ where: { streamId: stream.id }, orderBy: { firstOffset: 'asc' } });
  if (!oldest || oldest.firstOffset === 0n) return -Infinity;
  const received = (oldest.firstReceivedAt ?? oldest.createdAt).getTime();
  const isTumbling = PromotionSpec.parse(promotion.spec).realtime?.kind === 'tumbling';
  return isTumbling ? received + StreamSettings.parse(stream.settings).ahead * 1000 : received;
}
