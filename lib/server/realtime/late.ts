import { asideOf } from '#lib/server/jobs/aside.ts';
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
  const datasetId = await asideOf(tx, standing, 'late', at);
  // The first event that this commit read: no other commit begins there.
  const key = hourKey(hourOf(at.getTime()), standing.position);
  await warehouse.publish(tx, { datasetId, key, ...output, windowStart: null, windowEnd: null, runId: null });
}
