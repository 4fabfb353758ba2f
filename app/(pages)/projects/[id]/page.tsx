import { allows } from '#lib/server/access.ts';
import { readOverview } from '#lib/server/data/overview.ts';
import { demandPage } from '#lib/server/page.ts';
import { around, clockIn } from '#app/frame.ts';
import { load } from '#app/load.ts';
import { HomePage } from './home-page.tsx';

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const actor = await demandPage();
  const { frame, surroundings } = await around(actor, id, 'home');
  const overview = await load(readOverview(actor, id));
  return (
    <HomePage
      frame={frame}
      overview={overview}
      clock={clockIn(frame.zone)}
      mayEdit={allows(surroundings.project.role, 'edit')}
    />
  );
}

export async function generateMetadata({ params }: { params: Promise<{ id: string }> }) {
  const { frame } = await around(await demandPage(), (await params).id, 'home');
  return { title: frame.project.name };
}
