import { span } from '#lib/job/realtime.ts';
import type { JobView, Provisional } from '#lib/job/view.ts';
import { clock, whole } from '#components/parts/words.ts';
import { windowTimes } from './words.ts';

interface Given {
  job: JobView;
  provisional: Provisional;
  /** The drawn number so far, where it is of a column. */
  soFar: { text: string; label: string } | null;
  /** Seconds a window waits for stragglers. */
  waits: number;
}

/** In the panel: what the open window would answer now, and when it closes. */
export function OpenWindow({ job, provisional, soFar, waits }: Given) {
  const { windowStart, windowEnd, watermark, events, rows, complete } = provisional;
  const [start, end] = [Date.parse(windowStart), Date.parse(windowEnd)];
  const passed = Math.min(end - start, Math.max(0, Date.parse(watermark ?? windowStart) - start)) / 1000;
  const closes = new Date(end + waits * 1000);
  return (
    <div className="pbox">
      <h2>
        {windowTimes(provisional, job.window, job.timeZone)}, open <span>provisional</span>
      </h2>
      <p className="so-far">
        {soFar?.text ?? whole(events)} <span className="mut">{soFar?.label ?? 'events'} so far</span>
      </p>
      <div className="meter">
        <i style={{ width: `${((passed * 1000) / (end - start)) * 100}%` }} />
      </div>
      <p className="mut">
        {Math.floor(passed)} of {span((end - start) / 1000)} behind the watermark; it closes when events of{' '}
        {clock(closes, job.timeZone, true)} have come
      </p>
      <p className="mut">
        {whole(events)} events, {whole(rows.length)}
        {complete ? '' : ' and more'} rows so far
      </p>
    </div>
  );
}
