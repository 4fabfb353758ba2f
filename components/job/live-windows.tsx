import type { RealTime } from '#lib/job/spec.ts';
import type { JobView, LiveView } from '#lib/job/view.ts';
import { lateSentence } from './live-words.ts';
import type { Measure } from './measures.ts';
import { WindowBars, type WindowBar } from './window-bars.tsx';
import { WindowsTable } from './windows-table.tsx';
import type { WindowLine } from './windows.ts';

export interface Drawn {
  bars: WindowBar[];
  measure: string;
  measures: Measure[];
  onMeasure(value: string): void;
}

export interface LiveWindowsGiven {
  job: JobView;
  live: LiveView;
  realtime: RealTime;
  lines: WindowLine[];
  drawn: Drawn;
  now: string;
  /** The run that is shown beside it. */
  chosen: string | null;
  onChoose(runId: string): void;
}

/** The latest windows, drawn and as a table of at most `most` lines; what late events do to them. */
export function LiveWindows(given: LiveWindowsGiven & { most: number }) {
  const { job, live, realtime, lines, drawn, now, chosen, most, onChoose } = given;
  const isTumbling = realtime.kind === 'tumbling';
  return (
    <>
      {lines.length === 0 && <p className="mut">{nothingYet(job, live, isTumbling)}</p>}
      {isTumbling && lines.length > 0 && (
        <WindowBars {...drawn} job={job} watermark={live.watermark} chosen={chosen} onChoose={onChoose} />
      )}
      {lines.length > 0 && (
        <WindowsTable
          job={job}
          live={live}
          lines={lines.slice(0, most)}
          now={now}
          chosen={chosen}
          onChoose={onChoose}
        />
      )}
      {isTumbling && <p className="mut under">{lateSentence(realtime.late, job.target)}</p>}
    </>
  );
}

function nothingYet({ state }: JobView, live: LiveView, isTumbling: boolean): string {
  if (state === 'paused') return 'Nothing was published yet, and the job is paused.';
  if (live.end === 0) return `No event has come to ${live.stream.name} yet.`;
  return isTumbling
    ? 'No window is over yet: the first is published when the watermark has passed its end.'
    : 'No event has come since the job began.';
}
