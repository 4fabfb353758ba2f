import type { Window } from '#lib/job/window.ts';
import type { Lodestar } from '#lib/server/lodestar.ts';
import type { Built, Left, NewPartition, Sifted } from '#lib/server/warehouse/warehouse.ts';
import type { Job, Prisma } from '#prisma/client/client.ts';
import { buildHere, type Answered, type Held } from './answer.ts';
import { asideOf } from './aside.ts';
import type { Failure } from './failure.ts';
import { hourKey } from './hour.ts';
import { keptSince } from './kept-since.ts';
import { leftOutWords, type LeftOut } from './left-out.ts';
import { lockJob } from './lock.ts';
import { columnDriftIn, finish } from './publish.ts';
import { replayProblem } from './replay-problem.ts';
import type { Events, Work } from './work.ts';
import { answeredOver } from './answered-over.ts';

/*
 * A window of a real-time job, answered once more because people ask for it: a run as any other, over the events that its
 * last answer read. The job's row is locked while it is published, as it is by the commits of the
 * session, and what a session has published over more events meanwhile stays.
 */
type World = Pick<Lodestar, 'db' | 'warehouse' | 'connections' | 'streams' | 'now'>;

/** Throws KernelFailure or Problem where what it reads fails, LeaseLost when the run is not ours. */
export async function answerAgain(world: World, work: Work, held: Held): Promise<Answered> {
  const { db, warehouse, now } = world;
  const problem = await replayProblem(db, held.job.id, [work.window]);
  if (problem) return { ok: false, failure: { code: 'window-open', message: problem } };
  const gone = await eventsGone(world, work, held.job.id);
  if (gone) return { ok: false, failure: gone };
  const again = await eventsOf(world, work, held.job.id);
  if (!again) return { ok: false, failure: notReadYet };
  work.log(`Reads the stream up to event ${again.events.below}`);
  const built = await buildHere(world, { ...work, events: again.events });
  if ('failure' in built) return { ok: false, failure: built.failure };
  const { columns, sifted } = built;
  const tooMany = unanswered(again.events.below, sifted);
  if (tooMany) return { ok: false, failure: tooMany };
  const file = await warehouse.settle(built.file);
  const left = sifted?.left && { ...sifted.left, file: await warehouse.settle(sifted.left.file) };
  const output = { file, columns, left: left ?? null };
  const write = (tx: Prisma.TransactionClient) => replace(world, tx, work, held, again, output);
  const refused = await finish(db, held.lease, now(), write, (tx) => lockJob(tx, held.job.id)).catch(refusalOf);
  if (typeof refused === 'object') return { ok: false, failure: refused };
  return { ok: true, said: refused === 'good' ? 'Published' : 'Published, with a warning' };
}

const notReadYet: Failure = {
  code: 'window-open',
  message: 'The job has not read all events of this window yet. Ask again when it has.',
};

/** What stands there is better than an answer over what is left of the events. */
async function eventsGone({ db }: World, { spec, window }: Work, jobId: string): Promise<Failure | null> {
  const { stream } = await db.liveJob.findUniqueOrThrow({ where: { jobId }, include: { stream: true } });
  if (window.start.getTime() >= (await keptSince(db, stream, spec.realtime!.kind))) return null;
  const message = 'Events of this window may no longer be kept by the stream, so what stands there stays.';
  return { code: 'events-gone', message };
}

/** Thrown inside the transaction, so that nothing of it stays. */
class Refused extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

function refusalOf(error: unknown): Failure {
  if (error instanceof Refused) return error.failure;
  throw error;
}

interface Again {
  events: Events;
  /** What is said of the window's events, as its last answer knew. */
  counts: { eventsIn: bigint | null; late: bigint | null };
}

/** Which events the window is answered over; null while the job has not read them all. */
async function eventsOf(world: World, { spec, window }: Work, jobId: string): Promise<Again | null> {
  const live = await world.db.liveJob.findUniqueOrThrow({ where: { jobId }, include: { stream: true } });
  const stream = { streamId: live.streamId, name: live.stream.name };
  if (spec.realtime!.kind === 'tumbling') {
    const { below, ...counts } = await answeredOver(world, spec, live, window);
    return { events: { ...stream, below }, counts };
  }
  const hour = await arrivedIn(world, live.streamId, window);
  if (hour.below > Number(live.position)) return null;
  return { events: { ...stream, ...hour }, counts: { eventsIn: BigInt(hour.below - hour.from), late: null } };
}

