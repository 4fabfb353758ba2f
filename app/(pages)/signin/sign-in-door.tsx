'use client';
import { useState } from 'react';
import { Door } from '#components/start/door.tsx';
import { SignIn } from '#components/start/sign-in.tsx';
import { Where } from '#components/start/where.tsx';
import { enter } from '#lib/client/session.ts';

export function SignInDoor({ path, version }: { path: string | null; version: string }) {
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const onEnter = async (email: string, password: string) => {
    setBusy(true);
    const problem = await enter(email, password);
    setWrong(problem);
    setBusy(problem === null);
    // A full load: everything the page knew before was of nobody.
    if (problem === null) window.location.assign(path ?? '/');
  };
  return (
    <Door
      title="Sign in"
      lead={path ? 'Then you are back where you were.' : undefined}
      asideLabel="Before you are in"
      aside={
        <>
          {path && <Where path={path} />}
          <section>
            <h2>New here?</h2>
            <p className="sec">Ask an owner of your project for an invitation. Accounts are not made from outside.</p>
          </section>
        </>
      }
      status={
        <>
          <span>Signed out</span>
          <span className="sp" />
          <span>Version {version}</span>
        </>
      }
    >
      <SignIn busy={busy} wrong={wrong} onEnter={(email, password) => void onEnter(email, password)} />
    </Door>
  );
}
