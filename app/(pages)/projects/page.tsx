import type { Metadata } from 'next';
import { listProjects } from '#lib/server/data/project.ts';
import { demandPage } from '#lib/server/page.ts';
import { meOf } from '#app/frame.ts';
import { ProjectsPage } from './projects-page.tsx';

export const metadata: Metadata = { title: 'Projects' };

export default async function Page() {
  const actor = await demandPage();
  const { items } = await listProjects(actor, { limit: 500 });
  return <ProjectsPage me={meOf(actor)} projects={items} />;
}
