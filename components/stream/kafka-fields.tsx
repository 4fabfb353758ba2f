import { useState } from 'react';
import { CodeArea, CodeInput } from '#components/parts/code-field.tsx';
import { FormRow, Input, Select } from '#components/parts/field.tsx';
import { Segmented } from '#components/parts/segmented.tsx';
import type { NewForm, SignIn } from './new-form.ts';
import type { NewFormState } from './use-new-form.ts';

const starts: { value: NewForm['start']; label: string }[] = [
  { value: 'earliest', label: 'All that is kept there' },
  { value: 'latest', label: 'What comes next' },
];

/** Rows of a form: which topic, how it is reached, and from where on it is read. */
export function KafkaFields({ state }: { state: NewFormState }) {
  const { form, set, wrong } = state;
  return (
    <>
      <FormRow
        label="Brokers"
        hint="Some of them as host:port, a line each; the others are learned from them."
        wrong={wrong('brokers')}
      >
        {(tie) => (
          <CodeArea
            {...tie}
            rows={2}
            placeholder="kafka.example.com:9092"
            value={form.brokers}
            onChange={(event) => set({ brokers: event.target.value })}
          />
        )}
      </FormRow>
      <FormRow label="Topic" hint="Each record’s value is a JSON object: an event." wrong={wrong('topic')}>
        {(tie) => (
          <CodeInput
            {...tie}
            placeholder="shop_events"
            value={form.topic}
            onChange={(event) => set({ topic: event.target.value })}
          />
        )}
      </FormRow>
      <Tls state={state} />
      <SigningIn state={state} />
      <FormRow label="Start at" hint="Partitions that are added later are read from their beginning.">
        {() => <Segmented label="Start at" value={form.start} choices={starts} onChange={(start) => set({ start })} />}
      </FormRow>
    </>
  );
}

const ways: { value: NewForm['tls']; label: string }[] = [
  { value: 'off', label: 'Off' },
  { value: 'on', label: 'On' },
];

function Tls({ state: { form, set, wrong } }: { state: NewFormState }) {
  const [own, setOwn] = useState(form.ca !== '');
  const isOn = form.tls === 'on';
  const trusts = own ? 'With the authority below.' : 'With the usual authorities.';
  return (
    <>
      <FormRow
        label="TLS"
        wrong={wrong('tls')}
        hint={
          isOn ? (
            <>
              {trusts}{' '}
              {!own && (
                <button type="button" className="link plain" onClick={() => setOwn(true)}>
                  Use our own authority
                </button>
              )}
            </>
          ) : (
            'Everything on the way can be read.'
          )
        }
      >
        {() => <Segmented label="TLS" value={form.tls} choices={ways} onChange={(tls) => set({ tls })} />}
      </FormRow>
      {isOn && (own || wrong('tls')) && (
        <FormRow
          label="Authority"
          hint="PEM of the certificate authority that signed the brokers’; empty for the usual ones."
          wrong={wrong('ca')}
        >
          {(tie) => (
            <CodeArea
              {...tie}
              rows={4}
              placeholder="-----BEGIN CERTIFICATE-----"
              value={form.ca}
              onChange={(event) => {
                setOwn(true);
                set({ ca: event.target.value });
              }}
            />
          )}
        </FormRow>
      )}
    </>
  );
}

const mechanisms: { value: SignIn; label: string }[] = [
  { value: 'none', label: 'nobody: the topic is open' },
  { value: 'PLAIN', label: 'PLAIN' },
  { value: 'SCRAM-SHA-256', label: 'SCRAM-SHA-256' },
  { value: 'SCRAM-SHA-512', label: 'SCRAM-SHA-512' },
];

function SigningIn({ state: { form, set, wrong } }: { state: NewFormState }) {
  return (
    <>
      <FormRow
        label="Sign in by"
        hint={form.signIn === 'none' ? undefined : 'The account needs READ and DESCRIBE on the topic.'}
        wrong={wrong('signIn')}
      >
        {(tie) => (
          <Select {...tie} value={form.signIn} onChange={(event) => set({ signIn: event.target.value as SignIn })}>
            {mechanisms.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </FormRow>
      {form.signIn !== 'none' && (
        <FormRow
          label="Account"
          hint="The password is kept sealed on the server, for these brokers only; nobody sees it again."
          wrong={wrong('user') ?? wrong('password')}
        >
          {(tie) => (
            <div className="rowf">
              <CodeInput
                {...tie}
                className="some"
                placeholder="user"
                wrong={Boolean(wrong('user'))}
                value={form.user}
                onChange={(event) => set({ user: event.target.value })}
              />
              <Input
                className="some"
                type="password"
                autoComplete="new-password"
                aria-label="Password of the account"
                placeholder="password"
                wrong={Boolean(wrong('password'))}
                value={form.password}
                onChange={(event) => set({ password: event.target.value })}
              />
            </div>
          )}
        </FormRow>
      )}
    </>
  );
}
