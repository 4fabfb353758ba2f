'use client';
import { useEffect, useState } from 'react';
import { Mark } from '#components/parts/mark.tsx';
import { took } from '#components/parts/words.ts';
import { Door } from '#components/start/door.tsx';
import { Installation } from '#components/start/facts.tsx';
import { Setup, type SetupGiven } from '#components/start/setup.tsx';
import { call, type Refusal } from '#lib/client/call.ts';
import { readHealth, type Health } from '#lib/client/health.ts';
import { enter } from '#lib/client/session.ts';

export function SetupDoor({ token, address, version }: { token: string; address: string; version: string }) {
  const health = useHealth();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Refusal | null>(null);
  const onSetup = async (given: SetupGiven) => {
    setBusy(true);
    const answer = await call<{ projectId: string }>('POST', '/api/setup', given);
    setProblem(answer.ok ? null : answer.problem);
    setBusy(answer.ok);
    if (!answer.ok) return;
    const refused = await enter(given.email, given.password);
    window.location.assign(refused ? '/signin' : `/projects/${answer.value.projectId}`);
  };
  return (
    <Door
      title="This Lodestar is new"
      lead="It runs, and nobody has an account yet. The first account owns the workspace and can invite the others."
      asideLabel="This installation"
      aside={
        <>
          <Installation address={address} health={health} />
          <section>
            <h2>What it tells others</h2>
            <p className="sec">
              Nothing. It measures its own use for your eyes, on this machine, without values of your data. It asks
              nobody for updates.
            </p>
          </section>
        </>
      }
      status={
        <>
          <Answering address={address} health={health} />
          <span className="wide">No account yet</span>
          <span className="sp" />
          <span>Version {version}</span>
        </>
      }
    >
      <Setup token={token} busy={busy} problem={problem} onSetup={(given) => void onSetup(given)} />
    </Door>
  );
}

function Answering({ address, health }: { address: string; health: Health | null | undefined }) {
  if (health === undefined) return <span>{address}</span>;
  const time = health && took(health.took);
  return (
    <span>
      <Mark state={health?.status === 'ok' ? 'good' : 'warned'} label="" />
      {address}
      {time ? `, ${time.value} ${time.unit}` : ' does not answer'}
    </span>
  );
}

/** Undefined until asked, null when it does not answer. */
function useHealth(): Health | null | undefined {
  const [health, setHealth] = useState<Health | null>();
  useEffect(() => {
    const gone = new AbortController();
    readHealth(gone.signal).then(setHealth, () => {
      if (!gone.signal.aborted) setHealth(null);
    });
    return () => gone.abort();
  }, []);
  return health;
}
