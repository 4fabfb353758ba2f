import { rm } from 'node:fs/promises';
import { jobPerson } from '#kernels/server.ts';
import type { Window } from '#lib/job/window.ts';
import type { Lodestar } from '#lib/server/lodestar.ts';
import { checkFailure, failureOf, isExpected, isPassing, ofKernel } from '#lib/server/jobs/failure.ts';
import type { Guarded } from '#lib/server/jobs/guard.ts';
import { toBuild } from '#lib/server/jobs/request.ts';
import type { Events, Work } from '#lib/server/jobs/work.ts';
import { Problem } from '#lib/server/problem.ts';
import type { Built, Workshop } from '#lib/server/warehouse/warehouse.ts';
import type { Failure, Output } from './change.ts';
import type { Standing } from './standing.ts';

/*
 * One build of a real-time job: the very request that an offline run makes, over the events that are there for it, in the job's
 * workshop. What the query or its checks do wrong is an answer; what the machine does wrong is thrown, and tried again.
 */
export type World = Pick<Lodestar, 'db' | 'warehouse' | 'connections' | 'streams' | 'now' | 'log'>;

export interface Bench {
  world: World;
  standing: Standing;
  owner: Extract<Guarded, { ok: true }>['owner'];
  workshop: Workshop;
  signal: AbortSignal;
  /** How often in a row the machine has failed here. */
  failures: number;
}

/** The machine's fault: the same again may go well. */
export class Passing extends Error {
  override name = 'Passing';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** A build that was lost or took too long so often is the query's own fault: others must not wait for it for ever. */
const patience = 5;

type Bounds = Pick<Events, 'from' | 'below' | 'patience'>;

/** What a window came to. */
export type Result = Output | { failure: Failure };

/** Throws Passing, and a Problem (503) when the stream cannot be read here. */
export async function buildWindow(bench: Bench, window: Window, events: Bounds): Promise<Result> {
  return (await buildWindows(bench, [{ window, events }]))[0]!;
}

/** In order; what they read is looked up once for those that are built in one engine. Throws as for one. */
export async function buildWindows(bench: Bench, asked: { window: Window; events: Bounds }[]): Promise<Result[]> {
  const works = asked.map(({ window, events }) => workOf(bench, window, events));
  const results: Result[] = [];
  while (results.length < works.length) results.push(...(await buildSome(bench, works.slice(results.length))));
  return results;
}

/** The first of them, at least one. */
async function buildSome(bench: Bench, works: Work[]): Promise<Result[]> {
  try {
    return await attempt(bench, works);
  } catch (error) {
    if (bench.signal.aborted) throw error;
    if (error instanceof Passing) return [givenUp(bench, error)];
    // The stream cannot be read here now, which is no answer of the query: the session says what comes of it.
    if (error instanceof Problem && error.status === 503) throw error;
    if (!isExpected(error)) bench.world.log.error({ err: error }, 'a window of a real-time job broke');
    const failure = failureOf(error);
    if (isPassing(failure.code)) throw new Passing(failure);
    if (!isExpected(error)) throw error;
    return [{ failure }];
  }
}

function givenUp({ failures }: Bench, passing: Passing): { failure: Failure } {
  const { failure } = passing;
  if (failures < patience || !['lost', 'timeout'].includes(failure.code)) throw passing;
  return { failure: { ...failure, message: `${failure.message} It was tried ${failures + 1} times.` } };
}

function workOf({ standing, owner, signal }: Bench, window: Window, events: Bounds): Work {
  const { job, spec, stream } = standing;
  return {
    projectId: job.projectId,
    spec,
    window,
    person: owner,
    turn: jobPerson(job.id),
    about: { kind: 'job', job: job.name },
    events: { streamId: stream.id, name: stream.name, ...events },
    signal,
    log: () => undefined,
  };
}

async function attempt({ world, workshop, signal }: Bench, [work, ...more]: Work[]): Promise<Result[]> {
  const { build, others, remove } = await toBuild(world, work!, more);
  try {
    const built = await workshop.each(build, others, signal);
    signal.throwIfAborted();
    const doubtful = built.findIndex((each, at) => at > 0 && isOfEngine(each));
    return await Promise.all(built.slice(0, doubtful < 0 ? built.length : doubtful).map(resultOf));
  } finally {
    await remove();
  }
}

/** The engine had answered others before, so it may not be this window's fault: it is asked for again, as the first. */
function isOfEngine(built: Built): boolean {
  return !built.ok && (isPassing(built.error.code) || built.error.code === 'memory');
}

async function resultOf(built: Built): Promise<Result> {
  if (!built.ok) {
    const failure = ofKernel(built.error);
    if (isPassing(failure.code)) throw new Passing(failure);
    return { failure };
  }
  const failure = checkFailure(built.checks);
  if (!failure) return { file: built.file, columns: built.columns, sifted: built.sifted };
  await rm(built.file.path, { force: true });
  return { failure };
}
