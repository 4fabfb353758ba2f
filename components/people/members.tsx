'use client';
import { Avatar } from '#components/parts/avatar.tsx';
import { IconButton } from '#components/parts/icon-button.tsx';
import { Select } from '#components/parts/field.tsx';
import { DataTable } from '#components/parts/table.tsx';
import { day } from '#components/parts/words.ts';

export type Role = 'owner' | 'editor' | 'reader';
export const roles: { value: Role; label: string; may: string }[] = [
  { value: 'reader', label: 'reader', may: 'A reader reads and runs.' },
  { value: 'editor', label: 'editor', may: 'An editor also changes notebooks, brings in data and asks for jobs.' },
  { value: 'owner', label: 'owner', may: 'An owner also approves jobs and decides who may do what.' },
];

export interface Member {
  userId: string;
  name: string;
  email: string;
  role: Role;
  since: string;
}

interface Given {
  members: Member[];
  me: string;
  mayManage: boolean;
  zone: string;
  onRole(member: Member, role: Role): void;
  onRemove(member: Member): void;
}

export function MemberTable({ members, me, mayManage, zone, onRole, onRemove }: Given) {
  const head = (
    <>
      <th>person</th>
      <th className="wide">e-mail</th>
      <th>role</th>
      <th className="num wide">since</th>
      <th>
        <span className="vh">remove</span>
      </th>
    </>
  );
  return (
    <DataTable label="People" look="mid" head={head}>
      {members.map((member) => (
        <tr key={member.userId}>
          <td>
            <span className="st">
              <Avatar person={{ id: member.userId, name: member.name }} size="small" />
              {member.name}
              {member.userId === me && <span className="mut">you</span>}
            </span>
          </td>
          <td className="sec wide">{member.email}</td>
          <td>
            <RoleCell member={member} mayManage={mayManage} onRole={onRole} />
          </td>
          <td className="num sec wide">{day(member.since, zone)}</td>
          <td className="num">
            {(mayManage || member.userId === me) && (
              <IconButton
                icon="user-minus"
                label={member.userId === me ? 'Leave the project' : `Take ${member.name} out of the project`}
                onClick={() => onRemove(member)}
              />
            )}
          </td>
        </tr>
      ))}
    </DataTable>
  );
}

function RoleCell({ member, mayManage, onRole }: { member: Member } & Pick<Given, 'mayManage' | 'onRole'>) {
  if (!mayManage) return <span className="sec">{member.role}</span>;
  return (
    <Select
      className="low"
      aria-label={`Role of ${member.name}`}
      value={member.role}
      onChange={(event) => onRole(member, event.target.value as Role)}
    >
      {roles.map((role) => (
        <option key={role.value} value={role.value}>
          {role.label}
        </option>
      ))}
    </Select>
  );
}
