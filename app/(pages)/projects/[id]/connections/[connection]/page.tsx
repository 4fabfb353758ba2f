import { notFound } from 'next/navigation';
import { allows } from '#lib/server/access.ts';
import { readConnection } from '#lib/server/data/connection.ts';
import { listMembers } from '#lib/server/data/member.ts';
import { demandPage } from '#lib/server/page.ts';
import { around } from '#app/frame.ts';
import { load } from '#app/load.ts';
import { EditorPage } from '#app/(pages)/projects/[id]/connections/editor-page.tsx';
import { SummaryPage } from './summary-page.tsx';

interface Given {
  params: Promise<{ id: string; connection: string }>;
}

export default async function Page({ params }: Given) {
  const { id, connection } = await params;
  const actor = await demandPage();
  const { frame, surroundings } = await around(actor, id, 'connections');
  const kept = await load(readConnection(actor, connection));
  if (kept.projectId !== id) notFound();
  if (!allows(surroundings.project.role, 'own')) return <SummaryPage frame={frame} kept={kept} />;
  const members = (await load(listMembers(actor, id))).map(({ name, email }) => ({ name, email }));
  return <EditorPage key={`${kept.id}@${kept.version}`} frame={frame} kept={kept} members={members} />;
}

export async function generateMetadata({ params }: Given) {
  return { title: (await load(readConnection(await demandPage(), (await params).connection))).name };
}
