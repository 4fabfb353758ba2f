'use client';
import { useHere } from '#components/notebook/context.tsx';
import { Button } from '#components/parts/button.tsx';
import type { RunView } from '#lib/client/notebook/store.ts';
import { useElapsed } from './use-elapsed.ts';
import { aboutRows, bytesWords, counting, leftWords } from './words.ts';

/** How far a run is: numbers with units, a scale where the whole is known, and Stop. Lies over old rows, moving nothing. */
export function Running({ id, run, over }: { id: string; run: RunView; over: boolean }) {
  const { store } = useHere();
  const elapsed = useElapsed(run.startedAt);
  const { rows, bytes, fraction, note } = run.progress ?? {};
  const left = leftWords(elapsed, fraction);
  const percent = fraction === undefined ? null : Math.round(Math.min(1, fraction) * 100);
  return (
    <div className={over ? 'prog over' : 'prog'}>
      <div className="row">
        <dl>
          <Fact label={note || 'Running'} value={counting(elapsed)} />
          {rows !== undefined && <Fact label="Rows" value={aboutRows(rows)} />}
          {bytes !== undefined && <Fact label="Read" value={bytesWords(bytes)} />}
          {left && <Fact label="Left" value={left} />}
        </dl>
        <span className="grow" />
        <Button kind="stop" size="small" icon="square" keys="shift+esc" onClick={() => store.act.stop(id)}>
          Stop
        </Button>
      </div>
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
    </div>
  );
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <b>{value}</b>
      </dd>
    </div>
  );
}
