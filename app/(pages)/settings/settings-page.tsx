'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Frame } from '#components/frame/frame.tsx';
import type { Person } from '#components/parts/avatar.tsx';
import { Button } from '#components/parts/button.tsx';
import { Fact, Facts } from '#components/parts/facts.tsx';
import { Notice } from '#components/parts/notice.tsx';
import { PageHead, Section } from '#components/parts/section.tsx';
import { SessionTable, type Session } from '#components/settings/sessions.tsx';
import { ThemeChoice } from '#components/settings/theme.tsx';
import { NewToken, TokenTable, type Token } from '#components/settings/tokens.tsx';
import { call, type Answer } from '#lib/client/call.ts';
import { leave } from '#lib/client/session.ts';

interface Given {
  me: Person;
  email: string;
  isAdmin: boolean;
  tokens: Token[];
  sessions: Session[];
  clock: { now: string; zone: string };
}

export function SettingsPage({ me, email, isAdmin, tokens, sessions, clock }: Given) {
  const { busy, problem, made, acts } = useSettings();
  return (
    <Frame me={me} at="settings" crumbs={[{ label: 'Settings' }]} zone={clock.zone}>
      <PageHead title="Settings" clause="yours alone" />
      <Facts>
        <Fact label="Name">{me.name}</Fact>
        <Fact label="E-mail">{email}</Fact>
        <Fact label="In the workspace">{isAdmin ? 'administrator' : 'member'}</Fact>
      </Facts>
      {problem && <Notice state="failed">{problem}</Notice>}
      <Section title="Light or dark" clause="kept on this device">
        <ThemeChoice />
      </Section>
      <Section title="Personal access tokens" clause="for scripts, with your rights; send one as Authorization: Bearer">
        {tokens.length > 0 && <TokenTable tokens={tokens} zone={clock.zone} onRevoke={acts.revoke} />}
        <NewToken key={made} made={made} busy={busy} problem={null} onMake={acts.make} />
      </Section>
      <Section
        title="Where you are signed in"
        right={
          <Button kind="bare" size="small" icon="log-out" onClick={leave}>
            Sign out here
          </Button>
        }
      >
        <SessionTable sessions={sessions} clock={clock} onEnd={acts.end} />
      </Section>
    </Frame>
  );
}

function useSettings() {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [made, setMade] = useState<string | null>(null);
  async function change<T>(work: Promise<Answer<T>>): Promise<T | null> {
    setBusy(true);
    const answer = await work;
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem.detail);
    if (answer.ok) router.refresh();
    return answer.ok ? answer.value : null;
  }
  const make = async (name: string, days: number | null) => {
    const token = await change(call<{ token: string }>('POST', '/api/tokens', { name, days }));
    setMade(token?.token ?? null);
  };
  const acts = {
    make: (name: string, days: number | null) => void make(name, days),
    revoke: (token: Token) => void change(call('DELETE', `/api/tokens/${token.id}`)),
    end: (session: Session) => void change(call('DELETE', `/api/sessions/${session.id}`)),
  };
  return { busy, problem, made, acts };
}
