import { jobPerson } from '#kernels/server.ts';
import type { Lodestar } from '#lib/server/lodestar.ts';
import { Problem } from '#lib/server/problem.ts';
import { answerHere, answerThere } from './answer.ts';
import { answerAgain } from './replay.ts';
import { failureOf, isExpected, isPassing, type Failure } from './failure.ts';
import { guard } from './guard.ts';
import { LeaseLost, close, type Lease } from './lease.ts';
import { runLog, type RunLog } from './log.ts';
import type { Work } from './work.ts';

/*
 * One attempt at one run, from a fresh lease to its end. What the query does wrong ends the run; what the machine does wrong
 * (a lost child, a timeout) lets it wait and be tried again, up to the limit. Checks stand before publishing: when
 * one fails, nothing is published and what stood there stays.
 */
export interface Attempt {
  lease: Lease;
  signal: AbortSignal;
  /** In all, the first included. */
  attempts: number;
  /** Seconds to wait before the attempt after this one. */
  pause(attempt: number): number;
}

type World = Pick<Lodestar, 'db' | 'warehouse' | 'connections' | 'streams' | 'now' | 'log'>;

/** Gives the job when its stream can only be read elsewhere: the run waits for who can. */
export async function execute(world: World, attempt: Attempt): Promise<{ elsewhere: string } | null> {
  const log = runLog(world, attempt.lease.runId);
  try {
    await perform(world, attempt, log);
  } catch (error) {
    if (error instanceof LeaseLost) await log('This run was taken away from its worker; it wrote down nothing.');
    else if (attempt.signal.aborted) await giveBack(world, attempt, log);
    else if (isElsewhere(error)) return leave(world, attempt, log);
    else {
      if (!isExpected(error)) world.log.error({ err: error, runId: attempt.lease.runId }, 'run broke');
      await fail(world, attempt, log, failureOf(error));
    }
  }
  return null;
}

function isElsewhere(error: unknown): boolean {
  return error instanceof Problem && error.code === 'stream-elsewhere';
}

const left = 'The stream cannot be read on this server: the run waits for one that can read it.';

/** Puts the run back for another server, as if it had not been taken. That is said once, however often it is taken here. */
async function leave({ db }: World, { lease }: Attempt, log: RunLog): Promise<{ elsewhere: string } | null> {
  const { runId } = lease;
  const said = await db.runLine.findFirst({ where: { runId, text: left } });
  if (said) await db.runLine.deleteMany({ where: { runId, id: { gt: said.id } } });
  else await log(left);
  const run = await db.run.findUnique({ where: { id: runId } });
  await close(db, lease, { state: 'queued', startedAt: null, attempt: { decrement: 1 } });
  return run && { elsewhere: run.jobId };
}

async function perform(world: World, attempt: Attempt, log: RunLog): Promise<void> {
  const { db } = world;
  const found = await db.run.findUnique({
    where: { id: attempt.lease.runId },
    include: { job: true, promotion: true },
  });
  if (!found) throw gone(attempt.lease);
  const { job, promotion, ...run } = found;
  await log(
    `Attempt ${run.attempt} of ${attempt.attempts}, version ${promotion.version}, sha256 ${promotion.hash.slice(0, 12)}`,
  );
  const guarded = await guard(db, job, promotion);
  if (!guarded.ok) return fail(world, attempt, log, guarded);
  const work: Work = {
    projectId: job.projectId,
    spec: guarded.spec,
    window: { start: run.windowStart, end: run.windowEnd },
    person: guarded.owner,
    turn: jobPerson(job.id),
    about: { kind: 'job', job: job.name, run: run.id },
    signal: attempt.signal,
    log: (line) => void log(line),
  };
  const answered = await answerOf(guarded.spec)(world, work, { lease: attempt.lease, job });
  if (answered.ok) return log(answered.said);
  if (attempt.signal.aborted) return giveBack(world, attempt, log);
  return fail(world, attempt, log, answered.failure);
}

/** Its job was deleted. */
function gone({ runId }: Lease): LeaseLost {
  return new LeaseLost(`Run ${runId} is gone.`);
}

function answerOf({ realtime, place }: Work['spec']): typeof answerHere {
  if (realtime) return answerAgain;
  return place ? answerThere : answerHere;
}

/** Stopped from outside. A run that is still ours was not cancelled: this process is ending, and the attempt does not count. */
async function giveBack({ db }: World, { lease }: Attempt, log: RunLog): Promise<void> {
  const isOurs = await close(db, lease, { state: 'queued', startedAt: null, attempt: { decrement: 1 } });
  await log(isOurs ? 'This server is stopping; the run waits for the next.' : 'Stopped; nothing was published.');
}

async function fail(world: World, attempt: Attempt, log: RunLog, failure: Failure): Promise<void> {
  const { db, now } = world;
  const run = await db.run.findUnique({ where: { id: attempt.lease.runId } });
  if (!run) return;
  const again = isPassing(failure.code) && run.attempt < attempt.attempts;
  await log(`${failure.message}${again ? ` Tried again in ${attempt.pause(run.attempt)} s.` : ''}`);
  const { ok: _, ...error } = failure;
  const end = again
    ? { state: 'queued', notBefore: new Date(Date.now() + attempt.pause(run.attempt) * 1000) }
    : { state: 'failed', endedAt: now(), error: JSON.parse(JSON.stringify(error)) };
  await close(db, attempt.lease, end);
}
