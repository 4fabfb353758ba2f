'use client';
import { Frame } from '#components/frame/frame.tsx';
import { crumbsIn } from '#components/frame/places.ts';
import { LiveMark } from '#components/dataset/live-mark.tsx';
import { LiveWork, Notices } from '#components/job/live-panel.tsx';
import { waitWords } from '#components/job/live-words.ts';
import { columnOf } from '#components/job/measures.ts';
import { OpenWindow } from '#components/job/open-window.tsx';
import { RealTimeJob } from '#components/job/real-time-job.tsx';
import { RunPanel } from '#components/job/run-panel.tsx';
import { Acts } from './acts.tsx';
import { usePage, type JobPageGiven } from './use-page.tsx';
import { useRealTime, type RealTimeState } from './use-real-time.ts';

/** What a page of a real-time job is given beyond the job. */
export interface RealTimeFirst extends Omit<RealTimeState, 'first'> {
  review: { id: string; version: number } | null;
}

/** A real-time job, as it moves. */
export function RealTimeJobPage({ frame, first, spec, columns, review }: JobPageGiven & RealTimeFirst) {
  const state = useRealTime({ first, spec, columns });
  const { job, isGone, run, live, provisional, line, lines, drawn, now, chosen, busy, acts } = state;
  const page = usePage(state);
  if (!live) return null;
  const open = drawn.bars.find((bar) => bar.isOpen && bar.windowStart === provisional?.windowStart);
  const column = columnOf(drawn.measure);
  return (
    <Frame
      {...frame}
      crumbs={crumbsIn(frame.project, 'jobs', job.name)}
      acts={<Acts job={job} busy={busy} onPause={acts.pause} onAsk={page.ask} />}
      panel={
        <>
          {run && <RunPanel job={job} run={run} now={now} busy={busy} onAgain={acts.again} onCancel={acts.cancel} />}
          {spec.kind === 'tumbling' && !isGone && (
            <OpenWindow
              job={job}
              live={live}
              provisional={provisional}
              waits={spec.delay}
              soFar={column && open && open.value !== null ? { text: open.text, label: column } : null}
            />
          )}
          {!isGone && <LiveWork job={job} live={live} realtime={spec} />}
          <Notices notices={live.notices} zone={job.timeZone} now={now} />
        </>
      }
      panelLabel="About the job"
      status={
        isGone ? null : (
          <>
            <LiveMark line={line} />
            <span className="wide">
              {live.stream.name}, {waitWords(live.lag)} behind
            </span>
          </>
        )
      }
    >
      {page.problem}
      <RealTimeJob
        job={job}
        isGone={isGone}
        live={live}
        realtime={spec}
        lines={lines}
        drawn={drawn}
        review={review}
        now={now}
        chosen={chosen}
        onChoose={acts.choose}
      />
      {page.dialogs}
    </Frame>
  );
}
