'use client';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import type { FrameGiven } from '#components/frame/frame.tsx';
import { DeleteJob } from '#components/job/delete-job.tsx';
import { AskBackfill, AskDrain, AskWindow } from '#components/job/ask.tsx';
import { Notice } from '#components/parts/notice.tsx';
import { call } from '#lib/client/call.ts';
import type { Asking } from './acts.tsx';
import type { JobState, useJob } from './use-job.ts';
import { useRunKeys } from './use-run-keys.ts';

export interface JobPageGiven {
  frame: Pick<FrameGiven, 'me' | 'at' | 'waiting'> & { project: { id: string; name: string }; zone: string };
  first: JobState;
}

/** What both kinds of job ask and say: the dialogs, their keys, why an act was refused. */
export function usePage({ job, runs, now, chosen, isGone, problem, busy, acts }: ReturnType<typeof useJob>): {
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
  const rows = useRows(job.datasetId, asking === 'delete');
  const given = { job, now, busy, problem, onClose: () => setAsking(null), open: true };
  const close = (done: boolean) => done && setAsking(null);
  return {
    ask,
    problem: isGone ? (
      <Notice state="failed">This job was deleted. What stands here is how it was read last.</Notice>
    ) : (
      problem && !asking && <Notice state="failed">{problem}</Notice>
    ),
    dialogs: (
      <>
        {asking === 'window' && <AskWindow {...given} onRun={(start) => void acts.runWindow(start).then(close)} />}
        {asking === 'backfill' && (
          <AskBackfill {...given} onRun={(from, to) => void acts.backfill(from, to).then(close)} />
        )}
        {asking === 'drain' && <AskDrain {...given} onRun={() => void acts.drain().then(close)} />}
        {asking === 'delete' && <DeleteJob {...given} rows={rows} onDelete={(dataset) => void acts.remove(dataset)} />}
      </>
    ),
  };
}

/** How many rows the dataset has, asked when it is wanted; null before. */
function useRows(datasetId: string, isWanted: boolean): number | null {
  const [rows, setRows] = useState<number | null>(null);
  useEffect(() => {
    if (!isWanted) return;
    const gone = new AbortController();
    call<{ rows: number }>('GET', `/api/datasets/${datasetId}`, undefined, gone.signal).then(
      (answer) => answer.ok && setRows(answer.value.rows),
      () => undefined,
    );
    return () => gone.abort();
  }, [datasetId, isWanted]);
  return rows;
}
