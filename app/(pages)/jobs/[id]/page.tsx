import type { Actor } from '#lib/server/access.ts';
import { readDataset } from '#lib/server/data/dataset.ts';
import { readJob } from '#lib/server/data/job.ts';
import { listPromotions } from '#lib/server/data/promotion.ts';
import { listRuns, readRun } from '#lib/server/data/run.ts';
import { demandPage } from '#lib/server/page.ts';
import { around, clockIn } from '#app/frame.ts';
import { load } from '#app/load.ts';
import type { JobView, RunView } from '#lib/job/view.ts';
import { OfflineJobPage } from './job-page.tsx';
import { RealTimeJobPage, type RealTimeFirst } from './real-time-page.tsx';
import { runsRead } from './runs-read.ts';

interface Given {
  params: Promise<{ id: string }>;
  /** The run that the panel shows. */
  searchParams: Promise<{ run?: string | string[] }>;
}

export default async function Page({ params, searchParams }: Given) {
  const actor = await demandPage();
  const job = await load(readJob(actor, (await params).id));
  const runs = await load(listRuns(actor, job.id, { limit: runsRead[job.kind] }));
  const run = await runOf(actor, job, (await searchParams).run, runs.items[0]);
  const { frame } = await around(actor, job.projectId, 'jobs');
  const given = { frame: { ...frame, zone: job.timeZone }, first: { job, runs, run, now: clockIn(job.timeZone).now } };
  const realTime = await realTimeOf(actor, job);
  return realTime ? <RealTimeJobPage {...given} {...realTime} /> : <OfflineJobPage {...given} />;
}

/** The run that was asked for; else, of a job by the clock, the newest. */
async function runOf(actor: Actor, job: JobView, asked: unknown, newest: RunView | undefined) {
  const found = typeof asked === 'string' ? await readRun(actor, asked).catch(() => null) : null;
  if (found?.jobId === job.id) return found;
  return newest && job.kind === 'offline' ? load(readRun(actor, newest.id)) : null;
}

async function realTimeOf(actor: Actor, job: JobView): Promise<RealTimeFirst | null> {
  const spec = job.spec.realtime;
  if (!spec) return null;
  const { columns } = await load(readDataset(actor, job.datasetId));
  const { items } = await load(listPromotions(actor, job.projectId));
  const asked = items.find(({ state, target }) => state === 'submitted' && target === job.target);
  return { spec, columns, review: asked ? { id: asked.id, version: asked.version } : null };
}

export async function generateMetadata({ params }: Pick<Given, 'params'>) {
  const actor = await demandPage();
  return { title: (await load(readJob(actor, (await params).id))).name };
}
