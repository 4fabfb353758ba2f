import type { Prisma } from '#prisma/client/client.ts';

/**
 * Locks a job for the rest of the transaction, of a real-time one its place in its stream before it. Who needs runs of the job too
 * locks those after it, as a session's commit does: so nobody waits for one who waits for them.
 */
export async function lockJob(tx: Prisma.TransactionClient, jobId: string): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM "LiveJob" WHERE "jobId" = ${jobId} FOR UPDATE`;
  await tx.$queryRaw`SELECT 1 FROM "Job" WHERE id = ${jobId} FOR UPDATE`;
}
