'use client';
import { useState } from 'react';
import { Frame, type FrameGiven } from '#components/frame/frame.tsx';
import { AskBackfill, AskWindow } from '#components/job/ask.tsx';
import { Job } from '#components/job/job.tsx';
import { RunPanel } from '#components/job/run-panel.tsx';
import { Button } from '#components/parts/button.tsx';
import { Mark } from '#components/parts/mark.tsx';
import { Notice } from '#components/parts/notice.tsx';
import { count } from '#components/parts/words.ts';
import { useJob, useRunKeys, type JobState } from './use-job.ts';

interface Given {
  frame: Pick<FrameGiven, 'me' | 'at' | 'waiting'> & { project: { id: string; name: string }; zone: string };
  first: JobState;
}

export function JobPage({ frame, first }: Given) {
  const { job, runs, now, run, chosen, problem, busy, acts } = useJob(first);
  const [asking, setAsking] = useState<'window' | 'backfill' | null>(null);
  const ask = (what: 'window' | 'backfill') => {
    acts.forget();
    setAsking(what);
  };
  useRunKeys({ runs: runs.items, chosen, choose: acts.choose, ask: job.rights.run ? () => ask('window') : null });
  const { project } = frame;
  const crumbs = [
    { label: project.name, href: `/projects/${project.id}` },
    { label: 'Jobs', href: `/projects/${project.id}/jobs` },
    { label: job.name },
  ];
  const asked = { job, now, busy, problem, onClose: () => setAsking(null) };
  const close = (done: boolean) => done && setAsking(null);
  return (
    <Frame
      {...frame}
      crumbs={crumbs}
      acts={<Acts job={job} busy={busy} onPause={acts.pause} onAsk={ask} />}
      panel={<RunPanel job={job} run={run} now={now} busy={busy} onAgain={acts.again} onCancel={acts.cancel} />}
      panelLabel="Run"
      status={<Status runs={runs.items} />}
    >
      {problem && !asking && <Notice state="failed">{problem}</Notice>}
      <Job job={job} runs={runs.items} more={runs.next !== null} now={now} chosen={chosen} onChoose={acts.choose} />
      {asking === 'window' && <AskWindow {...asked} open onRun={(start) => void acts.runWindow(start).then(close)} />}
      {asking === 'backfill' && (
        <AskBackfill {...asked} open onRun={(from, to) => void acts.backfill(from, to).then(close)} />
      )}
    </Frame>
  );
}

interface ActsGiven {
  job: JobState['job'];
  busy: boolean;
  onPause(): void;
  onAsk(what: 'window' | 'backfill'): void;
}

function Acts({ job, busy, onPause, onAsk }: ActsGiven) {
  return (
    <>
      {job.rights.run && (
        <Button kind="bare" size="small" icon="calendar" tight disabled={busy} onClick={() => onAsk('backfill')}>
          Backfill
        </Button>
      )}
      {job.rights.manage && (
        <Button size="small" icon={job.state === 'active' ? 'pause' : 'play'} tight disabled={busy} onClick={onPause}>
          {job.state === 'active' ? 'Pause' : 'Resume'}
        </Button>
      )}
      {job.rights.run && (
        <Button kind="main" size="small" icon="play" keys="r" disabled={busy} onClick={() => onAsk('window')}>
          Run a window
        </Button>
      )}
    </>
  );
}

function Status({ runs }: { runs: JobState['runs']['items'] }) {
  const running = runs.filter((run) => run.state === 'running').length;
  const queued = runs.filter((run) => run.state === 'queued').length;
  if (running + queued === 0) return <span>Nothing runs</span>;
  return (
    <span>
      <Mark state="running" label="" />
      {count(running, 'window')} running, {queued} waiting
    </span>
  );
}
