'use client';
import { useMemo, useState, type ReactNode } from 'react';
import type { FrameGiven } from '#components/frame/frame.tsx';
import { AskBackfill, AskDrain, AskWindow } from '#components/job/ask.tsx';
import { Notice } from '#components/parts/notice.tsx';
import type { Asking } from './acts.tsx';
import type { JobState, useJob } from './use-job.ts';
import { useRunKeys } from './use-run-keys.ts';

export interface JobPageGiven {
  frame: Pick<FrameGiven, 'me' | 'at' | 'waiting'> & { project: { id: string; name: string }; zone: string };
  first: JobState;
}

export function crumbsOf(project: { id: string; name: string }, name: string): FrameGiven['crumbs'] {
  return [
    { label: project.name, href: `/projects/${project.id}` },
    { label: 'Jobs', href: `/projects/${project.id}/jobs` },
    { label: name },
  ];
}

/** What both kinds of job ask and say: the dialogs, their keys, why an act was refused. */
export function usePage({ job, runs, now, chosen, problem, busy, acts }: ReturnType<typeof useJob>): {
  ask(what: Asking): void;
  problem: ReactNode;
  dialogs: ReactNode;
} {
  const [asking, setAsking] = useState<Asking | null>(null);
  const { forget, choose } = acts;
  const ask = (what: Asking) => {
    forget();
    setAsking(what);
  };
  const ids = runs.items.map(({ id }) => id).join(' ');
  const isRealTime = job.kind === 'realtime';
  const keys = useMemo(() => ids.split(' '), [ids]);
  const asked = useMemo(
    () => ({
      label: isRealTime ? 'Replay a range' : 'Run a window',
      run: () => setAsking(isRealTime ? 'backfill' : 'window'),
    }),
    [isRealTime],
  );
  useRunKeys({ runs: keys, chosen, choose, ask: job.rights.run ? asked : null });
  const given = { job, now, busy, problem, onClose: () => setAsking(null), open: true };
  const close = (done: boolean) => done && setAsking(null);
  return {
    ask,
    problem: problem && !asking && <Notice state="failed">{problem}</Notice>,
    dialogs: (
      <>
        {asking === 'window' && <AskWindow {...given} onRun={(start) => void acts.runWindow(start).then(close)} />}
        {asking === 'backfill' && (
          <AskBackfill {...given} onRun={(from, to) => void acts.backfill(from, to).then(close)} />
        )}
        {asking === 'drain' && <AskDrain {...given} onRun={() => void acts.drain().then(close)} />}
      </>
    ),
  };
}
