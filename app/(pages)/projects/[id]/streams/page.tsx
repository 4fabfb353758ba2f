import type { Metadata } from 'next';
import { allows } from '#lib/server/access.ts';
import { listStreams } from '#lib/server/data/stream.ts';
import { demandPage } from '#lib/server/page.ts';
import { around, clockIn } from '#app/frame.ts';
import { load } from '#app/load.ts';
import { StreamsPage } from './streams-page.tsx';

export const metadata: Metadata = { title: 'Streams' };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const actor = await demandPage();
  const { frame, surroundings } = await around(actor, id, 'streams');
  const { items } = await load(listStreams(actor, id, { limit: 200 }));
  return (
    <StreamsPage
      frame={frame}
      first={items}
      now={clockIn(frame.zone).now}
      mayEdit={allows(surroundings.project.role, 'edit')}
      mayOwn={allows(surroundings.project.role, 'own')}
    />
  );
}
