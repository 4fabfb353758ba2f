import type { Metadata } from 'next';
import { allows } from '#lib/server/access.ts';
import { listConnections } from '#lib/server/data/connection.ts';
import { demandPage } from '#lib/server/page.ts';
import { around } from '#app/frame.ts';
import { load } from '#app/load.ts';
import { ConnectionsPage } from './connections-page.tsx';

export const metadata: Metadata = { title: 'Connections' };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const actor = await demandPage();
  const { frame, surroundings } = await around(actor, id, 'connections');
  const connections = await load(listConnections(actor, id));
  return (
    <ConnectionsPage frame={frame} connections={connections} mayManage={allows(surroundings.project.role, 'own')} />
  );
}
