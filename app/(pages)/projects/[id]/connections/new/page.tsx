import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { allows } from '#lib/server/access.ts';
import { listMembers } from '#lib/server/data/member.ts';
import { demandPage } from '#lib/server/page.ts';
import { around } from '#app/frame.ts';
import { load } from '#app/load.ts';
import { EditorPage } from '#app/(pages)/projects/[id]/connections/editor-page.tsx';

export const metadata: Metadata = { title: 'New Trino connection' };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const actor = await demandPage();
  const { frame, surroundings } = await around(actor, id, 'connections');
  if (!allows(surroundings.project.role, 'own')) notFound();
  const members = await load(listMembers(actor, id));
  return <EditorPage frame={frame} kept={null} members={members.map(({ name, email }) => ({ name, email }))} />;
}
