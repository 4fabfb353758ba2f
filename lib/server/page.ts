import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import type { Actor } from './access.ts';
import { authenticate } from './auth/authenticate.ts';
import { hasAccounts } from './data/user.ts';
import { pathHeader } from './web/path.ts';

/** Who looks at the page, or null before sign-in. For server components. */
export async function pageActor(): Promise<Actor | null> {
  return authenticate(await headers());
}

/** Who looks at the page; sends a stranger to sign in and back here, and everyone to /setup before the first account. */
export async function demandPage(): Promise<Actor> {
  const actor = await pageActor();
  if (actor) return actor;
  if (!(await hasAccounts())) redirect('/setup');
  const path = (await headers()).get(pathHeader) ?? '/';
  redirect(path === '/' ? '/signin' : `/signin?from=${encodeURIComponent(path)}`);
}