/** The numbers of the events that came in an hour. */
async function arrivedIn({ db, streams }: World, streamId: string, { start, end }: Window) {
  const segments = await db.segment.findMany({ where: { streamId }, orderBy: { firstOffset: 'asc' } });
  const segment = segments.find(({ lastReceivedAt }) => lastReceivedAt === null || lastReceivedAt >= start);
  let from = Number(segment?.firstOffset ?? (await streams.live(streamId)).end);
  for (let at = from, isIn = false; ;) {
    const moments = await streams.timeline(streamId, at, 100_000);
    for (const { first, rows, received } of moments) {
      if (received >= end.getTime()) return { from: isIn ? from : first, below: first };
      if (!isIn && received >= start.getTime()) [from, isIn] = [first, true];
      at = first + rows;
    }
    if (moments.length === 0) return { from: isIn ? from : at, below: at };
  }
}

type Output = Pick<Extract<Built, { ok: true }>, 'file' | 'columns'> & { left: Left | null };

/** Why an hour of which events fail by themselves is not published; null when only some do. */
function unanswered(below: number, sifted: Sifted | null): Failure | null {
  if (!sifted) return null;
  const [first] = sifted.left?.first ?? [];
  if (sifted.good === null)
    return { code: 'all-failed', message: `The query fails for every event. Event ${first?.at}: ${first?.message}` };
  if (sifted.below === below) return null;
  return {
    code: 'events-failed',
    message: `So many events fail by themselves that finding them takes too long; what stands there stays. Event ${first?.at}: ${first?.message}`,
  };
}

/** Puts the rows where the window's stood, in the transaction that closes the run. */
async function replace(
  world: World,
  tx: Prisma.TransactionClient,
  { spec, window }: Work,
  { job, lease }: Held,
  { events, counts }: Again,
  output: Output,
) {
  const { warehouse } = world;
  const place = { jobId: job.id, windowStart: window.start, windowEnd: window.end };
  const newer = await tx.run.count({
    where: { ...place, through: { gt: events.below }, state: { in: ['good', 'warned'] } },
  });
  if (newer > 0 && spec.realtime!.kind === 'tumbling')
    throw new Refused({ code: 'conflict', message: 'The window was published over more events meanwhile.' });
  const { datasetId } = job;
  const drift = await columnDriftIn(tx, datasetId, output.columns);
  const key = spec.realtime!.kind === 'tumbling' ? window.start.toISOString() : hourKey(window, events.from ?? 0);
  const { left, ...rows } = output;
  await clear(tx, datasetId, window, key);
  const at = { key, windowStart: window.start, windowEnd: window.end, runId: lease.runId };
  await warehouse.publish(tx, { datasetId, ...rows, ...at });
  const leftOut = spec.realtime!.kind === 'windowless' ? await replaceLeft(world, tx, job, at, events, left) : null;
  const { rows: count, bytes } = output.file;
  return { drift, leftOut, rows: count, bytes, through: BigInt(events.below), ...counts };
}

/** The events of the hour that the query fails for now stand beside the output, and no others. */
async function replaceLeft(
  { warehouse, now }: World,
  tx: Prisma.TransactionClient,
  job: Job,
  at: Pick<NewPartition, 'key' | 'runId'> & { windowStart: Date; windowEnd: Date },
  { from = 0, below }: Events,
  left: Left | null,
): Promise<LeftOut | null> {
  const live = await tx.liveJob.findUniqueOrThrow({ where: { jobId: job.id } });
  const { windowStart, windowEnd } = at;
  if (live.lateDatasetId) {
    await tx.partition.deleteMany({ where: { datasetId: live.lateDatasetId, windowStart, windowEnd } });
    if (!left) await tx.dataset.update({ where: { id: live.lateDatasetId }, data: { version: { increment: 1 } } });
  }
  if (!left) return null;
  const datasetId = await asideOf(tx, { job, live }, 'failed', now());
  await warehouse.publish(tx, { datasetId, file: left.file, columns: left.columns, ...at });
  const { name } = await tx.dataset.findUniqueOrThrow({ where: { id: datasetId } });
  return leftOutWords(left, { of: below - from, beside: name });
}

/** Takes away what stood there: the hour's batches, or windows of a version that cut them smaller. */
async function clear(tx: Prisma.TransactionClient, datasetId: string, window: Window, key: string): Promise<void> {
  const meets = { windowStart: { lt: window.end }, windowEnd: { gt: window.start } };
  const wider = await tx.partition.findFirst({
    where: { datasetId, ...meets, OR: [{ windowStart: { lt: window.start } }, { windowEnd: { gt: window.end } }] },
  });
  if (wider)
    throw new Refused({
      code: 'other-windows',
      message: `An earlier version answered ${wider.windowStart!.toISOString()} to ${wider.windowEnd!.toISOString()} as one window, so a part of it cannot be replaced.`,
    });
  await tx.partition.deleteMany({ where: { datasetId, ...meets, key: { not: key } } });
}
