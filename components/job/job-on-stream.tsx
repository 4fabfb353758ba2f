import Link from 'next/link';
import type { ReactNode } from 'react';
import type { JobView } from '#lib/job/view.ts';
import { Section } from '#components/parts/section.tsx';
import { JobTrouble } from './job-trouble.tsx';
import { LiveHead } from './live-facts.tsx';
import { LiveWindows, type LiveWindowsGiven } from './live-windows.tsx';
import { eachWords } from './words.ts';

interface Given extends Omit<LiveWindowsGiven, 'chosen'> {
  /** In which the rest of the page tells times. */
  zone: string;
  /** Chooses another job, where there are several. */
  choice: ReactNode;
}

const shownLines = 5;

/** On a stream's page: a job that answers for its events, how it stands and its latest windows. */
export function JobOnStream({ zone, choice, ...given }: Given) {
  const { job, live } = given;
  return (
    <Section
      title={
        <Link className="rowlink mono" href={`/jobs/${job.id}`}>
          {job.name}
        </Link>
      }
      clause={clauseOf(job, zone)}
      right={
        <>
          {choice}
          <Link className="link" href={`/jobs/${job.id}`}>
            Coverage and runs
          </Link>
        </>
      }
    >
      <JobTrouble live={live} />
      <p className="job-state">
        <LiveHead job={job} />
      </p>
      <LiveWindows {...given} chosen={null} most={shownLines} />
    </Section>
  );
}

/** `job on this stream, one a minute, version 3 by Tomas`. */
function clauseOf({ spec, version, owner, timeZone }: JobView, zone: string): string {
  const times = timeZone === zone ? '' : `; times in ${timeZone}`;
  return `job on this stream, ${eachWords(spec)}, version ${version} by ${owner.name}${times}`;
}
