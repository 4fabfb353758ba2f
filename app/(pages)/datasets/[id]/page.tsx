import { allows } from '#lib/server/access.ts';
import { readDataset } from '#lib/server/data/dataset.ts';
import { readJob } from '#lib/server/data/job.ts';
import { demandPage } from '#lib/server/page.ts';
import { eachWords } from '#components/job/words.ts';
import { around } from '#app/frame.ts';
import { load } from '#app/load.ts';
import { DatasetPage } from './dataset-page.tsx';

interface Given {
  params: Promise<{ id: string }>;
}

export default async function Page({ params }: Given) {
  const actor = await demandPage();
  const dataset = await load(readDataset(actor, (await params).id));
  const { frame, surroundings } = await around(actor, dataset.projectId, 'datasets');
  const job = dataset.jobId ? await load(readJob(actor, dataset.jobId)) : null;
  const windows = job?.datasetId === dataset.id && {
    unit: job.window.unit,
    each: eachWords(job.spec),
    zone: job.timeZone,
    all: job.coverage,
  };
  return (
    <DatasetPage
      frame={frame}
      dataset={dataset}
      windows={windows || null}
      job={job && { id: job.id, name: job.name }}
      mayEdit={allows(surroundings.project.role, 'edit')}
    />
  );
}

export async function generateMetadata({ params }: Given) {
  const actor = await demandPage();
  return { title: (await load(readDataset(actor, (await params).id))).name };
}
