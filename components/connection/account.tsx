'use client';
import { useState, type FormEvent } from 'react';
import { Button } from '#components/parts/button.tsx';
import { CodeInput } from '#components/parts/code-field.tsx';
import { FormRow, Input } from '#components/parts/field.tsx';
import { giveAccount, takeAccount } from '#lib/client/api/connections.ts';
import type { Answer } from '#lib/client/call.ts';

interface Given {
  /** The connection's id. */
  connection: string;
  /** Whom one's queries run as; '' without an account. */
  user: string;
  onChanged(): void;
}

/** One's own account on a cluster: given once, tried, and kept sealed. */
export function Account({ connection, user, onChanged }: Given) {
  const [account, setAccount] = useState('');
  const [secret, setSecret] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const change = async (work: Promise<Answer<void>>) => {
    setBusy(true);
    const answer = await work;
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem.detail);
    if (!answer.ok) return;
    setSecret('');
    onChanged();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void change(giveAccount(connection, { account: account.trim(), secret }));
  };
  return (
    <form className="narrow-form" onSubmit={submit}>
      <dl className="form">
        <FormRow
          label="Your account"
          wrong={problem}
          hint={
            user ? (
              <>
                Your cells run as <span className="mono">{user}</span>.
              </>
            ) : (
              'It is tried, then kept sealed; only you use it.'
            )
          }
        >
          {(tie) => (
            <div className="rowf">
              <CodeInput
                {...tie}
                className="some"
                required
                placeholder={user || 'account'}
                value={account}
                onChange={(event) => setAccount(event.target.value)}
              />
              <Input
                className="some"
                type="password"
                required
                autoComplete="new-password"
                aria-label="Your password there"
                placeholder="password"
                value={secret}
                end={user && !secret && <span className="unit">set</span>}
                onChange={(event) => setSecret(event.target.value)}
              />
            </div>
          )}
        </FormRow>
      </dl>
      <div className="go">
        <Button icon="key-round" type="submit" disabled={busy || !account.trim() || !secret}>
          {busy ? 'Trying it …' : user ? 'Use this one' : 'Try and keep'}
        </Button>
        {user && (
          <Button kind="bare" disabled={busy} onClick={() => void change(takeAccount(connection))}>
            Forget my account
          </Button>
        )}
      </div>
    </form>
  );
}
