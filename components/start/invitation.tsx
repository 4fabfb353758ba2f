'use client';
import { useState, type FormEvent } from 'react';
import { Button } from '#components/parts/button.tsx';
import { Mark } from '#components/parts/mark.tsx';
import { Notice } from '#components/parts/notice.tsx';
import { useReady } from '#components/parts/ready.ts';
import { PersonRows, type PersonGiven } from './person-rows.tsx';

const rights: Record<string, string[]> = {
  reader: [
    'read notebooks and results',
    'run queries in the browser and the warehouse',
    'read datasets, jobs and insights',
  ],
  editor: ['change notebooks, together with the others', 'bring in data', 'ask for a query to become a job'],
  owner: ['approve jobs', 'invite others and change what they may do'],
};
const upTo: Record<string, string[]> = {
  reader: ['reader'],
  editor: ['reader', 'editor'],
  owner: ['reader', 'editor', 'owner'],
};

/** What a role may do, in words. */
export function Rights({ role }: { role: string }) {
  return (
    <table className="tb narrow rights">
      <tbody>
        {(upTo[role] ?? [])
          .flatMap((each) => rights[each] ?? [])
          .map((right) => (
            <tr key={right}>
              <td>
                <span className="st">
                  <Mark state="good" label="" />
                  {right}
                </span>
              </td>
            </tr>
          ))}
      </tbody>
    </table>
  );
}

interface Given {
  busy: boolean;
  problem: string | null;
}

/** For someone without an account: it is made with the link. */
export function NewcomerForm({ busy, problem, onJoin }: Given & { onJoin(person: PersonGiven): void }) {
  const ready = useReady();
  const [person, setPerson] = useState<PersonGiven>({ name: '', email: '', password: '' });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onJoin(person);
  };
  return (
    <form method="post" onSubmit={submit}>
      <h2 className="step first">Your account</h2>
      <dl className="form">
        <PersonRows person={person} onChange={setPerson} />
      </dl>
      <Refused problem={problem} />
      <div className="go">
        <Button kind="main" size="big" type="submit" disabled={busy || !ready} keys="enter">
          {busy ? 'Joining' : 'Make the account and join'}
        </Button>
      </div>
    </form>
  );
}

/** For someone who is signed in. */
export function JoinForm({
  name,
  project,
  role,
  busy,
  problem,
  onJoin,
}: Given & { name: string; project: string; role: string; onJoin(): void }) {
  const ready = useReady();
  return (
    <>
      <h2 className="step first">
        What you may do <small>as {role}; an owner can change it</small>
      </h2>
      <Rights role={role} />
      <Refused problem={problem} />
      <div className="go">
        <Button kind="main" size="big" disabled={busy || !ready} autoFocus onClick={onJoin}>
          {busy ? 'Joining' : `Join ${project} as ${name}`}
        </Button>
      </div>
    </>
  );
}

function Refused({ problem }: { problem: string | null }) {
  return (
    problem && (
      <div className="narrow">
        <Notice state="failed">{problem}</Notice>
      </div>
    )
  );
}
