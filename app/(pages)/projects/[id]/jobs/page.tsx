import type { Metadata } from 'next';
import { allows } from '#lib/server/access.ts';
import { readJobLines } from '#lib/server/data/overview.ts';
import { demandPage } from '#lib/server/page.ts';
import { around, clockIn } from '#app/frame.ts';
import { load } from '#app/load.ts';
import { JobsPage } from './jobs-page.tsx';

export const metadata: Metadata = { title: 'Jobs' };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const actor = await demandPage();
  const { frame, surroundings } = await around(actor, id, 'jobs');
  const jobs = await load(readJobLines(actor, id, 50));
  return (
    <JobsPage
      frame={frame}
      jobs={jobs}
      clock={clockIn(frame.zone)}
      mayEdit={allows(surroundings.project.role, 'edit')}
    />
  );
}
