'use client';
import { useHere } from '#components/notebook/context.tsx';
import { Button } from '#components/parts/button.tsx';
import { Icon } from '#components/parts/icon.tsx';
import type { RunView } from '#lib/client/notebook/store.ts';
import { fractionOf, progressWords, type Said } from './cluster-words.ts';
import { useElapsed } from './clock.ts';
import { aboutRows, bytesWords, counting, leftWords } from './words.ts';

/** How far a run is: numbers with units, a scale where the whole is known, and Stop. Lies over old rows, moving nothing. */
export function Running({ id, run, over }: { id: string; run: RunView; over: boolean }) {
  const { store, advice } = useHere();
  const elapsed = useElapsed(run.startedAt);
  const { cluster } = run.progress ?? {};
  const expected = cluster ? (advice.of(id)?.estimate?.bytes ?? null) : null;
  const fraction = cluster ? fractionOf(cluster, expected) : run.progress?.fraction;
  const facts = cluster ? progressWords(cluster, { elapsed, fraction, expected }) : plainWords(run, elapsed);
  return (
    <div className={over ? 'prog over' : 'prog'}>
      <div className="row">
        <dl>
          {facts.map((fact) => (
            <Fact key={fact.label} {...fact} />
          ))}
        </dl>
        <span className="grow" />
        {cluster?.link && <InTrino link={cluster.link} />}
        <Button kind="stop" size="small" icon="square" keys="shift+esc" onClick={() => store.act.stop(id)}>
          Stop
        </Button>
      </div>
      <Scale fraction={fraction} />
    </div>
  );
}

function plainWords(run: RunView, elapsed: number): Said[] {
  const { rows, bytes, fraction, note } = run.progress ?? {};
  const left = leftWords(elapsed, fraction);
  return [
    { label: note || 'Running', value: counting(elapsed) },
    ...(rows === undefined ? [] : [{ label: 'Rows', value: aboutRows(rows) }]),
    ...(bytes === undefined ? [] : [{ label: 'Read', value: bytesWords(bytes) }]),
    ...(left ? [{ label: 'Left', value: left }] : []),
  ];
}

function Fact({ label, value, rest }: Said) {
  return (
    <div className={label === 'Left' ? 'wide' : undefined}>
      <dt>{label}</dt>
      <dd>
        <b>{value}</b> {rest}
      </dd>
    </div>
  );
}

/** The query's own page on the cluster. */
export function InTrino({ link }: { link: string }) {
  return (
    <a className="btn bare small" href={link} target="_blank" rel="noopener noreferrer">
      <Icon name="external-link" />
      in Trino
    </a>
  );
}

function Scale({ fraction }: { fraction: number | undefined }) {
  const percent = fraction === undefined ? null : Math.round(Math.min(1, fraction) * 100);
  return (
    <>
      <div
        className={percent === null ? 'rule unknown' : 'rule'}
        role="progressbar"
        aria-label="How far it is"
        aria-valuenow={percent ?? undefined}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <i style={percent === null ? undefined : { width: `${percent}%` }} />
      </div>
      {percent !== null && (
        <div className="sc">
          <span>0</span>
          <span>{percent} %</span>
          <span>100</span>
        </div>
      )}
    </>
  );
}
