import { rm } from 'node:fs/promises';
import type { Window } from '#lib/job/window.ts';
import type { Moment } from '#lib/stream/moment.ts';
import { hourOf } from '#lib/server/jobs/hour.ts';
import { buildWindow, Passing, type Bench } from './build.ts';
import { changeOf, type Batch, type Failure, type Output } from './change.ts';
import { commit } from './commit.ts';
import type { Lease } from './lease.ts';
import { drained, lost } from './notices.ts';
import { readOn, type Read } from './read.ts';
import type { Step } from './rest.ts';

/*
 * A windowless job's step: the events that follow, as many as have come, through the query; those of one hour of arrivals together.
 * An event that the query fails for is found and left out, so that what comes of the others does not depend on the batch they
 * came in.
 */
const mostEvents = 50_000;
const lookEvery = 1000;
/** Events of a batch that may fail by themselves; more, and it is the query that fails. */
const mostBroken = 16;
/** How long after an hour no frame of it is on its way to the log any more, ms. */
const hourIsOver = 5000;

export async function stepWindowless(bench: Bench, lease: Lease): Promise<Step> {
  const { world, standing } = bench;
  const { stream, position, drainTo } = standing;
  const read = await readOn(world, stream.id, position, mostEvents);
  const moments = read.moments.filter(({ first }) => drainTo === null || first < drainTo);
  const isDrained = drainTo !== null && (moments.length === 0 || endOf(moments) >= drainTo);
  const hoursOver = await overBy(bench, read);
  if (moments.length + (read.lost ? 1 : 0) === 0 && !isDrained && !hoursOver)
    return { waitBeyond: read.below, atMost: lookEvery, together: 0 };
  const pieces = byHour(moments, read.from);
  const batches: Batch[] = [];
  for (const piece of pieces) batches.push(...(await answer(bench, piece)));
  const received = moments.at(-1)?.received;
  await commit(
    world,
    lease,
    standing,
    changeOf({
      position: moments.length > 0 ? endOf(moments) : read.from,
      progress: standing.progress,
      eventsIn: pieces.reduce((sum, { first, below }) => sum + below - first, 0),
      lag: received === undefined ? null : Math.max(0, world.now().getTime() - received),
      batches,
      hoursOver: pieces.at(-1)?.hour.start ?? hoursOver,
      notices: [...(read.lost ? [lost(read.lost.from, read.lost.to)] : []), ...(isDrained ? [drained(0)] : [])],
      isDrained,
    }),
  );
  return 'done';
}

/** When nothing follows: the hour that has begun, if a run before it waits for its end. */
async function overBy({ world, standing }: Bench, read: Read): Promise<Date | null> {
  if (read.moments.length > 0) return null;
  const { start } = hourOf(world.now().getTime() - hourIsOver);
  const where = { jobId: standing.job.id, cause: 'stream', state: 'running', windowEnd: { lte: start } };
  return (await world.db.run.count({ where })) > 0 ? start : null;
}

/** Events [first, below) that came in one hour. */
interface Piece {
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

async function answer(bench: Bench, piece: Piece): Promise<Batch[]> {
  const found = await sift(bench, piece, { broken: 0 });
  return found.map((part): Batch => ({
    hour: part.hour,
    first: part.first,
    through: part.below,
    events: part.below - part.first,
    output: 'failure' in part.result ? null : withRows(part.result),
    broken:
      'failure' in part.result ? { events: part.below - part.first, failure: named(part, part.result.failure) } : null,
  }));
}

type Sifted = Piece & { result: Output | { failure: Failure } };

/** Halves what fails until the events stand alone that fail by themselves. Throws Passing when they are too many. */
async function sift(bench: Bench, piece: Piece, so: { broken: number }): Promise<Sifted[]> {
  const { first, below } = piece;
  const result = await buildWindow(bench, piece.hour, { from: first, below });
  if (!('failure' in result)) return [{ ...piece, result }];
  if (below - first === 1) so.broken += 1;
  if (so.broken > mostBroken) throw new Passing(result.failure);
  if (below - first === 1) return [{ ...piece, result }];
  const middle = Math.floor((first + below) / 2);
  return [
    ...(await sift(bench, { ...piece, below: middle }, so)),
    ...(await sift(bench, { ...piece, first: middle }, so)),
  ];
}

function named({ first }: Piece, { code, message }: Failure): Failure {
  return { code, message: `Event ${first}: ${message}` };
}

function withRows(output: Output): Output | null {
  if (output.file.rows > 0) return output;
  void rm(output.file.path, { force: true });
  return null;
}
