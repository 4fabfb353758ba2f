import type { Metadata } from 'next';
import { listSessions } from '#lib/server/data/session.ts';
import { listTokens } from '#lib/server/data/token.ts';
import { demandPage } from '#lib/server/page.ts';
import { clockIn, meOf } from '#app/frame.ts';
import { SettingsPage } from './settings-page.tsx';

export const metadata: Metadata = { title: 'Settings' };

export default async function Page() {
  const actor = await demandPage();
  const tokens = await listTokens(actor, { limit: 200 });
  const sessions = await listSessions(actor, { limit: 200 });
  return (
    <SettingsPage
      me={meOf(actor)}
      email={actor.email}
      isAdmin={actor.isAdmin}
      tokens={tokens.items}
      sessions={sessions.items}
      clock={clockIn('UTC')}
    />
  );
}
