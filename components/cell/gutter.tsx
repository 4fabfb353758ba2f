'use client';
import { Mark, type MarkState } from '#components/parts/mark.tsx';
import type { RunView } from '#lib/client/notebook/store.ts';
import { useElapsed } from './clock.ts';
import { counting, tookWords } from './words.ts';

/** A cell's place on the meridian: its state's mark, its time beside it. */
export function Gutter({ run }: { run: RunView }) {
  return (
    <div className="gut">
      <Took run={run} />
      <Mark state={markState(run)} progress={run.progress?.fraction} />
    </div>
  );
}

function Took({ run }: { run: RunView }) {
  const elapsed = useElapsed(run.state === 'running' ? run.startedAt : null);
  if (run.state === 'running') return <span className="took st-running">{counting(elapsed)}</span>;
  if (!run.done || run.state === 'queued') return null;
  return <span className="took">{tookWords(run.done.took)}</span>;
}

export function markState(run: RunView): MarkState {
  return run.state === 'cancelled' ? 'idle' : run.state;
}
