'use client';
import { useRouter } from 'next/navigation';
import { useEffect, useState, type ReactNode } from 'react';
import { JobOnStream } from '#components/job/job-on-stream.tsx';
import { Select } from '#components/parts/field.tsx';
import { Section } from '#components/parts/section.tsx';
import { runsRead } from '#app/(pages)/jobs/[id]/runs-read.ts';
import { useRealTime, type RealTimeState } from '#app/(pages)/jobs/[id]/use-real-time.ts';
import { listRuns, readJob } from '#lib/client/api/jobs.ts';
import { call } from '#lib/client/call.ts';
import type { StreamReader } from '#lib/stream/view.ts';
import { shownFirst } from './shown-first.ts';

interface Given {
  readers: readonly StreamReader[];
  /** The one that was read with the page. */
  first: RealTimeState | null;
  zone: string;
}

/** The job on a stream; of several the one that is chosen. */
export function StreamJob({ readers, first, zone }: Given) {
  const [asked, setAsked] = useState<string | null>(null);
  const shown = readers.find(({ jobId }) => jobId === asked) ?? shownFirst(readers);
  const state = useFirst(shown?.jobId ?? null, first);
  if (!shown) return null;
  const others = readers.filter(({ jobId }) => jobId !== shown.jobId);
  const choice = others.length > 0 && <Choice others={others} onChoose={setAsked} />;
  if (!state)
    return (
      <Section title={<span className="mono">{shown.name}</span>} clause="job on this stream" right={choice}>
        <p className="job-wait mut">Its windows are being read.</p>
      </Section>
    );
  return <Shown key={shown.jobId} state={state} zone={zone} choice={choice} />;
}

function Shown({ state, zone, choice }: { state: RealTimeState; zone: string; choice: ReactNode }) {
  const router = useRouter();
  const { job, live, lines, drawn, now } = useRealTime(state);
  if (!live) return null;
  return (
    <JobOnStream
      job={job}
      live={live}
      realtime={state.spec}
      lines={lines}
      drawn={drawn}
      now={now}
      zone={zone}
      choice={choice}
      onChoose={(runId) => router.push(`/jobs/${job.id}?run=${runId}`)}
    />
  );
}

interface ChoiceGiven {
  others: readonly StreamReader[];
  onChoose(jobId: string): void;
}

function Choice({ others, onChoose }: ChoiceGiven) {
  return (
    <label>
      <span className="vh">Another job on this stream</span>
      <Select value="" onChange={(event) => onChoose(event.target.value)}>
        <option value="" disabled>
          Another job
        </option>
        {others.map(({ jobId, name }) => (
          <option key={jobId} value={jobId}>
            {name}
          </option>
        ))}
      </Select>
    </label>
  );
}

/** What is shown of a job at first; asked for where it did not come with the page, null meanwhile. */
function useFirst(jobId: string | null, given: RealTimeState | null): RealTimeState | null {
  const [read, setRead] = useState<RealTimeState | null>(null);
  const known = [given, read].find((each) => each?.first.job.id === jobId) ?? null;
  const isMissing = jobId !== null && known === null;
  useEffect(() => {
    if (!isMissing) return;
    let isOver = false;
    void readFirst(jobId).then((state) => {
      if (!isOver) setRead(state);
    });
    return () => {
      isOver = true;
    };
  }, [isMissing, jobId]);
  return known;
}

async function readFirst(jobId: string): Promise<RealTimeState | null> {
  const [job, runs] = await Promise.all([readJob(jobId), listRuns(jobId, runsRead.realtime)]);
  if (!job.ok || !runs.ok || !job.value.spec.realtime) return null;
  const dataset = await call<{ columns: RealTimeState['columns'] }>('GET', `/api/datasets/${job.value.datasetId}`);
  return {
    first: { job: job.value, runs: runs.value, run: null, now: new Date().toISOString() },
    spec: job.value.spec.realtime,
    columns: dataset.ok ? dataset.value.columns : [],
  };
}
