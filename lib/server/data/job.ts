import { nextTick } from '#lib/job/schedule.ts';
import { PromotionSpec } from '#lib/job/spec.ts';
import type { JobEntry, JobView } from '#lib/job/view.ts';
import { allows, demand, type Actor, type Right, type Role } from '#lib/server/access.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { conflict, notFound, type Problem } from '#lib/server/problem.ts';
import { requestDrain } from '#lib/server/realtime/drain.ts';
import { readLive } from '#lib/server/realtime/view.ts';
import type { Job, Prisma, Promotion } from '#prisma/client/client.ts';
import { connectionNames } from './connection-name.ts';
import { readCoverage } from './coverage.ts';
import { nameOf, namesOf, type Names } from './person.ts';
import { toRunView, type RunRow } from './run-view.ts';
import { cut, firstSlice, window, type Slice, type Sliced } from './slice.ts';

/** Jobs as they are read, paused and resumed. They are made by approval.ts; their runs are run.ts. */

type JobRow = Job & { promotion: Promotion; runs: RunRow[] };

const withLastRun = {
  promotion: true,
  runs: { orderBy: [{ queuedAt: 'desc' }, { windowStart: 'desc' }], take: 1, include: { promotion: true } },
} satisfies Prisma.JobInclude;

export async function listJobs(actor: Actor, projectId: string, slice: Slice = firstSlice): Promise<Sliced<JobEntry>> {
  await demand(actor, projectId, 'read');
  const rows = await getLodestar().db.job.findMany({
    where: { projectId },
    include: withLastRun,
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    ...window(slice),
  });
  const names = await namesOf(rows.flatMap(peopleOf));
  return cut(rows, slice, (row) => toEntry(row, names));
}

export async function readJob(actor: Actor, id: string): Promise<JobView> {
  const { projectId } = await demandJob(actor, id, 'read');
  const role = await demand(actor, projectId, 'read');
  const row = await getLodestar().db.job.findUniqueOrThrow({ where: { id }, include: withLastRun });
  const spec = PromotionSpec.parse(row.promotion.spec);
  const live = row.kind === 'realtime' ? await readLive(getLodestar(), id) : null;
  return {
    ...toEntry(row, await namesOf(peopleOf(row))),
    spec,
    live,
    connections: await connectionNames(projectId, spec),
    coverage: await readCoverage(row, spec, live),
    rights: rightsOf(role),
  };
}

/**
 * A paused job keeps its output and can be run by hand. Windows that a schedule passes meanwhile are not made up for; a
 * real-time job stays where it is in its stream, and goes on from there.
 */
export async function pauseJob(actor: Actor, id: string): Promise<JobView> {
  return setState(actor, id, 'paused');
}

export async function resumeJob(actor: Actor, id: string): Promise<JobView> {
  return setState(actor, id, 'active');
}

/** Lets a real-time job answer all that has come so far; then it is paused. */
export async function drainJob(actor: Actor, id: string): Promise<JobView> {
  const { kind, name } = await demandJob(actor, id, 'own');
  if (kind !== 'realtime')
    throw conflict('not-realtime', `${name} runs by a schedule, so there is nothing to drain. Pause it instead.`);
  await requestDrain(getLodestar(), id);
  return readJob(actor, id);
}

/** The job's row, for someone with the right in its project; a stranger is told there is no such `what`. */
export async function demandJob(
  actor: Actor,
  id: string,
  right: Right,
  what = 'job',
): Promise<Job & { promotion: Promotion }> {
  const row = await getLodestar().db.job.findUnique({ where: { id }, include: { promotion: true } });
  if (!row) throw notFound(what);
  await demand(actor, row.projectId, right).catch((error: Problem) => {
    throw error.status === 404 ? notFound(what) : error;
  });
  return row;
}

async function setState(actor: Actor, id: string, state: 'active' | 'paused'): Promise<JobView> {
  const { kind } = await demandJob(actor, id, 'own');
  const { db, now, scheduler, realtime } = getLodestar();
  const from = state === 'active' ? ['paused'] : ['active', 'draining'];
  const change = state === 'active' ? { state, plannedThrough: now() } : { state };
  // The place in its stream first and then the job, as every commit of its session locks them.
  await db.$transaction([
    db.liveJob.updateMany({ where: { jobId: id }, data: { drainTo: null } }),
    db.job.updateMany({ where: { id, state: { in: from } }, data: change }),
  ]);
  if (kind === 'realtime') realtime.wake(id);
  else await scheduler.plan(id);
  return readJob(actor, id);
}

function rightsOf(role: Role): JobView['rights'] {
  return { run: allows(role, 'edit'), manage: allows(role, 'own') };
}

function peopleOf(row: JobRow): (string | null)[] {
  return [row.ownerId, ...row.runs.map((run) => run.startedBy)];
}

function toEntry(row: JobRow, names: Names): JobEntry {
  const spec = PromotionSpec.parse(row.promotion.spec);
  const isActive = row.state === 'active';
  return {
    id: row.id,
    projectId: row.projectId,
    name: row.name,
    target: spec.target,
    datasetId: row.datasetId,
    kind: row.kind as JobEntry['kind'],
    state: row.state as JobEntry['state'],
    owner: nameOf(names, row.ownerId),
    promotionId: row.promotionId,
    version: row.promotion.version,
    hash: row.promotion.hash,
    window: spec.window,
    schedule: spec.schedule,
    timeZone: spec.timeZone,
    createdAt: row.createdAt.toISOString(),
    nextAt:
      isActive && row.kind === 'offline'
        ? nextTick(spec.schedule, spec.timeZone, getLodestar().now()).toISOString()
        : null,
    lastRun: row.runs[0] ? toRunView(row.runs[0], names) : null,
  };
}
