import { allows, type Actor } from '#lib/server/access.ts';
import { listDeadLetters } from '#lib/server/data/stream-dead.ts';
import { listReaders, readRates } from '#lib/server/data/stream-rates.ts';
import { readStream } from '#lib/server/data/stream.ts';
import { readDataset } from '#lib/server/data/dataset.ts';
import { readJob } from '#lib/server/data/job.ts';
import { listRuns } from '#lib/server/data/run.ts';
import { demandPage } from '#lib/server/page.ts';
import type { StreamReader } from '#lib/stream/view.ts';
import { runsRead } from '#app/(pages)/jobs/[id]/runs-read.ts';
import type { RealTimeState } from '#app/(pages)/jobs/[id]/use-real-time.ts';
import { around, clockIn } from '#app/frame.ts';
import { load } from '#app/load.ts';
import { shownFirst } from './shown-first.ts';
import { StreamPage } from './stream-page.tsx';

interface Given {
  params: Promise<{ id: string }>;
}

export default async function Page({ params }: Given) {
  const actor = await demandPage();
  const { id } = await params;
  const view = await load(readStream(actor, id));
  const [rates, readers, dead] = await Promise.all([
    readRates(actor, id),
    listReaders(actor, id),
    listDeadLetters(actor, id, { limit: 200 }),
  ]);
  const { frame, surroundings } = await around(actor, view.projectId, 'streams');
  const first = { view, rates, readers, dead: dead.items };
  const { role } = surroundings.project;
  return (
    <StreamPage
      frame={frame}
      first={first}
      job={await jobOn(actor, readers)}
      mayEdit={allows(role, 'edit')}
      mayLetGo={allows(role, view.origin === 'push' ? 'edit' : 'own')}
    />
  );
}

/** The job that is shown first; null where there is none, or it is gone meanwhile. */
async function jobOn(actor: Actor, readers: readonly StreamReader[]): Promise<RealTimeState | null> {
  const shown = shownFirst(readers);
  const job = shown && (await readJob(actor, shown.jobId).catch(() => null));
  if (!job?.spec.realtime) return null;
  const [runs, { columns }] = await Promise.all([
    listRuns(actor, job.id, { limit: runsRead.realtime }),
    readDataset(actor, job.datasetId),
  ]);
  return { first: { job, runs, run: null, now: clockIn(job.timeZone).now }, spec: job.spec.realtime, columns };
}

export async function generateMetadata({ params }: Given) {
  const actor = await demandPage();
  return { title: (await load(readStream(actor, (await params).id))).name };
}
