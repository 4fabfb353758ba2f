import { rm } from 'node:fs/promises';
import { markOf, stageOf, type Table } from '#lib/job/lake.ts';
import type { Lodestar } from '#lib/server/lodestar.ts';
import type { Built } from '#lib/server/warehouse/warehouse.ts';
import type { Job, PrismaClient } from '#prisma/client/client.ts';
import { clusterFor, demandWrites } from './cluster.ts';
import { checkFailure, ofKernel, type Failure } from './failure.ts';
import { demandLease, type Lease } from './lease.ts';
import { publish, recordCommit } from './publish.ts';
import { readingOf, textsBefore } from './reading.ts';
import { replaceOn, type Replacement } from './replace.ts';
import { toBuild } from './request.ts';
import { parametersOf, windowText, type Work } from './work.ts';

/*
 * A window's answer, published where the job's output is: as a file of the warehouse, or by a commit on a cluster. Either way
 * nothing is published before the checks have passed, and the run is closed with it.
 */
export type Answered = { ok: true; said: string } | { ok: false; failure: Failure };

export interface Held {
  lease: Lease;
  job: Job;
}

type World = Pick<Lodestar, 'db' | 'warehouse' | 'connections' | 'streams' | 'now'>;

/** Into the warehouse. Throws KernelFailure or Problem where a cluster it reads fails, LeaseLost when the run is not ours. */
export async function answerHere(world: World, work: Work, { lease, job }: Held): Promise<Answered> {
  const { db, warehouse, now } = world;
  const built = await buildHere(world, work);
  if ('failure' in built) return { ok: false, failure: built.failure };
  const output = { datasetId: job.datasetId, window: work.window, file: built.file, columns: built.columns };
  const state = await publish(db, warehouse, lease, output, now());
  return { ok: true, said: state === 'good' ? 'Published' : 'Published, with other columns than before' };
}

/** What may be published of a window, or why nothing is. */
export async function buildHere(
  world: World,
  work: Work,
): Promise<Pick<Extract<Built, { ok: true }>, 'file' | 'columns' | 'sifted'> | { failure: Failure }> {
  const { build, remove } = await toBuild(world, work);
  try {
    work.log(`Reads ${Object.keys(build.relations).join(', ') || 'no dataset'}`);
    const built = await world.warehouse.build(build, work.signal);
    const failure = await refusalOf(built, work.signal);
    if (failure) return { failure };
    const { file, columns, checks, took, sifted } = built as Extract<Built, { ok: true }>;
    const seconds = (took / 1000).toFixed(2);
    work.log(`Built ${file.rows.toLocaleString('en')} rows in ${seconds} s; ${checks.length} checks passed`);
    return { file, columns, sifted };
  } finally {
    await remove();
  }
}

/** Why a build is not published; its file goes. */
async function refusalOf(built: Built, signal: AbortSignal): Promise<Failure | null> {
  if (!built.ok) return ofKernel(built.error);
  const failure = signal.aborted ? { code: 'cancelled', message: 'Stopped.' } : checkFailure(built.checks);
  if (failure) await rm(built.file.path, { force: true });
  return failure;
}

/** Onto the cluster. Throws KernelFailure where it fails, LeaseLost when the run is not ours. */
export async function answerThere(world: World, work: Work, held: Held): Promise<Answered> {
  const { db, now } = world;
  const { lease, job } = held;
  await demandWrites(world, work);
  const cluster = await clusterFor(world, work, work.spec.place!.connection);
  const replaced = await replaceOn(cluster, await replacementOf(world, work, held));
  if (!replaced.ok) return replaced;
  const { ok: _, checks, ...committed } = replaced;
  const output = { datasetId: job.datasetId, window: work.window, ...committed };
  const state = await recordCommit(db, lease, output, now());
  const said = state === 'good' ? 'Written down' : 'Written down; the columns are other than before';
  return { ok: true, said: `${said}; ${checks.length} checks passed` };
}

async function replacementOf(world: World, work: Work, { lease, job }: Held): Promise<Replacement> {
  const { db } = world;
  const { spec, window, signal, log } = work;
  const { catalog, schema } = spec.place!;
  const table = { catalog, schema, table: spec.target.toLowerCase() };
  const step = spec.steps.at(-1)!;
  return {
    table,
    stage: stageOf(table, job.datasetId, window.start, tokenOf(lease.token)),
    windowStart: window.start,
    mark: markOf(job.datasetId, window.start),
    window: windowText(work),
    datasetId: job.datasetId,
    query: step.sql,
    texts: textsBefore(await readingOf(world, work), step),
    parameters: parametersOf(work),
    checks: spec.checks,
    live: () => liveStages(db, job, table),
    fence: () => demandLease(db, lease),
    signal,
    log,
  };
}

/** The staging tables of the job's runs that are under way: every other is left over. */
async function liveStages(db: PrismaClient, { id, datasetId }: Job, table: Table): Promise<Set<string>> {
  const running = await db.run.findMany({ where: { jobId: id, state: 'running' } });
  return new Set(
    running.flatMap(({ lease, windowStart }) =>
      lease ? [stageOf(table, datasetId, windowStart, tokenOf(lease)).table] : [],
    ),
  );
}

/** Tells attempts apart: the end of the lease's own token. */
function tokenOf(token: string): string {
  return token.slice(-12);
}
