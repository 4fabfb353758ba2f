import { newId } from '#lib/notebook/id.ts';
import { hourKey, hourOf } from '#lib/server/jobs/hour.ts';
import type { Change, Output } from './change.ts';
import type { Writing } from './commit.ts';

/** Counts late events to the last answers of their windows, and publishes them where they are kept. */
export async function writeLate(writing: Writing, { late, kept, answers }: Change): Promise<void> {
  const counted = new Set(answers.map(({ window }) => window.start.getTime()));
  const others = late.filter(({ window }) => !counted.has(window.start.getTime()));
  if (others.length > 0) await count(writing, others);
  if (kept && kept.file.rows > 0) await publishLate(writing, kept);
}

/** One statement for however many windows. A correction that was published ahead of this commit has counted them already. */
async function count({ tx, standing }: Writing, late: Change['late']): Promise<void> {
  const starts = late.map(({ window }) => window.start.toISOString());
  const events = late.map((each) => String(each.events));
  await tx.$executeRaw`
    UPDATE "Run" SET late = coalesce("Run".late, 0) + last.events FROM (
      SELECT given.events, (
        SELECT id FROM "Run" WHERE "jobId" = ${standing.job.id} AND "windowStart" = given.start AND through IS NOT NULL
        ORDER BY "queuedAt" DESC, through DESC LIMIT 1) AS id
      FROM unnest(${starts}::text[]::timestamptz[], ${events}::text[]::bigint[]) AS given(start, events)
    ) AS last
    WHERE "Run".id = last.id AND "Run".through <= ${standing.position}::bigint`;
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
