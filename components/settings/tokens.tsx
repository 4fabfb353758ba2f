'use client';
import { useState, type FormEvent } from 'react';
import { Button } from '#components/parts/button.tsx';
import { Copy } from '#components/parts/copy.tsx';
import { FormRow, Input, Select } from '#components/parts/field.tsx';
import { DataTable } from '#components/parts/table.tsx';
import { date } from '#components/parts/words.ts';

export interface Token {
  id: string;
  name: string;
  hint: string;
  createdAt: string;
  lastUsedAt: string | null;
  expiresAt: string | null;
}

export function TokenTable({
  tokens,
  zone,
  onRevoke,
}: {
  tokens: Token[];
  zone: string;
  onRevoke(token: Token): void;
}) {
  const head = (
    <>
      <th>name</th>
      <th className="wide">begins with</th>
      <th className="wide">made</th>
      <th>last used</th>
      <th>ends</th>
      <th>
        <span className="vh">revoke</span>
      </th>
    </>
  );
  return (
    <DataTable label="Personal access tokens" look="mid" head={head}>
      {tokens.map((token) => (
        <tr key={token.id}>
          <td>{token.name}</td>
          <td className="mono mut wide">{token.hint}…</td>
          <td className="sec wide">{date(token.createdAt, zone)}</td>
          <td className="sec">{token.lastUsedAt ? date(token.lastUsedAt, zone) : 'never'}</td>
          <td className="sec">{token.expiresAt ? date(token.expiresAt, zone) : 'never'}</td>
          <td className="num">
            <Button kind="bare" size="small" onClick={() => onRevoke(token)}>
              Revoke
            </Button>
          </td>
        </tr>
      ))}
    </DataTable>
  );
}

interface Given {
  /** The token that was just made; it is shown this once. */
  made: string | null;
  busy: boolean;
  problem: string | null;
  onMake(name: string, days: number | null): void;
}

const lives = [
  { days: 30, label: '30 days' },
  { days: 90, label: '90 days' },
  { days: 365, label: 'a year' },
  { days: null, label: 'until I revoke it' },
];

export function NewToken({ made, busy, problem, onMake }: Given) {
  const [name, setName] = useState('');
  const [days, setDays] = useState('90');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onMake(name, days ? Number(days) : null);
  };
  return (
    <form className="narrow-form" onSubmit={submit}>
      <dl className="form">
        <FormRow label="Name" wrong={problem} hint="What it is for; you will see it in this list.">
          {(tie) => (
            <Input {...tie} required maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />
          )}
        </FormRow>
        <FormRow label="Works for">
          {(tie) => (
            <Select {...tie} value={days} onChange={(event) => setDays(event.target.value)}>
              {lives.map((life) => (
                <option key={life.label} value={life.days ?? ''}>
                  {life.label}
                </option>
              ))}
            </Select>
          )}
        </FormRow>
        {made && (
          <FormRow label="Token" hint="Copy it now: only its hash is kept. Send it as Authorization: Bearer.">
            {(tie) => <Copy {...tie} text={made} label="Copy the token" />}
          </FormRow>
        )}
      </dl>
      <div className="go">
        <Button icon="key-round" type="submit" disabled={busy}>
          Make a token
        </Button>
      </div>
    </form>
  );
}
