import { listConnections } from '#lib/server/data/connection.ts';
import { listNotebooks, readNotebook } from '#lib/server/data/notebook.ts';
import { demandPage } from '#lib/server/page.ts';
import { around } from '#app/frame.ts';
import { load } from '#app/load.ts';
import { NotebookPage } from './notebook-page.tsx';

interface Given {
  params: Promise<{ id: string }>;
}

export default async function Page({ params }: Given) {
  const actor = await demandPage();
  const notebook = await load(readNotebook(actor, (await params).id));
  const { frame } = await around(actor, notebook.projectId, 'notebooks');
  const { items } = await load(listNotebooks(actor, notebook.projectId));
  const connections = await load(listConnections(actor, notebook.projectId));
  return (
    <NotebookPage
      key={notebook.id}
      frame={frame}
      notebook={{ ...notebook, connections }}
      notebooks={items.map(({ id, title }) => ({ id, title }))}
    />
  );
}

export async function generateMetadata({ params }: Given) {
  const actor = await demandPage();
  return { title: (await load(readNotebook(actor, (await params).id))).title };
}
