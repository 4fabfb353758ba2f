import type { Column } from '#kernels/kernel.ts';
import { jobPerson } from '#kernels/server.ts';
import type { Lodestar } from '#lib/server/lodestar.ts';
import { ofKernel } from '#lib/server/jobs/failure.ts';
import { hourOf } from '#lib/server/jobs/hour.ts';
import type { Workshop } from '#lib/server/warehouse/warehouse.ts';
import type { Partition } from '#prisma/client/client.ts';
import { Passing } from './build.ts';
import { hold, type Lease } from './lease.ts';
import { partsOf } from './stored.ts';

/*
 * Each batch of a windowless job is a file, and there are many batches: those of an hour are put together when they are many,
 * the small ones first, and all of them when the hour is over. The rows stay the same; they are swapped in one transaction under the
 * lease, if what was read still stands.
 */
export type World = Pick<Lodestar, 'db' | 'warehouse' | 'now' | 'log'>;

/** Partitions of an hour that are left as they are while it lasts. */
const most = 32;

/** Bytes that are put together where the job's own builds are made: it takes some milliseconds, a process of its own far longer. */
const fewBytes = 4 * 2 ** 20;

/** Where files are put together. */
type Maker = Pick<Workshop, 'build'>;

/** An hour that cannot be folded keeps no other from it. Throws Passing for the first of such, when the others are done. */
export async function fold(
  world: World,
  lease: Lease,
  datasetIds: string[],
  signal: AbortSignal,
  workshop: Maker = world.warehouse,
): Promise<void> {
  let failure: Passing | null = null;
  for (const datasetId of datasetIds)
    for (const hour of await manyIn(world, datasetId)) {
      if (signal.aborted) return;
      try {
        await foldHour(world, lease, { datasetId, hour, workshop }, signal);
      } catch (error) {
        if (!(error instanceof Passing)) throw error;
        failure ??= error;
      }
    }
  if (failure) throw failure;
}

/** Hours of the dataset that have more partitions than they should. */
async function manyIn({ db, now }: World, datasetId: string): Promise<string[]> {
  const current = hourOf(now().getTime()).start.toISOString();
  const found = await db.$queryRaw<{ hour: string }[]>`
    SELECT split_part(key, '/', 1) AS hour FROM "Partition" WHERE "datasetId" = ${datasetId} AND key LIKE '%/%'
    GROUP BY 1 HAVING count(*) > CASE WHEN split_part(key, '/', 1) < ${current} THEN 1 ELSE ${most}::int END ORDER BY 1 LIMIT 24`;
  return found.map(({ hour }) => hour);
}

async function foldHour(
  world: World,
  lease: Lease,
  { datasetId, hour, workshop }: { datasetId: string; hour: string; workshop: Maker },
  signal: AbortSignal,
): Promise<void> {
  const { db, warehouse } = world;
  const where = { datasetId, key: { startsWith: `${hour}/` } };
  const standing = await db.partition.findMany({ where, orderBy: { key: 'asc' }, include: { dataset: true } });
  const isOver = hour < hourOf(world.now().getTime()).start.toISOString();
  const parts = isOver ? standing : smallOnes(standing);
  const first = parts[0];
  if (!first || parts.length < 2) return;
  const maker = parts.reduce((sum, { bytes }) => sum + bytes, 0n) <= fewBytes ? workshop : warehouse;
  const built = await maker.build(
    {
      steps: [{ name: 'folded', engine: 'warehouse', sql: 'SELECT * FROM parts' }],
      parameters: {},
      relations: { parts: await partsOf(warehouse, standing[0]!.dataset, parts) },
      checks: [],
      stamp: {},
      log: () => undefined,
      person: jobPerson(lease.jobId),
    },
    signal,
  );
  signal.throwIfAborted();
  if (!built.ok) throw new Passing(ofKernel(built.error));
  const file = await warehouse.settle(built.file);
  await db.$transaction(async (tx) => {
    await hold(tx, lease);
    await tx.$queryRaw`SELECT 1 FROM "Job" WHERE id = ${lease.jobId} FOR UPDATE`;
    const keys = parts.map(({ key }) => key);
    const still = await tx.partition.findMany({ where: { datasetId, key: { in: keys } }, orderBy: { key: 'asc' } });
    if (!isSame(still, parts)) return;
    await tx.partition.deleteMany({ where: { datasetId, key: { in: keys.slice(1) } } });
    const { windowStart, windowEnd, runId } = first;
    const place = { datasetId, key: first.key, windowStart, windowEnd, runId };
    const { columns: kept } = await tx.dataset.findUniqueOrThrow({ where: { id: datasetId } });
    await warehouse.publish(tx, { ...place, file, columns: kept as unknown as Column[] });
  });
}

/** The latest ones, back to the first that is larger than all after it together twice over: so a row is written again seldom. */
function smallOnes(parts: Partition[]): Partition[] {
  let sum = 0n;
  let from = parts.length;
  while (from > 0 && (sum === 0n || parts[from - 1]!.bytes <= 2n * sum)) sum += parts[(from -= 1)]!.bytes;
  return parts.slice(from);
}

function isSame(one: Partition[], other: Partition[]): boolean {
  return one.length === other.length && one.every(({ file }, index) => file === other[index]!.file);
}
