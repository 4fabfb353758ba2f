import { newId } from '#lib/notebook/id.ts';
import { hourKey } from '#lib/server/jobs/hour.ts';
import { asideOf } from '#lib/server/jobs/aside.ts';
import { leftOutWords } from '#lib/server/jobs/left-out.ts';
import { columnDrift } from '#lib/server/jobs/publish.ts';
import type { Left } from '#lib/server/warehouse/warehouse.ts';
import type { Batch, Change } from './change.ts';
import type { Writing } from './commit.ts';
import { eventsFailed, note } from './notices.ts';

/*
 * Windowless jobs are counted by the hours in which events came. An hour has one run, which grows with each commit and is over when
 * the hour is; what each batch gave is a partition of its own until they are folded (fold.ts).
 */

/** Publishes batches and adds them to the runs of their hours. */
export async function writeHours(writing: Writing, { batches, hoursOver }: Change): Promise<void> {
  for (const batch of batches) await writeBatch(writing, batch);
  if (hoursOver && batches.length === 0) await endHours(writing, hoursOver);
}

async function writeBatch(writing: Writing, batch: Batch): Promise<void> {
  const { tx, warehouse, standing } = writing;
  const { hour, first, output, left } = batch;
  const { datasetId } = standing.job;
  const drift = output && columnDrift(writing.columns, output.columns);
  const beside = left && (await asideOf(tx, await besideNow(writing), 'failed', writing.at));
  const runId = await addToRun(writing, batch, drift, beside);
  const place = { key: hourKey(hour, first), windowStart: hour.start, windowEnd: hour.end, runId };
  if (output) await warehouse.publish(tx, { datasetId, ...output, ...place });
  writing.columns = output?.columns ?? writing.columns;
  if (beside) await warehouse.publish(tx, { datasetId: beside, ...left, ...place });
}

/** A commit has many batches: one before may have made the dataset. */
async function besideNow({ tx, standing: { job, live } }: Writing) {
  if (live.lateDatasetId) return { job, live };
  return { job, live: await tx.liveJob.findUniqueOrThrow({ where: { jobId: job.id } }) };
}

async function addToRun(writing: Writing, batch: Batch, drift: string | null, beside: string | null): Promise<string> {
  const { tx, standing, at } = writing;
  const { hour, through, events, output, left } = batch;
  const place = { jobId: standing.job.id, windowStart: hour.start };
  const run = await tx.run.findFirst({ where: { ...place, cause: 'stream' }, orderBy: { queuedAt: 'desc' } });
  const id = run?.id ?? newId();
  const before = (run?.error ?? null) as { events?: number } | null;
  const eventsIn = (run?.eventsIn ?? 0n) + BigInt(events);
  const leftOut = left && {
    ...leftOutWords(left, {
      before: before?.events ?? 0,
      of: Number(eventsIn),
      beside: (await tx.dataset.findUniqueOrThrow({ where: { id: beside! } })).name,
    }),
  };
  const error = leftOut ?? (drift && !before ? { code: 'columns-changed', message: drift } : null);
  const grown = {
    through,
    rows: (run?.rows ?? 0n) + BigInt(output?.file.rows ?? 0),
    bytes: (run?.bytes ?? 0n) + BigInt(output?.file.bytes ?? 0),
    eventsIn,
    ...(error ? { error } : {}),
  };
  if (!run) await stopReplays(writing, hour);
  // A run that begins ends those before it.
  if (!run) await endHours(writing, hour.start);
  if (run) await tx.run.update({ where: { id }, data: grown });
  else
    await tx.run.create({
      data: {
        id,
        ...place,
        ...grown,
        promotionId: standing.job.promotionId,
        windowEnd: hour.end,
        state: 'running',
        cause: 'stream',
        attempt: 1,
        queuedAt: at,
        startedAt: at,
      },
    });
  if (left && (before?.events ?? 0) < mostLines) await tx.runLine.createMany({ data: linesOf(id, left, at) });
  if (leftOut && before?.events === undefined) await note(tx, standing.job.id, [eventsFailed(hour, leftOut)], at);
  return id;
}

/** Events of an hour for which lines are written; all of them stand beside the output. */
const mostLines = 100;

function linesOf(runId: string, { first }: Left, at: Date) {
  return first.map((each) => ({ runId, at, text: `Event ${each.at}: ${each.message}`.slice(0, 2000) }));
}

/** A replay of an hour that the job comes to only now gives way to it: of an hour one run is under way at a time. */
async function stopReplays({ tx, standing, at }: Writing, { start }: Batch['hour']): Promise<void> {
  const message = 'The job had not come to this hour yet, and answers it now. Ask again when it is over.';
  await tx.run.updateMany({
    where: { jobId: standing.job.id, windowStart: start, state: { in: ['queued', 'running'] } },
    data: { state: 'failed', error: { code: 'window-open', message }, endedAt: at, lease: null, leaseUntil: null },
  });
}

async function endHours({ tx, standing, at }: Writing, over: Date): Promise<void> {
  await tx.$executeRaw`
    UPDATE "Run" SET state = CASE WHEN error IS NULL THEN 'good' ELSE 'warned' END, "endedAt" = ${at}
    WHERE "jobId" = ${standing.job.id} AND cause = 'stream' AND state = 'running' AND "windowEnd" <= ${over}`;
}
