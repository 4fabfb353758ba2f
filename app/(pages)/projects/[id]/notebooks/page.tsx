import type { Metadata } from 'next';
import { allows } from '#lib/server/access.ts';
import { readNotebookLines } from '#lib/server/data/overview.ts';
import { demandPage } from '#lib/server/page.ts';
import { around, clockIn } from '#app/frame.ts';
import { load } from '#app/load.ts';
import { NotebooksPage } from './notebooks-page.tsx';

export const metadata: Metadata = { title: 'Notebooks' };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const actor = await demandPage();
  const { frame, surroundings } = await around(actor, id, 'notebooks');
  const notebooks = await load(readNotebookLines(actor, id, 200));
  return (
    <NotebooksPage
      frame={frame}
      notebooks={notebooks}
      clock={clockIn(frame.zone)}
      mayEdit={allows(surroundings.project.role, 'edit')}
    />
  );
}
