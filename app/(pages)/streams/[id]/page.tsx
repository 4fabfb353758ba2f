import { allows } from '#lib/server/access.ts';
import { listDeadLetters } from '#lib/server/data/stream-dead.ts';
import { listReaders, readRates } from '#lib/server/data/stream-rates.ts';
import { readStream } from '#lib/server/data/stream.ts';
import { demandPage } from '#lib/server/page.ts';
import { around } from '#app/frame.ts';
import { load } from '#app/load.ts';
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
      mayEdit={allows(role, 'edit')}
      mayLetGo={allows(role, view.origin === 'push' ? 'edit' : 'own')}
    />
  );
}

export async function generateMetadata({ params }: Given) {
  const actor = await demandPage();
  return { title: (await load(readStream(actor, (await params).id))).name };
}
