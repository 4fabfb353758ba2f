import { rm } from 'node:fs/promises';
import { jobPerson } from '#kernels/server.ts';
import type { Relation } from '#kernels/kernel.ts';
import { identifier } from '#lib/sql/quote.ts';
import { ofKernel } from '#lib/server/jobs/failure.ts';
import { keptSince } from '#lib/server/jobs/kept-since.ts';
import { readingOf } from '#lib/server/jobs/reading.ts';
import type { Partition, Run } from '#prisma/client/client.ts';
import { buildWindow, Passing, type Bench } from './build.ts';
import type { Output } from './change.ts';
import type { Lease } from './lease.ts';
import { hold } from './lease.ts';
import { driftFound, driftUnbuilt, note, type NewNotice } from './notices.ts';
import { partsOf } from './stored.ts';

/*
 * Do closed windows still say what their query says? One of the last day is built again over the very events that its answer read,
 * and compared with what stands, as bags of rows. Of a windowless job it is an hour of arrivals, all its events at once, whatever
 * batches they came in. Sums of floating point may differ in their last digits, as the order in which they are summed does: they
 * are compared as two roundings, and are other only where both are.
 */
const day = 86_400_000;

/** Gives the run of the window that was looked at; null when there was none. */
export async function checkDrift(bench: Bench, lease: Lease, random = Math.random): Promise<Run | null> {
  const found = await choose(bench, random);
  if (!found) return null;
  const { run, partitions } = found;
  const window = { start: run.windowStart, end: run.windowEnd };
  const built = await buildWindow(bench, window, eventsOf(bench, run));
  if ('failure' in built) await tell(bench, lease, found, driftUnbuilt(window, built.failure));
  else if (isWhole(built, run)) {
    const differing = await differingRows(bench, partitions, built);
    if (differing > 0)
      await tell(bench, lease, found, driftFound(window, differing, run.id, await publishedSince(bench, run)));
  }
  return run;
}

interface Found {
  run: Run;
  partitions: Partition[];
}

/** The numbers of the events that the window's answer read. */
function eventsOf({ standing }: Bench, { through, eventsIn }: Run): { from?: number; below: number } {
  const below = Number(through);
  return standing.realtime.kind === 'tumbling' ? { below } : { from: below - Number(eventsIn), below };
}

/** So many events may fail by themselves that the rest was not answered; then nothing can be said. */
function isWhole({ sifted }: Output, { through }: Run): boolean {
  return !sifted || sifted.below === Number(through);
}

/** A closed window of the last day whose rows stand as its last run of this version published them. */
async function choose({ world, standing }: Bench, random: () => number): Promise<Found | null> {
  const { db, now } = world;
  const { job, stream, realtime } = standing;
  const since = await keptSince(db, stream, realtime.kind);
  const where = {
    ...(since > -Infinity ? { windowStart: { gte: new Date(since) } } : {}),
    jobId: job.id,
    promotionId: job.promotionId,
    state: { in: ['good', 'warned'] },
    through: { not: null },
    eventsIn: { not: null },
    endedAt: { gte: new Date(now().getTime() - day) },
  };
  const count = await db.run.count({ where });
  if (count === 0) return null;
  const skip = Math.min(count - 1, Math.floor(random() * count));
  const [run] = await db.run.findMany({ where, orderBy: { queuedAt: 'asc' }, skip, take: 1 });
  if (!run) return null;
  const { datasetId } = job;
  const { windowStart, windowEnd } = run;
  const partitions = await db.partition.findMany({
    where: { datasetId, windowStart, windowEnd },
    orderBy: { key: 'asc' },
  });
  const isItsOwn = partitions.every(({ runId }) => runId === run.id);
  if (realtime.kind === 'tumbling') return isItsOwn && partitions.length > 0 ? { run, partitions } : null;
  return isItsOwn && !(await hadTwoVersions(db, run)) ? { run, partitions } : null;
}

