'use client';
import Link from 'next/link';
import { useState } from 'react';
import { Door } from '#components/start/door.tsx';
import { JoinForm, NewcomerForm } from '#components/start/invitation.tsx';
import type { PersonGiven } from '#components/start/person-rows.tsx';
import { call } from '#lib/client/call.ts';
import { enter } from '#lib/client/session.ts';

interface Given {
  secret: string;
  /** What it leads to, for someone who is signed in. */
  joining: { name: string; email: string; role: string; project: string } | null;
  version: string;
}

export function InvitationDoor({ secret, joining, version }: Given) {
  const join = useJoin(secret);
  return (
    <Door
      title={joining ? `Join ${joining.project}` : 'You are invited'}
      lead={joining ? `You are signed in as ${joining.email}.` : 'A colleague sent you this link. It works once.'}
      asideLabel="About this link"
      aside={<Aside secret={secret} known={Boolean(joining)} />}
      status={
        <>
          <span>{joining ? `Signed in as ${joining.name}` : 'Not signed in'}</span>
          <span className="sp" />
          <span>Version {version}</span>
        </>
      }
    >
      {joining ? (
        <JoinForm {...joining} {...join} onJoin={() => void join.send()} />
      ) : (
        <NewcomerForm {...join} onJoin={(person) => void join.send(person)} />
      )}
    </Door>
  );
}

function useJoin(secret: string) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const send = async (person?: PersonGiven) => {
    setBusy(true);
    const answer = await call<{ projectId: string }>('POST', `/api/invitations/${secret}/accept`, person ?? {});
    setProblem(answer.ok ? null : answer.problem.detail);
    setBusy(answer.ok);
    if (!answer.ok) return;
    const refused = person ? await enter(person.email, person.password) : null;
    window.location.assign(refused ? '/signin' : `/projects/${answer.value.projectId}`);
  };
  return { busy, problem, send };
}

function Aside({ secret, known }: { secret: string; known: boolean }) {
  return (
    <>
      {!known && (
        <section>
          <h2>You have an account here?</h2>
          <p className="sec">
            <Link className="link" href={`/signin?from=/invitations/${secret}`}>
              Sign in first
            </Link>
            , then the link adds the project to what you have.
          </p>
        </section>
      )}
      <section>
        <h2>Who sees what</h2>
        <p className="sec">
          The others see your name and where you are in a notebook you have open. The e-mail address is seen by members
          of your projects.
        </p>
      </section>
    </>
  );
}
