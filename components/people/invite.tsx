'use client';
import { useState } from 'react';
import { Button } from '#components/parts/button.tsx';
import { Copy } from '#components/parts/copy.tsx';
import { FormRow } from '#components/parts/field.tsx';
import { Segmented } from '#components/parts/segmented.tsx';
import { DataTable } from '#components/parts/table.tsx';
import { day } from '#components/parts/words.ts';
import { roles, type Role } from './members.tsx';

interface Given {
  /** The link that was just made; it is shown this once. */
  made: { url: string; expiresAt: string } | null;
  zone: string;
  busy: boolean;
  onInvite(role: Role): void;
}

export function Invite({ made, zone, busy, onInvite }: Given) {
  const [role, setRole] = useState<Role>('editor');
  const may = roles.find((each) => each.value === role)?.may;
  return (
    <div className="narrow-form">
      <dl className="form">
        <FormRow label="Role" hint={may}>
          {() => (
            <Segmented<Role> label="Role of the person you invite" value={role} choices={roles} onChange={setRole} />
          )}
        </FormRow>
        {made && (
          <FormRow
            label="Link"
            hint={`For one person, once, until ${day(made.expiresAt, zone)}. It is not shown again.`}
          >
            {(tie) => <Copy {...tie} text={made.url} label="Copy the link" />}
          </FormRow>
        )}
      </dl>
      <div className="go">
        <Button icon="link" disabled={busy} onClick={() => onInvite(role)}>
          {made ? 'Make another link' : 'Make a link'}
        </Button>
      </div>
    </div>
  );
}

export interface OpenLink {
  id: string;
  role: Role;
  createdAt: string;
  expiresAt: string;
}

export function OpenLinks({
  links,
  zone,
  onWithdraw,
}: {
  links: OpenLink[];
  zone: string;
  onWithdraw(link: OpenLink): void;
}) {
  const head = (
    <>
      <th>for a</th>
      <th>made</th>
      <th>until</th>
      <th>
        <span className="vh">withdraw</span>
      </th>
    </>
  );
  return (
    <DataTable label="Links that can still be used" look="mid" head={head}>
      {links.map((link) => (
        <tr key={link.id}>
          <td>{link.role}</td>
          <td className="sec">{day(link.createdAt, zone)}</td>
          <td className="sec">{day(link.expiresAt, zone)}</td>
          <td className="num">
            <Button kind="bare" size="small" onClick={() => onWithdraw(link)}>
              Withdraw
            </Button>
          </td>
        </tr>
      ))}
    </DataTable>
  );
}
