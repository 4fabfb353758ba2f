'use client';
import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useState } from 'react';
import { withRuns } from '#components/job/merge.ts';
import { deleteJob, listRuns, readJob, readRun, type DatasetFate } from '#lib/client/api/jobs.ts';
import type { BackfillView, JobView, RunDetail, RunView } from '#lib/job/view.ts';
import { runsRead } from './runs-read.ts';
import { call, type Answer } from '#lib/client/call.ts';

export interface JobState {
  job: JobView;
  runs: { items: RunView[]; next: string | null };
  /** The one the panel shows. */
  run: RunDetail | null;
  now: string;
}

const everyMs = 1000;

/** The job as it is now: read again each second while something runs, and after each act. */
export function useJob(first: JobState) {
  const [state, setState] = useState(first);
  const [chosen, choose] = useState<string | null>(first.run?.id ?? null);
  const [isGone, setGone] = useState(false);
  const { id, kind } = first.job;
  const look = useCallback(async () => {
    const [job, runs, detail] = await Promise.all([
      readJob(id),
      listRuns(id, runsRead[kind]),
      chosen ? readRun(chosen) : null,
    ]);
    const run = detail?.ok ? detail.value : null;
    if (!job.ok && job.problem.status === 404) setGone(true);
    if (job.ok && runs.ok) setState({ job: job.value, runs: runs.value, run, now: new Date().toISOString() });
  }, [id, kind, chosen]);
  /** The runs alone, and what they say of the coverage: a job of small windows has a long one. */
  const lookAtRuns = useCallback(async () => {
    const [runs, detail] = await Promise.all([listRuns(id, runsRead[kind]), chosen ? readRun(chosen) : null]);
    if (!runs.ok) return;
    setState((before) => {
      const coverage = withRuns(before.job.coverage, runs.value.items);
      const run = detail?.ok ? detail.value : null;
      return { job: { ...before.job, coverage }, runs: runs.value, run, now: new Date().toISOString() };
    });
  }, [id, kind, chosen]);
  const isBusy =
    !isGone && state.runs.items.some((run) => isOpen(run) && !(kind === 'realtime' && run.cause === 'stream'));
  useEffect(() => {
    const first = setTimeout(() => void look(), 0);
    const timer = isBusy ? setInterval(() => void look(), everyMs) : undefined;
    return () => {
      clearTimeout(first);
      clearInterval(timer);
    };
  }, [isBusy, look]);
  const job = isGone ? { ...state.job, rights: { run: false, manage: false } } : state.job;
  return { ...state, job, isGone, chosen, look, lookAtRuns, ...useJobActs(state.job, state.run, choose, look) };
}

function isOpen(run: RunView): boolean {
  return run.state === 'queued' || run.state === 'running';
}

function useJobActs(job: JobView, run: RunDetail | null, choose: (id: string) => void, look: () => Promise<void>) {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const change = async <T>(work: Promise<Answer<T>>): Promise<T | null> => {
    setBusy(true);
    const answer = await work;
    setProblem(answer.ok ? null : answer.problem.detail);
    await look();
    setBusy(false);
    return answer.ok ? answer.value : null;
  };
  const runWindow = async (windowStart: string) => {
    const made = await change(call<RunView>('POST', `/api/jobs/${job.id}/runs`, { windowStart }));
    if (made) choose(made.id);
    return made !== null;
  };
  const acts = {
    choose,
    forget: () => setProblem(null),
    runWindow,
    backfill: async (from: string, to: string) => {
      const made = await change(call<BackfillView>('POST', `/api/jobs/${job.id}/backfills`, { from, to }));
      if (made?.runs[0]) choose(made.runs[0].id);
      return made !== null;
    },
    pause: () => void change(call('POST', `/api/jobs/${job.id}/${job.state === 'paused' ? 'resume' : 'pause'}`)),
    drain: async () => (await change(call('POST', `/api/jobs/${job.id}/drain`))) !== null,
    remove: async (dataset: DatasetFate) => {
      setBusy(true);
      const answer = await deleteJob(job.id, dataset);
      if (answer.ok) return router.push(`/projects/${job.projectId}/jobs`);
      setProblem(answer.problem.detail);
      setBusy(false);
    },
    again: () => void (run && runWindow(run.windowStart)),
    cancel: () => void (run && change(call('POST', `/api/runs/${run.id}/cancel`))),
  };
  return { busy, problem, acts };
}
