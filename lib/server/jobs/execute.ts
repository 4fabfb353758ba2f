import type { KernelError } from '#kernels/kernel.ts';
import { jobPerson } from '#kernels/server.ts';
import type { Lodestar } from '#lib/server/lodestar.ts';
import type { Built, CheckResult } from '#lib/server/warehouse/warehouse.ts';
import { guard } from './guard.ts';
import { LeaseLost, close, type Lease } from './lease.ts';
import { runLog, type RunLog } from './log.ts';
import { publish } from './publish.ts';
import { toBuild } from './request.ts';

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

type World = Pick<Lodestar, 'db' | 'warehouse' | 'now' | 'log'>;

interface Failure {
  code: string;
  message: string;
  [more: string]: unknown;
}

export async function execute(world: World, attempt: Attempt): Promise<void> {
  const log = runLog(world, attempt.lease.runId);
  try {
    await perform(world, attempt, log);
  } catch (error) {
    if (error instanceof LeaseLost) return log('This run was taken away from its worker; nothing was published by it.');
    world.log.error({ err: error, runId: attempt.lease.runId }, 'run broke');
    await fail(world, attempt, log, {
      code: 'internal',
      message: error instanceof Error ? error.message : String(error),
    });
  }
}

async function perform(world: World, attempt: Attempt, log: RunLog): Promise<void> {
  const { db, warehouse, now } = world;
  const { job, promotion, ...run } = await db.run.findUniqueOrThrow({
    where: { id: attempt.lease.runId },
    include: { job: true, promotion: true },
  });
  await log(
    `Attempt ${run.attempt} of ${attempt.attempts}, version ${promotion.version}, sha256 ${promotion.hash.slice(0, 12)}`,
  );
  const guarded = await guard(db, job, promotion);
  if (!guarded.ok) return fail(world, attempt, log, guarded);
  const window = { start: run.windowStart, end: run.windowEnd };
  const request = await toBuild(warehouse, job.projectId, guarded.spec, window, (line) => void log(line));
  await log(`Reads ${Object.keys(request.relations).join(', ') || 'no dataset'}`);
  const built = await warehouse.build({ ...request, person: jobPerson(job.id) }, attempt.signal);
  if (attempt.signal.aborted) return giveBack(world, attempt, log);
  const failure = failureOf(built);
  if (failure) return fail(world, attempt, log, failure);
  const { file, columns, checks, took } = built as Extract<Built, { ok: true }>;
  await log(`Built ${file.rows.toLocaleString('en')} rows in ${seconds(took)}; ${checks.length} checks passed`);
  const state = await publish(db, warehouse, attempt.lease, { datasetId: job.datasetId, window, file, columns }, now());
  await log(state === 'good' ? 'Published' : 'Published, with other columns than before');
}

function failureOf(built: Built): Failure | null {
  if (!built.ok) return { ...built.error };
  const failed = built.checks.filter((check) => !check.passed);
  return failed.length ? checkFailure(failed, built.checks.length) : null;
}

function checkFailure(failed: CheckResult[], of: number): Failure {
  const found = failed.map((check) => check.found);
  return {
    code: 'check-failed',
    message: `${failed.length} of ${of} checks failed: ${found.join('; ')}. Nothing was published; the rows from before stay.`,
    checks: failed,
  };
}

/** Stopped from outside. A run that is still ours was not cancelled: this process is ending, and the attempt does not count. */
async function giveBack({ db }: World, { lease }: Attempt, log: RunLog): Promise<void> {
  const isOurs = await close(db, lease, { state: 'queued', startedAt: null, attempt: { decrement: 1 } });
  await log(isOurs ? 'This server is stopping; the run waits for the next.' : 'Stopped; nothing was published.');
}

async function fail(world: World, attempt: Attempt, log: RunLog, failure: Failure): Promise<void> {
  const { db, now } = world;
  const run = await db.run.findUniqueOrThrow({ where: { id: attempt.lease.runId } });
  const again = isPassing(failure.code) && run.attempt < attempt.attempts;
  await log(`${failure.message}${again ? ` Tried again in ${attempt.pause(run.attempt)} s.` : ''}`);
  const { ok: _, ...error } = failure;
  const end = again
    ? { state: 'queued', notBefore: new Date(Date.now() + attempt.pause(run.attempt) * 1000) }
    : { state: 'failed', endedAt: now(), error: JSON.parse(JSON.stringify(error)) };
  await close(db, attempt.lease, end);
}

const passing: string[] = ['lost', 'timeout', 'internal'] satisfies (KernelError['code'] | 'internal')[];

/** Not the query's fault: another attempt may go well. */
function isPassing(code: string): boolean {
  return passing.includes(code);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
