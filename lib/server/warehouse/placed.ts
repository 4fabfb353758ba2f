import { z } from 'zod';
import { nameOf, type Table } from '#lib/job/lake.ts';
import type { PrismaClient } from '#prisma/client/client.ts';

/*
 * Datasets whose rows are in a table of a cluster: written by a job, read as whoever asks, with the rights that person has
 * there. Which connection and table is kept with the dataset; the rows never are.
 */
export const DatasetPlace = z.object({
  connection: z.string(),
  catalog: z.string(),
  schema: z.string(),
  table: z.string(),
});
export type DatasetPlace = z.infer<typeof DatasetPlace>;

export interface Placed {
  /** As it was asked for: SQL knows no upper case. */
  name: string;
  place: DatasetPlace;
}

/** The project's datasets among the names whose rows are on a cluster. */
export async function placedDatasets(db: PrismaClient, projectId: string, names: string[]): Promise<Placed[]> {
  if (names.length === 0) return [];
  const found = await db.dataset.findMany({ where: { projectId, name: { in: names, mode: 'insensitive' } } });
  return names.flatMap((name) => {
    const dataset = found.find((each) => each.name.toLowerCase() === name.toLowerCase());
    return dataset?.place ? [{ name, place: DatasetPlace.parse(dataset.place) }] : [];
  });
}

/** Its rows, as a query where they are. */
export function rowsOf(place: Table): string {
  return `SELECT * FROM ${nameOf(place)}`;
}

/** `iceberg.shop.daily`, as people read it. */
export function placeWords({ catalog, schema, table }: Table): string {
  return [catalog, schema, table].join('.');
}
