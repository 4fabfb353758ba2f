import { span } from '#lib/job/realtime.ts';
import type { JobView, LiveView, Provisional } from '#lib/job/view.ts';
import { clock, count, whole } from '#components/parts/words.ts';
import { windowTimes } from './words.ts';

interface Given {
  job: JobView;
  live: Pick<LiveView, 'open' | 'watermark'>;
  /** What it would answer now; null while that is not known. */
  provisional: Provisional | null;
  /** The drawn number so far, where it is of a column. */
  soFar: { text: string; label: string } | null;
  /** Seconds a window waits for stragglers. */
  waits: number;
}

/** In the panel: what the open window would answer now, and when it closes. Its place is kept while none is open. */
export function OpenWindow({ job, live, provisional, soFar, waits }: Given) {
  const window = provisional ?? live.open.at(-1);
  if (!window)
    return (
      <div className="pbox open-box">
        <h2>No window is open</h2>
        <p className="mut">The next event opens one. What it would answer stands here until it closes.</p>
      </div>
    );
  const { windowStart, windowEnd, events } = window;
  const [start, end] = [Date.parse(windowStart), Date.parse(windowEnd)];
  const watermark = Date.parse(provisional?.watermark ?? live.watermark ?? windowStart);
  const passed = Math.min(end - start, Math.max(0, watermark - start)) / 1000;
  const closes = new Date(end + waits * 1000);
  return (
    <div className="pbox open-box">
      <h2>
        {windowTimes(window, job.window, job.timeZone)}, open <span>provisional</span>
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
        {count(events, 'event')}
        {provisional
          ? `, ${whole(provisional.rows.length)}${provisional.complete ? '' : ' and more'} rows so far`
          : '; its rows are being counted'}
      </p>
    </div>
  );
}
