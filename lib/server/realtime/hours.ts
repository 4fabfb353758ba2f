import { newId } from '#lib/notebook/id.ts';
import { hourKey } from '#lib/server/jobs/hour.ts';
import { asideOf } from '#lib/server/jobs/aside.ts';
import { leftOutWords } from '#lib/server/jobs/left-out.ts';
import { columnDrift } from '#lib/server/jobs/publish.ts';
import type { Left } from '#lib/server/warehouse/warehouse.ts';
import type { Run } from '#prisma/client/client.ts';
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
  if (hoursOver) await endHours(writing, hoursOver);
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
  const { hour, left } = batch;
  const { id, eventsIn, error: said } = (await growRun(writing, batch)) ?? (await beginRun(writing, batch));
  const before = said as { events?: number } | null;
  const leftOut = left && {
    ...leftOutWords(left, {
      before: before?.events ?? 0,
      of: Number(eventsIn),
      beside: (await tx.dataset.findUniqueOrThrow({ where: { id: beside! } })).name,
    }),
  };
  const error = leftOut ?? (drift && !before ? { code: 'columns-changed', message: drift } : null);
  if (error) await tx.run.update({ where: { id }, data: { error } });
  if (left && (before?.events ?? 0) < mostLines) await tx.runLine.createMany({ data: linesOf(id, left, at) });
  if (leftOut && before?.events === undefined) await note(tx, standing.job.id, [eventsFailed(hour, leftOut)], at);
  return id;
}

type Counted = Pick<Run, 'id' | 'error' | 'eventsIn'>;

/** The run of the batch's hour, which counts it now; null when there is none. One statement, as there is one for each batch. */
async function growRun({ tx, standing }: Writing, batch: Batch): Promise<Counted | null> {
  const { hour, through, events, output } = batch;
  const [run] = await tx.$queryRaw<Counted[]>`
    UPDATE "Run" SET through = ${through}::bigint, "eventsIn" = coalesce("eventsIn", 0) + ${events}::bigint,
      rows = coalesce(rows, 0) + ${output?.file.rows ?? 0}::bigint, bytes = coalesce(bytes, 0) + ${output?.file.bytes ?? 0}::bigint
    WHERE id = (
      SELECT id FROM "Run" WHERE "jobId" = ${standing.job.id} AND "windowStart" = ${hour.start} AND cause = 'stream'
      ORDER BY "queuedAt" DESC LIMIT 1)
    RETURNING id, error, "eventsIn"`;
  return run ?? null;
}

/** The first batch of an hour: the hours before it are over. */
async function beginRun(writing: Writing, { hour, through, events, output }: Batch): Promise<Counted> {
  const { tx, standing, at } = writing;
  await stopReplays(writing, hour);
  await endHours(writing, hour.start);
  return tx.run.create({
    data: {
      id: newId(),
      jobId: standing.job.id,
      promotionId: standing.job.promotionId,
      windowStart: hour.start,
      windowEnd: hour.end,
      state: 'running',
      cause: 'stream',
      attempt: 1,
      through,
      rows: output?.file.rows ?? 0,
      bytes: output?.file.bytes ?? 0,
      eventsIn: events,
      queuedAt: at,
      startedAt: at,
    },
  });
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
