import type { Metadata } from 'next';
import { allows } from '#lib/server/access.ts';
import { listInvitations } from '#lib/server/data/invitation.ts';
import { listMembers } from '#lib/server/data/member.ts';
import { demandPage } from '#lib/server/page.ts';
import { around } from '#app/frame.ts';
import { load } from '#app/load.ts';
import { PeoplePage } from './people-page.tsx';

export const metadata: Metadata = { title: 'People' };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const actor = await demandPage();
  const { frame, surroundings } = await around(actor, id, 'people');
  const mayManage = allows(surroundings.project.role, 'own');
  const members = await load(listMembers(actor, id));
  const links = mayManage ? await load(listInvitations(actor, id)) : [];
  return <PeoplePage frame={frame} members={members} links={links} mayManage={mayManage} />;
}
