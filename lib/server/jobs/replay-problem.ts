import { Progress, isAnswered } from '#lib/stream/progress.ts';
import type { PromotionSpec } from '#lib/job/spec.ts';
import type { Window } from '#lib/job/window.ts';
import type { LiveJob, PrismaClient } from '#prisma/client/client.ts';

/* Asked before a replay is queued, by pages too, which carry no engine along. */

/** Why these windows of a real-time job cannot be answered once more now; null when they can, or the job is offline. */
export async function replayProblem(db: PrismaClient, jobId: string, windows: Window[]): Promise<string | null> {
  const live = await db.liveJob.findUnique({ where: { jobId }, include: { job: { include: { promotion: true } } } });
  if (!live) return null;
  const spec = live.job.promotion.spec as unknown as PromotionSpec;
  const open = spec.realtime?.kind === 'tumbling' ? openAmong(live, windows) : await runningAmong(db, jobId, windows);
  return open
    ? `The window that starts at ${open.start.toISOString()} is not answered for the first time yet. Ask again when it is.`
    : null;
}

function openAmong({ progress }: LiveJob, windows: Window[]): Window | undefined {
  const stands = Progress.parse(progress);
  return windows.find((window) => !isAnswered(stands, window));
}

async function runningAmong(db: PrismaClient, jobId: string, windows: Window[]): Promise<Window | undefined> {
  const running = await db.run.findMany({ where: { jobId, cause: 'stream', state: 'running' } });
  const open = new Set(running.map(({ windowStart }) => windowStart.getTime()));
  return windows.find(({ start }) => open.has(start.getTime()));
}
