import { newId } from '#lib/notebook/id.ts';
import { hourKey } from '#lib/server/jobs/hour.ts';
import { columnDrift } from '#lib/server/jobs/publish.ts';
import type { Prisma } from '#prisma/client/client.ts';
import type { Batch, Change } from './change.ts';
import type { Writing } from './commit.ts';

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
  const { hour, first, output } = batch;
  const { datasetId } = standing.job;
  const drift = output && columnDrift(writing.columns, output.columns);
  const runId = await addToRun(writing, batch, drift);
  if (!output) return;
  const place = { windowStart: hour.start, windowEnd: hour.end, runId };
  await warehouse.publish(tx, { datasetId, key: hourKey(hour, first), ...output, ...place });
  writing.columns = output.columns;
}

async function addToRun(writing: Writing, batch: Batch, drift: string | null): Promise<string> {
  const { tx, standing, at } = writing;
  const { hour, through, events, output, broken } = batch;
  const place = { jobId: standing.job.id, windowStart: hour.start };
  const run = await tx.run.findFirst({ where: { ...place, cause: 'stream' }, orderBy: { queuedAt: 'desc' } });
  const id = run?.id ?? newId();
  const error = errorOf(run?.error, broken, drift);
  const grown = {
    through,
    rows: (run?.rows ?? 0n) + BigInt(output?.file.rows ?? 0),
    bytes: (run?.bytes ?? 0n) + BigInt(output?.file.bytes ?? 0),
    eventsIn: (run?.eventsIn ?? 0n) + BigInt(events),
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
  if (broken) await tx.runLine.create({ data: { runId: id, at, text: broken.failure.message.slice(0, 2000) } });
  return id;
}

interface Warning {
  code: string;
  message: string;
  events?: number;
}

/** What is not as it should be in the hour so far. */
function errorOf(before: Prisma.JsonValue | undefined, broken: Batch['broken'], drift: string | null) {
  const last = (before ?? null) as Warning | null;
  const events = (last?.events ?? 0) + (broken?.events ?? 0);
  if (broken)
    return {
      code: 'events-failed',
      message: `The query failed for ${events.toLocaleString('en')} events, which are left out; the last time: ${broken.failure.message}`,
      events,
    };
  return drift && !last ? { code: 'columns-changed', message: drift } : null;
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
