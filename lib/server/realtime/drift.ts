import { rm } from 'node:fs/promises';
import { jobPerson } from '#kernels/server.ts';
import type { Relation } from '#kernels/kernel.ts';
import { identifier } from '#lib/sql/quote.ts';
import { ofKernel } from '#lib/server/jobs/failure.ts';
import { keptSince } from '#lib/server/jobs/kept-since.ts';
import type { Partition, Run } from '#prisma/client/client.ts';
import { buildWindow, Passing, type Bench } from './build.ts';
import type { Output } from './change.ts';
import type { Lease } from './lease.ts';
import { hold } from './lease.ts';
import { driftFound, driftUnbuilt, note, type NewNotice } from './notices.ts';
import { partsOf } from './stored.ts';

/*
 * Do closed windows still say what their query says? One of the last day is built again over the very events that its answer read,
 * and compared with what stands, as bags of rows. Sums of floating point may differ in their last digits, as the order in which they
 * are summed does: they are compared as two roundings, and are other only where both are.
 */
const day = 86_400_000;

/** Gives the window that was looked at; null when there was none. */
export async function checkDrift(bench: Bench, lease: Lease, random = Math.random): Promise<Run | null> {
  const found = await choose(bench, random);
  if (!found) return null;
  const { run, partition } = found;
  const window = { start: run.windowStart, end: run.windowEnd };
  const built = await buildWindow(bench, window, { below: Number(run.through) });
  const notice =
    'failure' in built ? driftUnbuilt(window, built.failure) : await compared(bench, run, partition, built);
  if (notice) await tell(bench, lease, partition, notice);
  return run;
}

/** A closed window of the last day whose rows stand as its last run of this version published them. */
async function choose({ world, standing }: Bench, random: () => number) {
  const { db, now } = world;
  const { job, stream, realtime } = standing;
  const since = await keptSince(db, stream, realtime.kind);
  const where = {
    ...(since > -Infinity ? { windowStart: { gte: new Date(since) } } : {}),
    jobId: job.id,
    promotionId: job.promotionId,
    state: { in: ['good', 'warned'] },
    through: { not: null },
    endedAt: { gte: new Date(now().getTime() - day) },
  };
  const count = await db.run.count({ where });
  if (count === 0) return null;
  const skip = Math.min(count - 1, Math.floor(random() * count));
  const [run] = await db.run.findMany({ where, orderBy: { queuedAt: 'asc' }, skip, take: 1 });
  const partition = run && (await db.partition.findFirst({ where: { datasetId: job.datasetId, runId: run.id } }));
  return partition ? { run: run, partition } : null;
}

async function compared(bench: Bench, run: Run, partition: Partition, built: Output): Promise<NewNotice | null> {
  const { world, standing } = bench;
  const dataset = { projectId: standing.job.projectId, name: standing.job.name };
  const stored = await partsOf(world.warehouse, dataset, [partition]).catch(() => null);
  if (!stored) return null;
  const again: Relation = {
    kind: 'parquet',
    hash: built.file.sha256,
    complete: true,
    files: [built.file.path],
    columns: built.columns,
  };
  try {
    const differing = await countOf(bench, textOf(built), { stored, again });
    const window = { start: run.windowStart, end: run.windowEnd };
    return differing === 0 ? null : driftFound(window, differing, run.id);
  } finally {
    await rm(built.file.path, { force: true });
  }
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

/** Unless the window was published again while it was looked at. */
async function tell(
  { world }: Bench,
  lease: Lease,
  { datasetId, key, file }: Partition,
  notice: NewNotice,
): Promise<void> {
  await world.db.$transaction(async (tx) => {
    await hold(tx, lease);
    const still = await tx.partition.findUnique({ where: { datasetId_key: { datasetId, key } } });
    if (still?.file === file) await note(tx, lease.jobId, [notice], world.now());
  });
}
