'use client';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useCommands, type Command } from '#components/frame/commands.ts';
import type { BackfillView, JobView, RunDetail, RunView } from '#lib/job/view.ts';
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
  const { id } = first.job;
  const look = useCallback(async () => {
    const [job, runs, detail] = await Promise.all([
      call<JobView>('GET', `/api/jobs/${id}`),
      call<JobState['runs']>('GET', `/api/jobs/${id}/runs?limit=30`),
      chosen ? call<RunDetail>('GET', `/api/runs/${chosen}`) : null,
    ]);
    const run = detail?.ok ? detail.value : null;
    if (job.ok && runs.ok) setState({ job: job.value, runs: runs.value, run, now: new Date().toISOString() });
  }, [id, chosen]);
  const isBusy = state.runs.items.some((each) => each.state === 'queued' || each.state === 'running');
  useEffect(() => {
    const first = setTimeout(() => void look(), 0);
    const timer = isBusy ? setInterval(() => void look(), everyMs) : undefined;
    return () => {
      clearTimeout(first);
      clearInterval(timer);
    };
  }, [isBusy, look]);
  return { ...state, chosen, ...useJobActs(state.job, state.run, choose, look) };
}

function useJobActs(job: JobView, run: RunDetail | null, choose: (id: string) => void, look: () => Promise<void>) {
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
    pause: () => void change(call('POST', `/api/jobs/${job.id}/${job.state === 'active' ? 'pause' : 'resume'}`)),
    again: () => void (run && runWindow(run.windowStart)),
    cancel: () => void (run && change(call('POST', `/api/runs/${run.id}/cancel`))),
  };
  return { busy, problem, acts };
}

interface Keys {
  runs: RunView[];
  chosen: string | null;
  choose(id: string): void;
  ask: (() => void) | null;
}

/** R asks for a window; ↑ and ↓ walk through the runs. */
export function useRunKeys({ runs, chosen, choose, ask }: Keys): void {
  const commands = useMemo<Command[]>(() => {
    const walk = (by: 1 | -1) => () => {
      const next = runs[runs.findIndex((run) => run.id === chosen) + by];
      if (next) choose(next.id);
    };
    const step = (label: string, keys: string, by: 1 | -1): Command => ({
      id: `run-${keys}`,
      group: 'Do',
      label,
      keys,
      bound: true,
      run: walk(by),
    });
    const both = [step('Next older run', 'down', 1), step('Next newer run', 'up', -1)];
    return ask
      ? [
          { id: 'run-window', group: 'Do', label: 'Run a window', icon: 'play', keys: 'r', bound: true, run: ask },
          ...both,
        ]
      : both;
  }, [runs, chosen, choose, ask]);
  useCommands(commands);
}
