'use client';
import { useState } from 'react';
import { CodeArea, CodeInput } from '#components/parts/code-field.tsx';
import { FormRow, Input, Select } from '#components/parts/field.tsx';
import { Segmented } from '#components/parts/segmented.tsx';
import { readForm } from './form.ts';
import type { FormState } from './use-form.ts';
import { trinoUser, type Mapped } from '#lib/connection/identity.ts';

export interface Member {
  name: string;
  email: string;
}

const kinds = [
  { value: 'service', label: 'One service account' },
  { value: 'person', label: 'Each person’s own' },
  { value: 'none', label: 'No password' },
] as const;

const explained = {
  service: 'It signs in, and Trino lets it act as each person.',
  person: 'Each person gives their own account once; it is kept sealed, and only they use it.',
  none: 'The cluster believes whatever name it is told. For clusters that nobody else can reach.',
};

const givenBelow = 'Give your own account below first: the test signs in with it.';

/** Whose name a query carries. */
export function Whom({ state, members }: { state: FormState; members: readonly Member[] }) {
  const { form, set, wrong, isKept, takesOwn } = state;
  return (
    <dl className="form">
      <FormRow
        label="Sign in with"
        hint={explained[form.kind]}
        wrong={form.kind === 'person' && !takesOwn && wrong('account') ? givenBelow : undefined}
      >
        {() => (
          <Segmented label="Sign in with" value={form.kind} choices={[...kinds]} onChange={(kind) => set({ kind })} />
        )}
      </FormRow>
      {(form.kind === 'service' || takesOwn) && (
        <FormRow
          label={form.kind === 'service' ? 'Service account' : 'Your account'}
          hint={form.kind === 'person' && !isKept ? 'It is tried with yours, and kept as yours.' : undefined}
          wrong={wrong('account') ?? wrong('secret')}
        >
          {(tie) => (
            <div className="rowf">
              <CodeInput
                {...tie}
                className="some"
                placeholder={form.kind === 'person' && isKept ? 'as it is kept' : 'account'}
                value={form.account}
                onChange={(event) => set({ account: event.target.value })}
              />
              <Input
                className="some"
                type="password"
                autoComplete="new-password"
                aria-label={form.kind === 'service' ? 'Password of the service account' : 'Your password there'}
                placeholder={isKept ? 'as it is kept' : 'password'}
                wrong={Boolean(wrong('secret'))}
                value={form.secret}
                end={isKept && !form.secret && <span className="unit">set</span>}
                onChange={(event) => set({ secret: event.target.value })}
              />
            </div>
          )}
        </FormRow>
      )}
      {form.kind !== 'person' && <Becomes state={state} members={members} />}
    </dl>
  );
}

function Becomes({ state: { form, set, wrong, read }, members }: { state: FormState; members: readonly Member[] }) {
  const [named, setNamed] = useState(form.exceptions !== '');
  const example = examplesOf(form, read, members);
  return (
    <>
      <FormRow
        label="Person becomes"
        hint={
          <>
            {example}{' '}
            {!named && (
              <button type="button" className="link plain" onClick={() => setNamed(true)}>
                Name exceptions
              </button>
            )}
          </>
        }
      >
        {(tie) => (
          <Select {...tie} value={form.becomes} onChange={(event) => set({ becomes: event.target.value as 'email' })}>
            <option value="local-part">the part before @ of the e-mail, lower case</option>
            <option value="email">the whole e-mail, lower case</option>
          </Select>
        )}
      </FormRow>
      {named && (
        <FormRow label="Exceptions" hint="A line each: e-mail = user on the cluster." wrong={wrong('exceptions')}>
          {(tie) => (
            <CodeArea
              {...tie}
              rows={3}
              placeholder="mei@shop.example = mei_l"
              value={form.exceptions}
              onChange={(event) => set({ exceptions: event.target.value })}
            />
          )}
        </FormRow>
      )}
    </>
  );
}

/** `Mei is mei, Ana is ana, 9 more.` */
function examplesOf(form: FormState['form'], read: FormState['read'], members: readonly Member[]): React.ReactNode {
  const settled = read.ok ? read : readForm({ ...form, name: 'x', host: 'https://x', account: 'x', secret: 'x' }, true);
  const exceptions =
    settled.ok && settled.input.settings.identity.kind !== 'person' ? settled.input.settings.identity.exceptions : {};
  const identity: Mapped = { kind: 'none', becomes: form.becomes, exceptions };
  const shown = members.slice(0, 3);
  return (
    <>
      {shown.map(({ name, email }, index) => (
        <span key={email}>
          {index > 0 && ', '}
          {name.split(' ')[0]} is <span className="mono">{trinoUser(identity, email)}</span>
        </span>
      ))}
      {members.length > shown.length && `, ${members.length - shown.length} more`}
      {members.length > 0 && '.'}
    </>
  );
}
