import type { Lodestar } from '#lib/server/lodestar.ts';
import type { Job, LiveJob, Prisma } from '#prisma/client/client.ts';
import { lockJob } from './lock.ts';

/*
 * A job is taken away, by whichever clock it goes: its place in its stream, its runs, notices and schedule with it. One transaction, in
 * which first its session loses the job and then the runs in hand their leases, in the order in which all lock who need both: what was
 * being published is there before, and nothing of the job can be published after.
 */
export interface Removal {
  /** What becomes of the dataset that it writes, and of the one beside it (aside.ts). */
  dataset: 'keep' | 'delete';
  /** What is then said of a dataset that stays, where nobody has said anything else of it. */
  description: string;
}

/** How a dataset is described that a job was made for, until people describe it. */
export const writtenBy = (job: string) => `Written by the job ${job}`;

const patience = { timeout: 60_000, maxWait: 60_000 };

/** Gives whether it was there. Its promotions stay, as what was approved and tried. */
export async function removeJob(
  { db, now }: Pick<Lodestar, 'db' | 'now'>,
  jobId: string,
  { dataset, description }: Removal,
): Promise<boolean> {
  return db.$transaction(async (tx) => {
    const job = await lock(tx, jobId, now());
    if (!job) return false;
    await tx.job.delete({ where: { id: jobId } });
    const late = job.live?.lateDatasetId;
    if (dataset === 'delete')
      await tx.dataset.deleteMany({ where: { id: { in: [job.datasetId, ...(late ? [late] : [])] } } });
    else
      await tx.dataset.updateMany({
        where: { id: job.datasetId, description: { startsWith: `${writtenBy(job.name)},` } },
        data: { description },
      });
    return true;
  }, patience);
}

/** Ends what works on it, and keeps approvals of a later version out until the end of the transaction; null: it is gone. */
async function lock(tx: Prisma.TransactionClient, id: string, at: Date): Promise<Locked | null> {
  await tx.$queryRaw`SELECT 1 FROM "Project" WHERE id = (SELECT "projectId" FROM "Job" WHERE id = ${id}) FOR NO KEY UPDATE`;
  await lockJob(tx, id);
  await tx.run.updateMany({
    where: { jobId: id, state: { in: ['queued', 'running'] }, cause: { notIn: ['stream', 'late'] } },
    data: { state: 'cancelled', endedAt: at, lease: null, leaseUntil: null },
  });
  return tx.job.findUnique({ where: { id }, include: { live: true } });
}

type Locked = Job & { live: LiveJob | null };
