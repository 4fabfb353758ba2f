import { Problem } from '#lib/server/problem.ts';
import type { Lodestar } from '#lib/server/lodestar.ts';

type World = Pick<Lodestar, 'db' | 'streams' | 'realtime'>;

/**
 * Lets an active job answer everything that came before now, open windows as they are, and then rest; it is paused when that is
 * done. Throws a Problem when it is not active (409) or its stream cannot be read here (503).
 */
export async function requestDrain({ db, streams, realtime }: World, jobId: string): Promise<void> {
  const { streamId } = await db.liveJob.findUniqueOrThrow({ where: { jobId } });
  const { end } = await streams.live(streamId);
  await db.$transaction(async (tx) => {
    // Its place first and then the job, as every commit of its session locks them.
    await tx.$queryRaw`SELECT 1 FROM "LiveJob" WHERE "jobId" = ${jobId} FOR UPDATE`;
    const { count } = await tx.job.updateMany({ where: { id: jobId, state: 'active' }, data: { state: 'draining' } });
    if (count === 0)
      throw new Problem(409, 'wrong-state', 'Only an active job can be drained. Resume it first, or leave it paused.');
    await tx.liveJob.update({ where: { jobId }, data: { drainTo: end } });
  });
  realtime.wake(jobId);
}
