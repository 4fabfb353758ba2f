import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { safePath } from '#lib/client/place.ts';
import { authenticate } from '#lib/server/auth/authenticate.ts';
import { hasAccounts } from '#lib/server/data/user.ts';
import { version } from '#lib/server/version.ts';
import { SignInDoor } from './sign-in-door.tsx';

export const metadata: Metadata = { title: 'Sign in' };

export default async function SignInPage({ searchParams }: { searchParams: Promise<{ from?: string | string[] }> }) {
  if (!(await hasAccounts())) redirect('/setup');
  const { from } = await searchParams;
  const path = safePath(Array.isArray(from) ? from[0] : from);
  if (await authenticate(await headers())) redirect(path ?? '/');
  return <SignInDoor path={path} version={version} />;
}
