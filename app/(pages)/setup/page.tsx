import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { hasAccounts } from '#lib/server/data/user.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { version } from '#lib/server/version.ts';
import { SetupDoor } from './setup-door.tsx';

export const metadata: Metadata = { title: 'Welcome' };

export default async function SetupPage({ searchParams }: { searchParams: Promise<{ token?: string | string[] }> }) {
  if (await hasAccounts()) redirect('/');
  const { token } = await searchParams;
  const address = new URL(getLodestar().publicUrl).host;
  return <SetupDoor token={typeof token === 'string' ? token : ''} address={address} version={version} />;
}
