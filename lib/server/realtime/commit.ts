import type { Column } from '#kernels/kernel.ts';
import type { Lodestar } from '#lib/server/lodestar.ts';
import { ringPublished } from '#lib/server/warehouse/published.ts';
import type { BuiltFile, Warehouse } from '#lib/server/warehouse/warehouse.ts';
import { Prisma, type Job, type LiveJob } from '#prisma/client/client.ts';
import { writeAnswers } from './answers.ts';
import { lateIn, rowsOf, type Change, type Output } from './change.ts';
import { writeHours } from './hours.ts';
import { writeLate } from './late.ts';
import { LeaseLost, type Lease } from './lease.ts';
import { addMinute } from './minutes.ts';
import { note } from './notices.ts';
import type { Standing } from './standing.ts';

/*
 * The one moment at which a real-time job's work comes to be: a single transaction, whose fence is the lease, moves the job's
 * place in its stream, publishes what was built, and writes runs, counters and notices. Before it nothing can be seen, after it all
 * of it; a crash leaves one or the other, so what is built again was never seen.
 */

/** The place has moved on, a version came or a drain, since the session looked: it looks again. */
export class Moved extends Error {
  override name = 'Moved';
}

export type World = Pick<Lodestar, 'db' | 'warehouse' | 'now'>;

/** A commit under way. */
export interface Writing {
  tx: Prisma.TransactionClient;
  warehouse: Warehouse;
  standing: Standing;
  at: Date;
  /** Of the job's dataset, as they stand by now. */
  columns: Column[];
}

const patience = { timeout: 60_000, maxWait: 60_000 };

/** Throws LeaseLost when the job is another's by now, Moved when it must be looked at anew; then nothing was written. */
export async function commit(world: World, lease: Lease, standing: Standing, made: Change): Promise<void> {
  const { db, warehouse, now } = world;
  const change = await settleFiles(warehouse, made);
  await db.$transaction(async (tx) => {
    const columns = await holdUnmoved(tx, lease, standing);
    const writing = { tx, warehouse, standing, at: now(), columns };
    await writePlace(writing, change);
    await writeAnswers(writing, change.answers);
    await writeHours(writing, change);
    await writeLate(writing, change);
    await addMinute(writing, change);
    await note(tx, lease.jobId, change.notices, writing.at);
  }, patience);
  if (rowsOf(change) > 0) ringPublished();
}

/**
 * Locks the job's place by the lease, and the job: a replay of one of its windows publishes before or after this, never meanwhile.
 * One statement, as there is one for each commit. Gives the columns that its dataset has.
 */
async function holdUnmoved(tx: Prisma.TransactionClient, lease: Lease, standing: Standing): Promise<Column[]> {
  const { live, job, drainTo } = standing;
  const [now] = await tx.$queryRaw<Found[]>`
    SELECT live.position, live."nextId", live."drainTo", job.state, job."promotionId",
      (SELECT columns FROM "Dataset" WHERE id = job."datasetId") AS columns
    FROM "LiveJob" live JOIN "Job" job ON job.id = live."jobId"
    WHERE live."jobId" = ${lease.jobId} AND live.lease = ${lease.token} FOR UPDATE`;
  if (!now) throw new LeaseLost(`The real-time job ${lease.jobId} is worked on elsewhere.`);
  const isDraining = now.state === 'draining' && now.drainTo !== null;
  const isSame =
    now.position === live.position &&
    now.nextId === live.nextId &&
    now.promotionId === job.promotionId &&
    (isDraining ? Number(now.drainTo) : null) === drainTo;
  if (!isSame) throw new Moved(`The real-time job ${lease.jobId} has moved on.`);
  return now.columns;
}

type Found = Pick<LiveJob, 'position' | 'nextId' | 'drainTo'> &
  Pick<Job, 'state' | 'promotionId'> & { columns: Column[] };

async function writePlace({ tx, standing, at }: Writing, change: Change): Promise<void> {
  const { position, progress, takesOver, isDrained, eventsIn } = change;
  const { jobId } = standing.live;
  const { watermark } = progress;
  await tx.liveJob.update({
    where: { jobId },
    data: {
      position,
      progress: progress as unknown as Prisma.InputJsonObject,
      watermark: watermark === null ? null : new Date(watermark),
      updatedAt: at,
      eventsIn: { increment: eventsIn },
      late: { increment: lateIn(change) },
      rowsOut: { increment: rowsOf(change) },
      ...(takesOver ? { nextId: null, nextFrom: null } : {}),
      ...(isDrained ? { drainTo: null } : {}),
      ...(standing.live.trouble === null ? {} : { trouble: Prisma.DbNull }),
    },
  });
  if (takesOver) await tx.job.update({ where: { id: jobId }, data: takesOver });
  if (isDrained) await tx.job.updateMany({ where: { id: jobId, state: 'draining' }, data: { state: 'paused' } });
}

/** Every built file under its final name, safe on disk, before anything names it. */
async function settleFiles(warehouse: Warehouse, change: Change): Promise<Change> {
  const settle = async <T extends Output>(output: T): Promise<T> => ({
    ...output,
    file: (await warehouse.settle(output.file)) satisfies BuiltFile,
  });
  const answers = [];
  for (const answer of change.answers)
    answers.push('file' in answer.result ? { ...answer, result: await settle(answer.result) } : answer);
  const batches = [];
  for (const batch of change.batches)
    batches.push({
      ...batch,
      output: batch.output && (await settle(batch.output)),
      left: batch.left && (await settle(batch.left)),
    });
  return { ...change, answers, batches, kept: change.kept && (await settle(change.kept)) };
}
