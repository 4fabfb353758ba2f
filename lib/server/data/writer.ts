import type { Prisma, PrismaClient } from '#prisma/client/client.ts';

type Client = PrismaClient | Prisma.TransactionClient;

export interface Writer {
  id: string;
  name: string;
}

/** The jobs that write these datasets, by the dataset's id: as their output, or as the events that are in no answer of them. */
export async function writersOf(db: Client, datasetIds: string[]): Promise<Map<string, Writer>> {
  const jobs = await db.job.findMany({
    where: { OR: [{ datasetId: { in: datasetIds } }, { live: { lateDatasetId: { in: datasetIds } } }] },
    select: { id: true, name: true, datasetId: true, live: { select: { lateDatasetId: true } } },
  });
  const writers = new Map<string, Writer>();
  for (const { id, name, datasetId, live } of jobs) {
    writers.set(datasetId, { id, name });
    if (live?.lateDatasetId) writers.set(live.lateDatasetId, { id, name });
  }
  return writers;
}

export async function writerOf(db: Client, datasetId: string): Promise<Writer | null> {
  return (await writersOf(db, [datasetId])).get(datasetId) ?? null;
}
