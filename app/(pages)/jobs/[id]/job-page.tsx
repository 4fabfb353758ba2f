'use client';
import { Frame } from '#components/frame/frame.tsx';
import { crumbsIn } from '#components/frame/places.ts';
import { Job } from '#components/job/job.tsx';
import { RunPanel } from '#components/job/run-panel.tsx';
import { Mark } from '#components/parts/mark.tsx';
import { count } from '#components/parts/words.ts';
import { Acts } from './acts.tsx';
import { useJob, type JobState } from './use-job.ts';
import { usePage, type JobPageGiven } from './use-page.tsx';

/** A job by the clock. */
export function OfflineJobPage({ frame, first }: JobPageGiven) {
  const state = useJob(first);
  const { job, runs, now, run, chosen, busy, acts } = state;
  const page = usePage(state);
  return (
    <Frame
      {...frame}
      crumbs={crumbsIn(frame.project, 'jobs', job.name)}
      acts={<Acts job={job} busy={busy} onPause={acts.pause} onAsk={page.ask} />}
      panel={<RunPanel job={job} run={run} now={now} busy={busy} onAgain={acts.again} onCancel={acts.cancel} />}
      panelLabel="Run"
      status={<Status runs={runs.items} />}
    >
      {page.problem}
      <Job job={job} runs={runs.items} more={runs.next !== null} now={now} chosen={chosen} onChoose={acts.choose} />
      {page.dialogs}
    </Frame>
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
