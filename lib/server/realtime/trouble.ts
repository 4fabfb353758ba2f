import type { PrismaClient } from '#prisma/client/client.ts';
import type { Failure } from './change.ts';
import { hold, type Lease } from './lease.ts';
import { failed, note } from './notices.ts';

/**
 * Writes down why a job does not go on; the next commit takes it away. `isTried`: it is tried again and again, and waits for nobody.
 * Throws LeaseLost when the job is not ours.
 */
export async function noteTrouble(
  db: PrismaClient,
  lease: Lease,
  { code, message }: Failure,
  { isTried = false }: { isTried?: boolean } = {},
): Promise<void> {
  await db.$transaction(async (tx) => {
    await hold(tx, lease);
    const { jobId } = lease;
    const before = await tx.liveJob.findUniqueOrThrow({ where: { jobId } });
    const isSame = (before.trouble as Failure | null)?.message === message;
    await tx.liveJob.update({ where: { jobId }, data: { trouble: { code, message, isTried }, updatedAt: new Date() } });
    if (!isSame) await note(tx, jobId, [failed(`The job does not go on: ${message}`, { code })]);
  });
}
