import type { Window } from '#lib/job/window.ts';
import type { Moment } from '#lib/stream/moment.ts';
import { hourOf } from '#lib/server/jobs/hour.ts';
import type { Bench } from './build.ts';
import { changeOf, type Batch } from './change.ts';
import { commit } from './commit.ts';
import { answerPiece } from './each.ts';
import type { Lease } from './lease.ts';
import { drained, lost } from './notices.ts';
import { readOn, type Read } from './read.ts';
import type { Step } from './rest.ts';

/*
 * A windowless job's step: the events that follow, as many as have come, through the query; those of one hour of arrivals together.
 * Where finding those that the query fails for takes long, what is done by then is published and the rest is another step.
 */
const mostEvents = 50_000;
const lookEvery = 1000;
/** How long after an hour no frame of it is on its way to the log any more, ms. */
const hourIsOver = 5000;

export async function stepWindowless(bench: Bench, lease: Lease): Promise<Step> {
  const { world, standing } = bench;
  const { stream, position, drainTo } = standing;
  const read = await readOn(world, stream.id, position, mostEvents);
  const moments = read.moments.filter(({ first }) => drainTo === null || first < drainTo);
  const isDrainedHere = drainTo !== null && (moments.length === 0 || endOf(moments) >= drainTo);
  const hoursOver = await overBy(bench, read);
  if (moments.length + (read.lost ? 1 : 0) === 0 && !isDrainedHere && !hoursOver)
    return { waitBeyond: read.below, atMost: lookEvery, together: 0 };
  const { batches, good } = await answerAll(bench, byHour(moments, read.from));
  const through = batches.at(-1)?.through ?? (moments.length > 0 ? endOf(moments) : read.from);
  const isDrained = isDrainedHere && (moments.length === 0 || through >= endOf(moments));
  const received = moments.findLast(({ first }) => first < through)?.received;
  await commit(
    world,
    lease,
    standing,
    changeOf({
      position: through,
      progress: { ...standing.progress, ...(good === undefined ? {} : { good }) },
      eventsIn: batches.reduce((sum, { events }) => sum + events, 0),
      lag: received === undefined ? null : Math.max(0, world.now().getTime() - received),
      batches,
      hoursOver,
      notices: [...(read.lost ? [lost(read.lost.from, read.lost.to)] : []), ...(isDrained ? [drained(0)] : [])],
      isDrained,
    }),
  );
  return 'done';
}

/** Until one is not answered to its end. */
async function answerAll(bench: Bench, pieces: Piece[]): Promise<{ batches: Batch[]; good: number | undefined }> {
  const batches: Batch[] = [];
  let { good } = bench.standing.progress;
  for (const piece of pieces) {
    const answered = await answerPiece(bench, piece, { good, end: pieces.at(-1)!.below });
    batches.push(answered.batch);
    good = answered.good ?? good;
    if (answered.batch.through < piece.below) break;
  }
  return { batches, good };
}

/** When nothing follows: the hour that has begun, if a run before it waits for its end. */
async function overBy({ world, standing }: Bench, read: Read): Promise<Date | null> {
  if (read.moments.length > 0) return null;
  const { start } = hourOf(world.now().getTime() - hourIsOver);
  const where = { jobId: standing.job.id, cause: 'stream', state: 'running', windowEnd: { lte: start } };
  return (await world.db.run.count({ where })) > 0 ? start : null;
}

/** Events [first, below) that came in one hour. */
export interface Piece {
  hour: Window;
  first: number;
  below: number;
}

function byHour(moments: Moment[], from: number): Piece[] {
  const pieces: Piece[] = [];
  for (const { first, rows, received } of moments) {
    const last = pieces.at(-1);
    const below = first + rows;
    if (last && received < last.hour.end.getTime()) last.below = below;
    else pieces.push({ hour: hourOf(received), first: Math.max(first, from), below });
  }
  return pieces;
}

function endOf(moments: Moment[]): number {
  const { first, rows } = moments.at(-1)!;
  return first + rows;
}
