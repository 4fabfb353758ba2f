import { PageHead, Section } from '#components/parts/section.tsx';
import { CoverageSection } from './coverage.tsx';
import { JobTrouble } from './job-trouble.tsx';
import { LiveCharts } from './live-charts.tsx';
import { LiveFacts, LiveHead } from './live-facts.tsx';
import { LiveWindows, type LiveWindowsGiven } from './live-windows.tsx';
import { eachWords } from './words.ts';

interface Given extends LiveWindowsGiven {
  /** It was deleted: what stands here is how it was. */
  isGone: boolean;
  review: { id: string; version: number } | null;
}

/** A real-time job on one page: does it live, how far is it, what stands in each window. */
export function RealTimeJob({ review, isGone, ...given }: Given) {
  const { job, live, realtime, now, chosen, onChoose } = given;
  return (
    <>
      <PageHead title={job.name} clause={isGone ? 'deleted' : <LiveHead job={job} />} />
      {!isGone && <JobTrouble live={live} />}
      <LiveFacts job={job} live={live} realtime={realtime} review={review} now={now} />
      <LiveCharts live={live} hasLate={realtime.kind === 'tumbling'} now={now} zone={job.timeZone} />
      <Section title="Windows" clause={eachWords(job.spec)}>
        <LiveWindows {...given} most={shownLines} />
      </Section>
      <CoverageSection job={job} chosen={chosen} onChoose={onChoose} />
    </>
  );
}

/** Lines of the table; what is older stands in the coverage. */
const shownLines = 12;