/** An hour in which a version took over is the answer of both. */
async function hadTwoVersions(db: Bench['world']['db'], { jobId, queuedAt, endedAt }: Run): Promise<boolean> {
  return (await db.notice.count({ where: { jobId, kind: 'version', at: { gte: queuedAt, lte: endedAt! } } })) > 0;
}

/** Rows that only one side has. */
async function differingRows(bench: Bench, partitions: Partition[], built: Output): Promise<number> {
  const { world, standing } = bench;
  const dataset = { projectId: standing.job.projectId, name: standing.job.name };
  const again: Relation = {
    kind: 'parquet',
    hash: built.file.sha256,
    complete: true,
    files: [built.file.path],
    columns: built.columns,
  };
  try {
    if (partitions.length === 0) return built.file.rows;
    const stored = await partsOf(world.warehouse, dataset, partitions).catch(() => null);
    return stored ? await countOf(bench, textOf(built), { stored, again }) : 0;
  } finally {
    for (const file of [built.file, built.sifted?.left?.file]) if (file) await rm(file.path, { force: true });
  }
}

/** Names of datasets the query reads that were published after the window was answered first. */
async function publishedSince({ world, standing }: Bench, { queuedAt }: Run): Promise<string[]> {
  const { projectId } = standing.job;
  const { names } = await readingOf(world, { projectId, spec: standing.spec });
  const found = await world.db.dataset.findMany({
    where: { projectId, name: { in: names, mode: 'insensitive' }, updatedAt: { gt: queuedAt } },
    orderBy: { name: 'asc' },
  });
  return found.map(({ name }) => name);
}

/** Rows that only one side has, by the kinder of two roundings. */
function textOf({ columns }: Output): string {
  const counts = ['round(%, greatest(0, 10 - floor(log10(abs(%) + 1e-300))::INTEGER))', "printf('%.11e', %)"].map(
    (rounded) => {
      const values = columns.map(({ name, type }) => valueOf(identifier(name), type, rounded)).join(', ');
      const [one, other] = ['stored', 'again'].map((side) => `SELECT ${values} FROM ${side}`);
      return `(SELECT count(*) FROM ((${one} EXCEPT ALL ${other}) UNION ALL (${other} EXCEPT ALL ${one})))`;
    },
  );
  return `SELECT least(${counts.join(', ')}) AS differing`;
}

function valueOf(name: string, type: string, rounded: string): string {
  return type === 'DOUBLE' || type === 'FLOAT' ? rounded.replace(/%(?!\.)/g, `${name}::DOUBLE`) : name;
}

async function countOf({ world, standing, signal }: Bench, sql: string, relations: Record<string, Relation>) {
  const built = await world.warehouse.build(
    {
      steps: [{ name: 'differing', engine: 'warehouse', sql }],
      parameters: {},
      relations,
      checks: [],
      stamp: {},
      preview: 1,
      log: () => undefined,
      person: jobPerson(standing.job.id),
    },
    signal,
  );
  signal.throwIfAborted();
  if (!built.ok) throw new Passing(ofKernel(built.error));
  await rm(built.file.path, { force: true });
  return Number(built.preview?.rows[0]?.[0] ?? 0);
}

/** Once, and unless the window was published again while it was looked at. */
async function tell({ world }: Bench, lease: Lease, { run, partitions }: Found, notice: NewNotice): Promise<void> {
  await world.db.$transaction(async (tx) => {
    await hold(tx, lease);
    const { jobId, windowStart, windowEnd } = run;
    const { datasetId } = await tx.job.findUniqueOrThrow({ where: { id: jobId } });
    const still = await tx.partition.findMany({
      where: { datasetId, windowStart, windowEnd },
      orderBy: { key: 'asc' },
    });
    const isSame = still.map(({ file }) => file).join() === partitions.map(({ file }) => file).join();
    const isTold = (await tx.notice.count({ where: { jobId, kind: 'drift', text: notice.text } })) > 0;
    if (isSame && !isTold) await note(tx, jobId, [notice], world.now());
  });
}
