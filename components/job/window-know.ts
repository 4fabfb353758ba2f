import type { JobView, LiveView } from '#lib/job/view.ts';
import { clock, count, whole } from '#components/parts/words.ts';
import type { WindowLine } from './windows.ts';

/** What to know of a window, in a sentence; '' where nothing is out of the ordinary. */
export function windowKnow(
  line: WindowLine,
  job: Pick<JobView, 'timeZone' | 'spec' | 'target'>,
  live: LiveView,
): string {
  const { realtime } = job.spec;
  const time = (at: string) => clock(at, job.timeZone, true);
  if (line.state === 'open') return `provisional until the watermark passes ${time(line.windowEnd)}`;
  const isHour = realtime?.kind === 'windowless' && line.state === 'running' && line.cause === 'stream';
  const said = [
    isHour ? 'rows are there as they come; the hour is counted until it is over' : '',
    line.error,
    line.isCorrected && line.before ? beforeWords(line, time) : '',
    line.late ? lateWords(line, realtime?.late.do, live.lateDataset?.name ?? `${job.target}_late`) : '',
  ];
  return said.filter(Boolean).join('; ');
}

function beforeWords({ before, cause, rows }: WindowLine, time: (at: string) => string): string {
  const was = before!.rows === rows || before!.rows === null ? 'published before' : `was ${count(before!.rows, 'row')}`;
  const at = before!.at ? ` at ${time(before!.at)}` : '';
  const why = { late: '', stream: '; answered again' }[cause as 'late'] ?? '; run again by hand';
  return `${was}${at}${why}`;
}

function lateWords(
  { late, cause }: WindowLine,
  policy: 'drop' | 'keep' | 'correct' | undefined,
  table: string,
): string {
  const came = `${whole(late!)} came late`;
  if (policy === 'keep') return `${came} and lie in ${table}`;
  if (policy === 'correct') return cause === 'stream' ? `${came}, too late to correct it` : came;
  return `${came} and are left out`;
}
