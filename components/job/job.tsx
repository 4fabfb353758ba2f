import Link from 'next/link';
import type { JobView, RunView } from '#lib/job/view.ts';
import { scheduleWords } from '#lib/job/schedule.ts';
import { Fact, Facts } from '#components/parts/facts.tsx';
import { Mark, markOf } from '#components/parts/mark.tsx';
import { PageHead } from '#components/parts/section.tsx';
import { clock, count, day } from '#components/parts/words.ts';
import { CoverageSection } from './coverage.tsx';
import { RunsSection } from './runs.tsx';
import { engineWords, inTime, outputWords, windowName } from './words.ts';

interface Given {
  job: JobView;
  runs: RunView[];
  more: boolean;
  now: string;
  chosen: string | null;
  onChoose(runId: string): void;
}

/** A job on one page: is it fresh, what stands in each window, what ran. */
export function Job(given: Given) {
  const { job, now } = given;
  return (
    <>
      <PageHead title={job.name} clause={<Fresh job={job} />} />
      <Facts>
        <Fact label="Version" unit={`since ${day(job.createdAt, job.timeZone)}`}>
          <Link className="link" href={`/promotions/${job.promotionId}`}>
            {job.version}
          </Link>
        </Fact>
        <Fact label="Runs" unit={job.timeZone}>
          {scheduleWords(job.schedule)}
        </Fact>
        <Fact label="Next" unit={job.nextAt ? inTime(job.nextAt, now) : undefined}>
          {job.nextAt ? `${day(job.nextAt, job.timeZone)} ${clock(job.nextAt, job.timeZone)}` : 'paused'}
        </Fact>
        <Fact label="Output" unit={count(sum(job), 'row')}>
          <Link className="link mono" href={`/datasets/${job.datasetId}`}>
            {outputWords(job.spec)}
          </Link>
        </Fact>
        <Fact label="Engine">{engineWords(job.spec, job.connections)}</Fact>
        <Fact label="Owner">{job.owner.name}</Fact>
      </Facts>
      <CoverageSection {...given} />
      <RunsSection {...given} />
    </>
  );
}

/** The newest window that stands, and how the last run went. */
function Fresh({ job }: { job: JobView }) {
  const newest = job.coverage.findLast((entry) => entry.rows !== null);
  const last = job.lastRun;
  if (!last) return <>nothing ran yet</>;
  const name = (entry: { windowStart: string; windowEnd: string }) => windowName(entry, job.window, job.timeZone);
  const state =
    last.state === 'failed'
      ? `${name(last)} failed`
      : newest
        ? `${name(newest)} is the newest window`
        : `${name(last)} ${last.state}`;
  return (
    <span className="st">
      <Mark state={markOf(last.state)} label="" />
      {job.state === 'paused' ? `paused; ${state}` : state}
    </span>
  );
}

function sum(job: JobView): number {
  return job.coverage.reduce((rows, entry) => rows + (entry.rows ?? 0), 0);
}
