import { z } from 'zod';
import type { Actor } from '#lib/server/access.ts';
import { removeJob, writtenBy } from '#lib/server/jobs/remove.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { notFound } from '#lib/server/problem.ts';
import { demandJob } from './job.ts';

/** What becomes of the dataset that a deleted job wrote, and of the one beside it: `keep` leaves it as one that nothing writes. */
export const JobDeletion = z.object({ dataset: z.enum(['keep', 'delete']).default('keep') });
export type JobDeletion = z.infer<typeof JobDeletion>;

/**
 * Ends what the job does and takes it away with its runs, notices and schedule, or its place in its stream. Rows in a table of a
 * cluster stay there. Throws a Problem: 403 for who may not pause it either, 404 when it is gone.
 */
export async function deleteJob(actor: Actor, id: string, { dataset }: JobDeletion): Promise<void> {
  const { name } = await demandJob(actor, id, 'own');
  const { db, now, scheduler, realtime } = getLodestar();
  const running = await db.run.findMany({ where: { jobId: id, state: 'running', lease: { not: null } } });
  for (const run of running) await scheduler.cancel(run.id);
  const day = now().toISOString().slice(0, 10);
  const description = `${writtenBy(name)}, until ${actor.name} deleted the job on ${day}.`;
  if (!(await removeJob({ db, now }, id, { dataset, description }))) throw notFound('job');
  await scheduler.plan(id);
  realtime.wake(id);
}
