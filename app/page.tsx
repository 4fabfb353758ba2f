import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import { placeCookie, safePath } from '#lib/client/place.ts';
import { listProjects } from '#lib/server/data/project.ts';
import { demandPage } from '#lib/server/page.ts';

/** Where one was; else the first project; else all of none. */
export default async function Page() {
  const actor = await demandPage();
  const last = safePath((await cookies()).get(placeCookie)?.value);
  if (last && last !== '/') redirect(last);
  const { items } = await listProjects(actor, { limit: 1 });
  redirect(items[0] ? `/projects/${items[0].id}` : '/projects');
}
