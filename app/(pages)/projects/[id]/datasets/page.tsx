import type { Metadata } from 'next';
import { allows } from '#lib/server/access.ts';
import { readDatasetLines } from '#lib/server/data/overview.ts';
import { demandPage } from '#lib/server/page.ts';
import { around, clockIn } from '#app/frame.ts';
import { load } from '#app/load.ts';
import { DatasetsPage } from './datasets-page.tsx';

export const metadata: Metadata = { title: 'Datasets' };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const actor = await demandPage();
  const { frame, surroundings } = await around(actor, id, 'datasets');
  const datasets = await load(readDatasetLines(actor, id, 200));
  return (
    <DatasetsPage
      frame={frame}
      datasets={datasets}
      clock={clockIn(frame.zone)}
      mayEdit={allows(surroundings.project.role, 'edit')}
    />
  );
}
