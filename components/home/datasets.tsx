import Link from 'next/link';
import { DataTable } from '#components/parts/table.tsx';
import { when, whole } from '#components/parts/words.ts';
import type { Clock } from './notebooks.tsx';

export interface DatasetLine {
  id: string;
  name: string;
  kind: string;
  rows: number;
  updatedAt: string;
}

const kinds: Record<string, string> = {
  upload: 'brought in',
  sample: 'sample',
  job: 'by a job',
  events: 'by Lodestar',
};

export function DatasetTable({ datasets, clock, full }: { datasets: DatasetLine[]; clock: Clock; full?: boolean }) {
  const head = (
    <>
      <th>dataset</th>
      {full && <th>from</th>}
      <th className="num">rows</th>
      <th className="num">as of</th>
    </>
  );
  return (
    <DataTable label="Datasets" head={head}>
      {datasets.map((dataset) => (
        <tr key={dataset.id}>
          <td>
            <Link className="rowlink mono" href={`/datasets/${dataset.id}`}>
              {dataset.name}
            </Link>
          </td>
          {full && <td className="sec">{kinds[dataset.kind] ?? dataset.kind}</td>}
          <td className="num">{whole(dataset.rows)}</td>
          <td className="num sec">{when(dataset.updatedAt, clock.now, clock.zone)}</td>
        </tr>
      ))}
    </DataTable>
  );
}
