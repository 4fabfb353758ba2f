import type { RealTime } from '#lib/job/spec.ts';
import type { JobView, LiveView } from '#lib/job/view.ts';
import { Notice } from '#components/parts/notice.tsx';
import { PageHead, Section } from '#components/parts/section.tsx';
import { CoverageSection } from './coverage.tsx';
import { LiveCharts } from './live-charts.tsx';
import { LiveFacts, LiveHead } from './live-facts.tsx';
import { lateSentence, troubleAdvice } from './live-words.ts';
import type { Measure } from './measures.ts';
import { WindowBars, type WindowBar } from './window-bars.tsx';
import { WindowsTable } from './windows-table.tsx';
import type { WindowLine } from './windows.ts';
import { eachWords } from './words.ts';

export interface Drawn {
  bars: WindowBar[];
  measure: string;
  measures: Measure[];
  onMeasure(value: string): void;
}

interface Given {
  job: JobView;
  live: LiveView;
  realtime: RealTime;
  lines: WindowLine[];
  drawn: Drawn;
  review: { id: string; version: number } | null;
  now: string;
  chosen: string | null;
  onChoose(runId: string): void;
}

/** A real-time job on one page: does it live, how far is it, what stands in each window. */
export function RealTimeJob(given: Given) {
  const { job, live, realtime, lines, drawn, review, now, chosen, onChoose } = given;
  const isTumbling = realtime.kind === 'tumbling';
  return (
    <>
      <PageHead title={job.name} clause={<LiveHead job={job} />} />
      {live.trouble && (
        <Notice state={live.node ? 'warned' : 'failed'}>
          {live.trouble.message} {troubleAdvice(live.trouble.code)}
        </Notice>
      )}
      <LiveFacts job={job} live={live} realtime={realtime} review={review} now={now} />
      <LiveCharts live={live} hasLate={isTumbling} now={now} zone={job.timeZone} />
      <Section title="Windows" clause={eachWords(job.spec)}>
        {lines.length === 0 && <p className="mut">{nothingYet(job, live, isTumbling)}</p>}
        {isTumbling && lines.length > 0 && (
          <WindowBars
            job={job}
            bars={drawn.bars}
            watermark={live.watermark}
            measure={drawn.measure}
            measures={drawn.measures}
            chosen={chosen}
            onMeasure={drawn.onMeasure}
            onChoose={onChoose}
          />
        )}
        {lines.length > 0 && (
          <WindowsTable
            job={job}
            live={live}
            lines={lines.slice(0, shownLines)}
            now={now}
            chosen={chosen}
            onChoose={onChoose}
          />
        )}
        {isTumbling && <p className="mut under">{lateSentence(realtime.late, job.target)}</p>}
      </Section>
      <CoverageSection job={job} chosen={chosen} onChoose={onChoose} />
    </>
  );
}

/** Lines of the table; what is older stands in the coverage. */
const shownLines = 12;

function nothingYet({ state }: JobView, live: LiveView, isTumbling: boolean): string {
  if (state === 'paused') return 'Nothing was published yet, and the job is paused.';
  if (live.end === 0) return `No event has come to ${live.stream.name} yet.`;
  return isTumbling
    ? 'No window is over yet: the first is published when the watermark has passed its end.'
    : 'No event has come since the job began.';
}
