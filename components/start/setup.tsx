'use client';
import { useState, type FormEvent } from 'react';
import { Button } from '#components/parts/button.tsx';
import { FormRow, Input } from '#components/parts/field.tsx';
import { Notice } from '#components/parts/notice.tsx';
import { useReady } from '#components/parts/ready.ts';
import { PersonRows } from './person-rows.tsx';
import { ZoneSelect, useZone } from './zone.tsx';

export interface SetupGiven {
  token: string;
  name: string;
  email: string;
  password: string;
  workspace: string;
  project: string;
  timeZone: string;
}

interface Given {
  /** Where the address brought it along. */
  token: string;
  busy: boolean;
  problem: { code: string; detail: string } | null;
  onSetup(given: SetupGiven): void;
}

/** The first account, in three numbered steps on one page. */
export function Setup({ token, busy, problem, onSetup }: Given) {
  const ready = useReady();
  const zone = useZone();
  const [person, setPerson] = useState({ name: '', email: '', password: '' });
  const [place, setPlace] = useState({ token, workspace: 'Lodestar', project: 'First project', timeZone: '' });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSetup({ ...person, ...place, timeZone: place.timeZone || zone });
  };
  const change = (part: Partial<typeof place>) => setPlace({ ...place, ...part });
  const wrongToken = problem?.code === 'wrong-setup-token' ? problem.detail : null;
  return (
    <form method="post" onSubmit={submit}>
      <h2 className="step first">1 The server is yours</h2>
      <dl className="form">
        <FormRow
          label="Token"
          wrong={wrongToken}
          hint="It works once. The server printed it on its console when it started."
        >
          {(tie) => (
            <Input
              {...tie}
              mono
              autoFocus={!token}
              required
              spellCheck={false}
              autoComplete="off"
              value={place.token}
              onChange={(event) => change({ token: event.target.value.trim() })}
            />
          )}
        </FormRow>
      </dl>
      <h2 className="step">2 You</h2>
      <dl className="form">
        <PersonRows person={person} onChange={setPerson} />
      </dl>
      <h2 className="step">3 The workspace</h2>
      <dl className="form">
        <FormRow label="Name">
          {(tie) => (
            <Input
              {...tie}
              required
              maxLength={100}
              value={place.workspace}
              onChange={(event) => change({ workspace: event.target.value })}
            />
          )}
        </FormRow>
        <FormRow label="First project">
          {(tie) => (
            <Input
              {...tie}
              required
              maxLength={100}
              value={place.project}
              onChange={(event) => change({ project: event.target.value })}
            />
          )}
        </FormRow>
        <FormRow label="Time zone" hint="Days and windows are cut in this zone, unless a job says otherwise.">
          {(tie) => (
            <ZoneSelect
              {...tie}
              value={place.timeZone || zone}
              onChange={(event) => change({ timeZone: event.target.value })}
            />
          )}
        </FormRow>
      </dl>
      {problem && !wrongToken && (
        <div className="narrow">
          <Notice state="failed">{problem.detail}</Notice>
        </div>
      )}
      <div className="go">
        <Button kind="main" size="big" type="submit" disabled={busy || !ready} keys="enter">
          {busy ? 'Making the account' : 'Make the account'}
        </Button>
      </div>
    </form>
  );
}
