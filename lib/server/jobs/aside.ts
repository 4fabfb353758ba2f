import { newId } from '#lib/notebook/id.ts';
import type { Job, LiveJob, Prisma } from '#prisma/client/client.ts';

/*
 * Events that are in no answer of a real-time job stand in a dataset beside its output, as they came: of windows those that came too
 * late, where they are kept; of a windowless job those that its query fails for.
 */
export type Aside = 'late' | 'failed';

const descriptions: Record<Aside, (job: string) => string> = {
  late: (job) => `Events that came too late for ${job}, as they came, with the window they would have been in.`,
  failed: (job) => `Events that the query of ${job} fails for, as they came, with what it said of each.`,
};

export interface Beside {
  job: Pick<Job, 'id' | 'projectId' | 'name' | 'ownerId'>;
  live: Pick<LiveJob, 'lateDatasetId'>;
}

/** Gives its id; it is made with the first such event. The job's row is locked. */
export async function asideOf(
  tx: Prisma.TransactionClient,
  { job, live }: Beside,
  kind: Aside,
  at: Date,
): Promise<string> {
  if (live.lateDatasetId) return live.lateDatasetId;
  const { id } = await tx.dataset.create({
    data: {
      id: newId(),
      projectId: job.projectId,
      name: await freeName(tx, job, kind),
      kind: 'job',
      description: descriptions[kind](job.name),
      createdBy: job.ownerId,
      createdAt: at,
      updatedAt: at,
    },
  });
  await tx.liveJob.update({ where: { jobId: job.id }, data: { lateDatasetId: id } });
  return id;
}

/** `TARGET_late`, or with the first number that is free. */
async function freeName(tx: Prisma.TransactionClient, { projectId, name: target }: Beside['job'], kind: Aside) {
  for (let number = 1; ; number += 1) {
    const name = `${target}_${kind}${number === 1 ? '' : `_${number}`}`;
    const where = { projectId, name: { equals: name, mode: 'insensitive' } } as const;
    if ((await tx.dataset.count({ where })) + (await tx.stream.count({ where })) === 0) return name;
  }
}
