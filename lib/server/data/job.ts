import { coverage } from '#lib/job/coverage.ts';
import { nextTick } from '#lib/job/schedule.ts';
import { PromotionSpec, type WindowUnit } from '#lib/job/spec.ts';
import type { Coverage, JobEntry, JobView, RunState } from '#lib/job/view.ts';
import { lastWindowBefore } from '#lib/job/window.ts';
import { allows, demand, type Actor, type Right, type Role } from '#lib/server/access.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { notFound, type Problem } from '#lib/server/problem.ts';
import type { Job, Prisma, Promotion } from '#prisma/client/client.ts';
import { connectionNames } from './connection-name.ts';
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
  return {
    ...toEntry(row, await namesOf(peopleOf(row))),
    spec,
    live: null,
    connections: await connectionNames(projectId, spec),
    coverage: await readCoverage(row, spec),
    rights: rightsOf(role),
  };
}

/** A paused job keeps its output and can be run by hand; windows that pass meanwhile are not made up for. */
export async function pauseJob(actor: Actor, id: string): Promise<JobView> {
  return setState(actor, id, 'paused');
}

export async function resumeJob(actor: Actor, id: string): Promise<JobView> {
  return setState(actor, id, 'active');
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
  await demandJob(actor, id, 'own');
  const { db, now, scheduler } = getLodestar();
  const from = state === 'active' ? 'paused' : 'active';
  const change = state === 'active' ? { state, plannedThrough: now() } : { state };
  await db.job.updateMany({ where: { id, state: from }, data: change });
  await scheduler.plan(id);
  return readJob(actor, id);
}

/** How far back a job's page looks, in windows. */
const reach: Record<WindowUnit, number> = { second: 360, minute: 1440, hour: 24 * 14, day: 366, week: 106, month: 60 };

async function readCoverage(job: JobRow, spec: PromotionSpec): Promise<Coverage[]> {
  const { db, now } = getLodestar();
  const { window: windowSpec, timeZone } = spec;
  const first = await db.run.aggregate({ where: { jobId: job.id }, _min: { windowStart: true } });
  const last = lastWindowBefore(windowSpec, timeZone, now());
  const made = lastWindowBefore(windowSpec, timeZone, job.createdAt).start;
  const oldest = first._min.windowStart && first._min.windowStart < made ? first._min.windowStart : made;
  const limit = new Date(last.end.getTime() - reach[windowSpec.unit] * hours[windowSpec.unit] * 3_600_000);
  const from = oldest < limit ? limit : oldest;
  const since = { windowStart: { gte: from } };
  const runs = await db.run.findMany({
    where: { jobId: job.id, ...since },
    select: { id: true, state: true, windowStart: true, windowEnd: true },
    orderBy: [{ queuedAt: 'desc' }, { id: 'asc' }],
  });
  const partitions = await db.partition.findMany({ where: { datasetId: job.datasetId, ...since } });
  return coverage(
    windowSpec,
    timeZone,
    { from, to: new Date(last.start.getTime() + 1) },
    runs.map((run) => ({ ...run, state: run.state as RunState })),
    partitions.flatMap(({ windowStart, windowEnd, rows }) =>
      windowStart && windowEnd ? [{ windowStart, windowEnd, rows: Number(rows) }] : [],
    ),
  );
}

const hours: Record<WindowUnit, number> = { second: 1 / 3600, minute: 1 / 60, hour: 1, day: 24, week: 168, month: 744 };

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
    kind: 'offline',
    state: isActive ? 'active' : 'paused',
    owner: nameOf(names, row.ownerId),
    promotionId: row.promotionId,
    version: row.promotion.version,
    hash: row.promotion.hash,
    window: spec.window,
    schedule: spec.schedule,
    timeZone: spec.timeZone,
    createdAt: row.createdAt.toISOString(),
    nextAt: isActive ? nextTick(spec.schedule, spec.timeZone, getLodestar().now()).toISOString() : null,
    lastRun: row.runs[0] ? toRunView(row.runs[0], names) : null,
  };
}
