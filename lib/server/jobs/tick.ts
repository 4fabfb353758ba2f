import { lastTick } from '#lib/job/schedule.ts';
import { PromotionSpec } from '#lib/job/spec.ts';
import { windowsEnding, type Window } from '#lib/job/window.ts';
import { newId } from '#lib/notebook/id.ts';
import type { Job, PrismaClient, Promotion } from '#prisma/client/client.ts';

/*
 * From a schedule to runs. What is planned follows from the cron's own times, never from when the tick arrives: at the time T
 * of a tick, every window that became whole since the tick before and by T gets its run. So a late tick, a doubled one or one
 * of two nodes plans the same windows once (Run_scheduled_once), and after a standstill the missed windows are made up for.
 */

/** Plans what the job's schedule owes by `now`; gives the ids of the new runs. */
export async function tick(db: PrismaClient, jobId: string, now: Date): Promise<string[]> {
  const job = await db.job.findUnique({
    where: { id: jobId, kind: 'offline', state: 'active' },
    include: { promotion: true },
  });
  return job ? plan(db, job, now) : [];
}

/** Ticks every active job: after a standstill, and in case a wake-up was lost. */
export async function tickAll(db: PrismaClient, now: Date): Promise<string[]> {
  const jobs = await db.job.findMany({ where: { kind: 'offline', state: 'active' }, include: { promotion: true } });
  const planned: string[] = [];
  for (const job of jobs) planned.push(...(await plan(db, job, now)));
  return planned;
}

async function plan(db: PrismaClient, job: Job & { promotion: Promotion }, now: Date): Promise<string[]> {
  const spec = PromotionSpec.parse(job.promotion.spec);
  const due = lastTick(spec.schedule, spec.timeZone, now);
  if (due <= job.plannedThrough) return [];
  const windows = windowsEnding(spec.window, spec.timeZone, job.plannedThrough, due);
  const runs = windows.map((window) => plannedRun(job, window, now));
  await db.$transaction([
    db.run.createMany({ data: runs, skipDuplicates: true }),
    db.job.updateMany({ where: { id: job.id, plannedThrough: { lt: due } }, data: { plannedThrough: due } }),
  ]);
  return runs.map((run) => run.id);
}

function plannedRun(job: { id: string; promotionId: string }, window: Window, now: Date) {
  const place = { jobId: job.id, promotionId: job.promotionId, windowStart: window.start, windowEnd: window.end };
  return { id: newId(), ...place, cause: 'schedule', queuedAt: now };
}
