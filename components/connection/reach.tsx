'use client';
import { useId, useState } from 'react';
import { CodeArea, CodeInput } from '#components/parts/code-field.tsx';
import { FormRow, Input } from '#components/parts/field.tsx';
import { withoutPort, withPort } from './port.ts';
import type { FormState } from './use-form.ts';
import type { Offers } from './use-offers.ts';

/** How to reach it: name, address, where it begins, session, authority. */
export function Reach({ state, offers }: { state: FormState; offers: Offers }) {
  const { form, set, wrong } = state;
  return (
    <dl className="form">
      <FormRow label="Name" hint="People see this name on cells and results." wrong={wrong('name')}>
        {(tie) => (
          <CodeInput
            {...tie}
            placeholder="lake_eu"
            value={form.name}
            onChange={(event) => set({ name: event.target.value })}
          />
        )}
      </FormRow>
      <Address state={state} />
      <FormRow
        label="Begins in"
        hint="Names without a catalog are looked for here."
        wrong={wrong('catalog') ?? wrong('schema')}
      >
        {(tie) => (
          <div className="rowf">
            <Choice
              {...tie}
              label="Catalog"
              value={form.catalog}
              offers={offers.catalogs}
              onChange={(catalog) => set({ catalog })}
            />
            <Choice label="Schema" value={form.schema} offers={offers.schemas} onChange={(schema) => set({ schema })} />
          </div>
        )}
      </FormRow>
      <FormRow
        label="Session"
        hint="Properties for every query, as name=value, separated by commas."
        wrong={wrong('session')}
      >
        {(tie) => (
          <CodeInput
            {...tie}
            placeholder="query_max_run_time=10m"
            value={form.session}
            onChange={(event) => set({ session: event.target.value })}
          />
        )}
      </FormRow>
    </dl>
  );
}

function Address({ state: { form, set, wrong } }: { state: FormState }) {
  const [own, setOwn] = useState(form.authority !== '');
  const port = useId();
  const isPlain = form.host.trim().startsWith('http://');
  const trusts = isPlain
    ? 'Without TLS: everything on the way can be read.'
    : 'TLS, with the certificates of this server.';
  return (
    <>
      <FormRow
        label="Address"
        wrong={wrong('host') ?? wrong('port')}
        hint={
          own ? (
            isPlain ? (
              trusts
            ) : (
              'TLS, with the authority below and the certificates of this server.'
            )
          ) : (
            <>
              {trusts}{' '}
              <button type="button" className="link plain" onClick={() => setOwn(true)}>
                Use our own authority
              </button>
            </>
          )
        }
      >
        {(tie) => (
          <div className="rowf">
            <CodeInput
              {...tie}
              className="most"
              type="url"
              inputMode="url"
              placeholder="https://trino.example.net"
              value={form.host}
              onChange={(event) => set(withPort(event.target.value))}
              onBlur={() => set({ host: withoutPort(form.host) })}
            />
            <Input
              id={port}
              mono
              className="port"
              aria-label="Port"
              inputMode="numeric"
              placeholder="443"
              wrong={Boolean(wrong('port'))}
              value={form.port}
              onChange={(event) => set({ port: event.target.value })}
            />
          </div>
        )}
      </FormRow>
      {own && (
        <FormRow
          label="Authority"
          hint="PEM of the certificate authority that signed the cluster’s."
          wrong={wrong('authority')}
        >
          {(tie) => (
            <CodeArea
              {...tie}
              rows={4}
              placeholder="-----BEGIN CERTIFICATE-----"
              value={form.authority}
              onChange={(event) => set({ authority: event.target.value })}
            />
          )}
        </FormRow>
      )}
    </>
  );
}

interface ChoiceGiven {
  label: string;
  value: string;
  offers: readonly string[];
  placeholder?: string;
  id?: string;
  'aria-describedby'?: string;
  wrong?: boolean;
  onChange(value: string): void;
}

/** Chosen from what the test found, or typed. */
export function Choice({ label, value, offers, placeholder = label.toLowerCase(), onChange, ...tie }: ChoiceGiven) {
  const list = useId();
  return (
    <>
      <CodeInput
        {...tie}
        className="some"
        aria-label={label}
        list={list}
        placeholder={placeholder}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      <datalist id={list}>
        {offers.map((offer) => (
          <option key={offer} value={offer} />
        ))}
      </datalist>
    </>
  );
}
