import { Prisma, type Dataset, type Partition, type PrismaClient } from '#prisma/client/client.ts';
import type { Column, Relation } from '#kernels/kernel.ts';
import type { Files } from './files.ts';
import type { NewPartition } from './warehouse.ts';

type Stored = Dataset & { partitions: Partition[] };

/**
 * The project's datasets among the names whose rows are here, as relations, by the name they were asked for; SQL knows no
 * upper case. Those on a cluster are placed.ts.
 */
export async function datasetRelations(
  db: PrismaClient,
  files: Files,
  projectId: string,
  names: string[],
): Promise<Record<string, Relation>> {
  if (names.length === 0) return {};
  const datasets = await db.dataset.findMany({
    where: { projectId, name: { in: names, mode: 'insensitive' }, place: { equals: Prisma.DbNull } },
    include: { partitions: { orderBy: { key: 'asc' } } },
  });
  const relations: Record<string, Relation> = {};
  for (const name of names) {
    const dataset = datasets.find((each) => each.name.toLowerCase() === name.toLowerCase());
    if (dataset) relations[name] = toRelation(dataset, files);
  }
  return relations;
}

function toRelation(dataset: Stored, files: Files): Relation {
  return {
    kind: 'parquet',
    hash: `${dataset.id}:${dataset.version}`,
    complete: true,
    files: dataset.partitions.map((partition) => files.fromEntry(partition.file)),
    columns: dataset.columns as unknown as Column[],
  };
}

/** Makes the file the partition `key`, in the caller's transaction; what stood there is replaced. */
export async function publishPartition(
  tx: Prisma.TransactionClient,
  files: Files,
  { file, ...partition }: NewPartition,
): Promise<void> {
  const { rows, bytes, sha256 } = file;
  await recordPartition(tx, { ...partition, rows, bytes, sha256, file: files.toEntry(file.path) });
}

/** What the manifest says of a partition, wherever its rows are; '' for the file of one on a cluster. */
export type Entry = Omit<NewPartition, 'file'> & { file: string; rows: number; bytes: number; sha256: string };

/** One statement, as windows and batches come often. Throws when there is no such dataset. */
export async function recordPartition(tx: Prisma.TransactionClient, recorded: Entry): Promise<void> {
  const { datasetId, key, file, rows, bytes, sha256, windowStart, windowEnd, runId, columns } = recorded;
  const at = new Date();
  const changed = await tx.$executeRaw`
    WITH entry AS (
      INSERT INTO "Partition" ("datasetId", key, file, rows, bytes, sha256, "windowStart", "windowEnd", "runId", "publishedAt")
      VALUES (${datasetId}, ${key}, ${file}, ${rows}::bigint, ${bytes}::bigint, ${sha256}, ${windowStart}::timestamptz, ${windowEnd}::timestamptz, ${runId}, ${at}::timestamptz)
      ON CONFLICT ("datasetId", key) DO UPDATE SET
        file = EXCLUDED.file, rows = EXCLUDED.rows, bytes = EXCLUDED.bytes, sha256 = EXCLUDED.sha256,
        "windowStart" = EXCLUDED."windowStart", "windowEnd" = EXCLUDED."windowEnd", "runId" = EXCLUDED."runId",
        "publishedAt" = EXCLUDED."publishedAt")
    UPDATE "Dataset" SET version = version + 1, columns = ${JSON.stringify(columns)}::jsonb, "updatedAt" = ${at}::timestamptz
    WHERE id = ${datasetId}`;
  if (changed === 0) throw new Error(`There is no dataset ${datasetId} to publish in.`);
}

/** Every file a manifest entry names. */
export async function namedFiles(db: PrismaClient): Promise<Set<string>> {
  const partitions = await db.partition.findMany({ select: { file: true } });
  return new Set(partitions.map((partition) => partition.file));
}
