import { newId } from '#lib/notebook/id.ts';
import { hourKey, hourOf } from '#lib/server/jobs/hour.ts';
import type { Change, Output } from './change.ts';
import type { Writing } from './commit.ts';

/** Counts late events to the last answers of their windows, and publishes them where they are kept. */
export async function writeLate(writing: Writing, { late, kept, answers }: Change): Promise<void> {
  const { tx, standing } = writing;
  const counted = new Set(answers.map(({ window }) => window.start.getTime()));
  for (const { window, events } of late)
    if (!counted.has(window.start.getTime()))
      await tx.$executeRaw`
        UPDATE "Run" SET late = coalesce(late, 0) + ${events}::bigint WHERE id = (
          SELECT id FROM "Run" WHERE "jobId" = ${standing.job.id} AND "windowStart" = ${window.start} AND through IS NOT NULL
          ORDER BY "queuedAt" DESC, through DESC LIMIT 1)`;
  if (kept && kept.file.rows > 0) await publishLate(writing, kept);
}

async function publishLate(writing: Writing, output: Output): Promise<void> {
  const { tx, warehouse, standing, at } = writing;
  const datasetId = standing.live.lateDatasetId ?? (await createDataset(writing));
  // The first event that this commit read: no other commit begins there.
  const key = hourKey(hourOf(at.getTime()), standing.position);
  await warehouse.publish(tx, { datasetId, key, ...output, windowStart: null, windowEnd: null, runId: null });
}

async function createDataset({ tx, standing, at }: Writing): Promise<string> {
  const { job, live } = standing;
  const { id } = await tx.dataset.create({
    data: {
      id: newId(),
      projectId: job.projectId,
      name: await freeName({ tx, standing }),
      kind: 'job',
      description: `Events that came too late for ${job.name}, as they came, with the window they would have been in.`,
      createdBy: job.ownerId,
      createdAt: at,
      updatedAt: at,
    },
  });
  await tx.liveJob.update({ where: { jobId: live.jobId }, data: { lateDatasetId: id } });
  return id;
}

/** `TARGET_late`, or with the first number that is free. */
async function freeName({ tx, standing: { job } }: Pick<Writing, 'tx' | 'standing'>): Promise<string> {
  for (let number = 1; ; number += 1) {
    const name = `${job.name}_late${number === 1 ? '' : `_${number}`}`;
    const where = { projectId: job.projectId, name: { equals: name, mode: 'insensitive' } } as const;
    if ((await tx.dataset.count({ where })) + (await tx.stream.count({ where })) === 0) return name;
  }
}
