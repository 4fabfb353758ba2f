'use client';
import { windowLines } from '#components/job/windows.ts';
import type { RealTime } from '#lib/job/spec.ts';
import { useJob, type JobState } from './use-job.ts';
import { useLive } from './use-live.ts';
import { useColumns, useMeasure, type OutputColumn } from './use-measure.ts';

export interface RealTimeState {
  first: JobState;
  spec: RealTime;
  /** Of the output; empty before the first window is published. */
  columns: OutputColumn[];
}

/** A real-time job as it moves: itself, its runs, how it stands in its stream, its windows and what is drawn of them. */
export function useRealTime({ first, spec, columns }: RealTimeState) {
  const state = useJob(first);
  const { runs, look, lookAtRuns } = state;
  const { live, provisional, line, now } = useLive(
    { job: state.job, isGone: state.isGone, first: first.now },
    { onCommit: lookAtRuns, onTurn: look },
  );
  const job = { ...state.job, live };
  const lines = windowLines(runs.items, live, provisional, spec.delay);
  const drawn = useMeasure({ job, lines, provisional, columns: useColumns(columns, job) });
  return { ...state, job, live, provisional, line, now, lines, drawn };
}
