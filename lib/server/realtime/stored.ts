import type { Relation } from '#kernels/kernel.ts';
import type { Warehouse } from '#lib/server/warehouse/warehouse.ts';
import type { Dataset, Partition } from '#prisma/client/client.ts';

/** Some of a dataset's partitions as a relation; a file that stands twice is read twice. */
export async function partsOf(
  warehouse: Warehouse,
  dataset: Pick<Dataset, 'projectId' | 'name'>,
  parts: Pick<Partition, 'file'>[],
): Promise<Relation> {
  const { [dataset.name]: whole } = await warehouse.relations(dataset.projectId, [dataset.name]);
  if (whole?.kind !== 'parquet') throw new Error(`${dataset.name} is no dataset whose files are here.`);
  const pathOf = ({ file }: Pick<Partition, 'file'>) => whole.files.find((path) => path.endsWith(file));
  const paths = parts.map(pathOf);
  const files = paths.filter((path) => path !== undefined);
  if (files.length < paths.length) throw new Error(`${dataset.name} was published anew meanwhile.`);
  return { ...whole, files, hash: `${whole.hash}:${files.join()}` };
}
