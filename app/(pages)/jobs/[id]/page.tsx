import type { Actor } from '#lib/server/access.ts';
import { readDataset } from '#lib/server/data/dataset.ts';
import { readJob } from '#lib/server/data/job.ts';
import { listPromotions } from '#lib/server/data/promotion.ts';
import { listRuns, readRun } from '#lib/server/data/run.ts';
import { demandPage } from '#lib/server/page.ts';
import { around, clockIn } from '#app/frame.ts';
import { load } from '#app/load.ts';
import type { JobView } from '#lib/job/view.ts';
import { OfflineJobPage } from './job-page.tsx';
import { RealTimeJobPage, type RealTimeFirst } from './real-time-page.tsx';
import { runsRead } from './runs-read.ts';

interface Given {
  params: Promise<{ id: string }>;
}

export default async function Page({ params }: Given) {
  const actor = await demandPage();
  const job = await load(readJob(actor, (await params).id));
  const runs = await load(listRuns(actor, job.id, { limit: runsRead[job.kind] }));
  const newest = job.kind === 'offline' ? runs.items[0] : undefined;
  const run = newest ? await load(readRun(actor, newest.id)) : null;
  const { frame } = await around(actor, job.projectId, 'jobs');
  const given = { frame: { ...frame, zone: job.timeZone }, first: { job, runs, run, now: clockIn(job.timeZone).now } };
  const realTime = await realTimeOf(actor, job);
  return realTime ? <RealTimeJobPage {...given} {...realTime} /> : <OfflineJobPage {...given} />;
}

async function realTimeOf(actor: Actor, job: JobView): Promise<RealTimeFirst | null> {
  const spec = job.spec.realtime;
  if (!spec) return null;
  const { columns } = await load(readDataset(actor, job.datasetId));
  const { items } = await load(listPromotions(actor, job.projectId));
  const asked = items.find(({ state, target }) => state === 'submitted' && target === job.target);
  return { spec, columns, review: asked ? { id: asked.id, version: asked.version } : null };
}

export async function generateMetadata({ params }: Given) {
  const actor = await demandPage();
  return { title: (await load(readJob(actor, (await params).id))).name };
}
