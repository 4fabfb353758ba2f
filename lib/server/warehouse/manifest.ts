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

export async function recordPartition(tx: Prisma.TransactionClient, recorded: Entry): Promise<void> {
  const { datasetId, key, columns, ...more } = recorded;
  const entry = { ...more, publishedAt: new Date() };
  await tx.partition.upsert({
    where: { datasetId_key: { datasetId, key } },
    create: { datasetId, key, ...entry },
    update: entry,
  });
  await tx.dataset.update({
    where: { id: datasetId },
    data: { version: { increment: 1 }, columns: columns as unknown as Prisma.InputJsonValue, updatedAt: new Date() },
  });
}

/** Every file a manifest entry names. */
export async function namedFiles(db: PrismaClient): Promise<Set<string>> {
  const partitions = await db.partition.findMany({ select: { file: true } });
  return new Set(partitions.map((partition) => partition.file));
}
