import { isPassing } from '#lib/server/jobs/failure.ts';
import type { Lodestar } from '#lib/server/lodestar.ts';
import { Problem } from '#lib/server/problem.ts';
import type { Workshop } from '#lib/server/warehouse/warehouse.ts';
import { jobPerson } from '#kernels/server.ts';
import { Passing, type Bench, type World } from './build.ts';
import { Chores, type Pace } from './chores.ts';
import { commit, Moved } from './commit.ts';
import { Drafts } from './drafts.ts';
import type { Lease } from './lease.ts';
import { rest, waitForEvents, type Bell, type Step } from './rest.ts';
import { Standings, type Standing } from './standing.ts';
import { noteTrouble } from './trouble.ts';
import { stepTumbling } from './tumbling.ts';
import { takeOverNow } from './version.ts';
import { stepWindowless } from './windowless.ts';

/*
 * One real-time job, worked on here for as long as it is ours: it looks where the job stands, does the step that is next, commits it,
 * and looks again; with nothing to do it waits for events, for the clock that makes silence count, or to be woken. It keeps
 * nothing in memory that matters: everything it decides follows from the job's row and the stream.
 */
export type SessionWorld = World & Pick<Lodestar, 'config'>;

export interface SessionOptions {
  signal: AbortSignal;
  bell: Bell;
  paces?: Partial<Pace>;
}

/** How it ended: stopped by the signal, paused by people, in trouble that only people can mend, or its stream is read elsewhere. */
export type SessionEnd = 'stopped' | 'paused' | 'trouble' | 'elsewhere';

/** Throws LeaseLost when the job is another's. */
export async function runSession(world: SessionWorld, lease: Lease, options: SessionOptions): Promise<SessionEnd> {
  const workshop = world.warehouse.workshop(jobPerson(lease.jobId));
  const chores = new Chores(options.paces);
  try {
    return await loop({ world, lease, standings: new Standings(world.db, lease), workshop, chores }, options);
  } finally {
    await chores.done();
    await workshop.close();
  }
}

interface Place {
  world: SessionWorld;
  lease: Lease;
  standings: Standings;
  workshop: Workshop;
  chores: Chores;
}

async function loop(place: Place, { signal, bell }: SessionOptions): Promise<SessionEnd> {
  const { world, lease } = place;
  let failures = 0;
  while (!signal.aborted) {
    try {
      const standing = await place.standings.read();
      if (standing.job.state === 'paused') return 'paused';
      const step = await stepOn(place, standing, signal, failures);
      failures = 0;
      if (step === 'trouble') return 'trouble';
      if (step !== 'done') await waitForEvents(world, standing.stream.id, step, signal, bell);
    } catch (error) {
      if (signal.aborted) return 'stopped';
      if (error instanceof Moved) continue;
      const end = await meet(world, lease, error, (failures += 1));
      if (end) return end;
      await rest(Math.min(30_000, 500 * 2 ** failures), signal, bell);
    }
  }
  return 'stopped';
}

async function stepOn(
  place: Place,
  standing: Standing,
  signal: AbortSignal,
  failures: number,
): Promise<Step | 'trouble'> {
  const { world, lease, standings, workshop, chores } = place;
  if (standing.next && standing.live.nextFrom === null) {
    await commit(world, lease, standing, takeOverNow(standing));
    return 'done';
  }
  const guarded = await standings.guarded();
  if (!guarded.ok) {
    await noteTrouble(world.db, lease, guarded);
    return 'trouble';
  }
  const drafts = new Drafts();
  const bench: Bench = { world, standing, owner: guarded.owner, workshop: drafts.of(workshop), signal, failures };
  try {
    return await (standing.realtime.kind === 'tumbling' ? stepTumbling(bench, lease) : stepWindowless(bench, lease));
  } catch (error) {
    await drafts.remove();
    throw error;
  } finally {
    // After the events that waited, so as not to be in their way; what chores build is their own.
    chores.begin({ ...bench, workshop }, lease);
  }
}

/** What is the machine's fault is tried again; what people must mend ends the session. Throws what ends it otherwise. */
async function meet(world: SessionWorld, lease: Lease, error: unknown, failures: number): Promise<SessionEnd | null> {
  if (error instanceof Problem && error.code === 'stream-elsewhere') return 'elsewhere';
  if (!(error instanceof Passing || error instanceof Problem)) throw error;
  const { code, message } = error instanceof Passing ? error.failure : error;
  const isTried = error instanceof Passing || isPassing(code);
  // A log that could not be written is read again in a moment, and what is said of it is for senders.
  if (!isTried || (failures > 1 && code !== 'not-stored'))
    await noteTrouble(world.db, lease, { code, message }, { isTried });
  return isTried ? null : 'trouble';
}
