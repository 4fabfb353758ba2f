import type { PrismaClient } from '#prisma/client/client.ts';

const day = 86_400_000;
/** Minutes are kept so long, ms. */
const minutesFor = 8 * day;
/** Runs that a job made by itself; those that people asked for stay. */
const mostRuns = 10_000;
const mostNotices = 1000;

/** Lets go of what nobody looks at any more: old minutes, runs and notices of a real-time job. */
export async function forget(db: PrismaClient, jobId: string, now: Date): Promise<void> {
  await db.liveMinute.deleteMany({ where: { jobId, minute: { lt: new Date(now.getTime() - minutesFor) } } });
  await db.$executeRaw`
    DELETE FROM "Run" WHERE "jobId" = ${jobId} AND cause IN ('stream', 'late') AND state <> 'running' AND "queuedAt" < (
      SELECT "queuedAt" FROM "Run" WHERE "jobId" = ${jobId} AND cause IN ('stream', 'late')
      ORDER BY "queuedAt" DESC OFFSET ${mostRuns} LIMIT 1)`;
  await db.$executeRaw`
    DELETE FROM "Notice" WHERE "jobId" = ${jobId} AND at < (
      SELECT at FROM "Notice" WHERE "jobId" = ${jobId} ORDER BY at DESC OFFSET ${mostNotices} LIMIT 1)`;
}
