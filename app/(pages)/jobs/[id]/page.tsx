import { readJob } from '#lib/server/data/job.ts';
import { listRuns, readRun } from '#lib/server/data/run.ts';
import { demandPage } from '#lib/server/page.ts';
import { around, clockIn } from '#app/frame.ts';
import { load } from '#app/load.ts';
import { JobPage } from './job-page.tsx';

interface Given {
  params: Promise<{ id: string }>;
}

export default async function Page({ params }: Given) {
  const actor = await demandPage();
  const job = await load(readJob(actor, (await params).id));
  const runs = await load(listRuns(actor, job.id, { limit: 30 }));
  const newest = runs.items[0];
  const run = newest ? await load(readRun(actor, newest.id)) : null;
  const { frame } = await around(actor, job.projectId, 'jobs');
  return (
    <JobPage frame={{ ...frame, zone: job.timeZone }} first={{ job, runs, run, now: clockIn(job.timeZone).now }} />
  );
}

export async function generateMetadata({ params }: Given) {
  const actor = await demandPage();
  return { title: (await load(readJob(actor, (await params).id))).name };
}
