import Link from 'next/link';
import type { RealTime } from '#lib/job/spec.ts';
import { span } from '#lib/job/realtime.ts';
import type { JobView, LiveView, NoticeView } from '#lib/job/view.ts';
import { windowWords } from '#lib/job/window.ts';
import { Mark, type MarkState } from '#components/parts/mark.tsx';
import { clock, count, day, when, whole } from '#components/parts/words.ts';
import { kindWords, lateWords, liveWords, startWords } from './live-words.ts';

interface Given {
  job: JobView;
  live: LiveView;
  realtime: RealTime;
}

/** In the panel: where the job runs and what it holds to. */
export function LiveWork({ job, live, realtime }: Given) {
  const { mark } = liveWords(job);
  const isTumbling = realtime.kind === 'tumbling';
  return (
    <div className="pbox">
      <h2>
        The job{' '}
        <span className="st">
          <Mark state={mark} label="" />
          {job.state}
        </span>
      </h2>
      <dl className="kv">
        <dt>On</dt>
        <dd>
          {live.node
            ? `${live.node}${live.since ? `, since ${clock(live.since, job.timeZone, true)}` : ''}`
            : 'no server now'}
        </dd>
        <dt>Answers for</dt>
        <dd>{isTumbling ? `${windowWords(job.window)}, ${job.timeZone}` : kindWords(realtime, '')}</dd>
        {isTumbling && (
          <>
            <dt>Waits</dt>
            <dd>
              {span(realtime.delay)}, {lateWords(realtime.late, job.target)}
            </dd>
          </>
        )}
        <dt>Began with</dt>
        <dd>{startWords(realtime.start, job.timeZone)}</dd>
        {live.slowest && (
          <>
            <dt>Held back by</dt>
            <dd>{live.slowest}</dd>
          </>
        )}
        <dt>Answered</dt>
        <dd>
          {count(live.eventsIn, 'event')}, up to number <span className="mono">{whole(live.position)}</span>
        </dd>
        {isTumbling && (
          <>
            <dt>Late</dt>
            <dd>
              {count(live.late, 'event')}
              {live.lateDataset && (
                <>
                  , kept in{' '}
                  <Link className="link mono" href={`/datasets/${live.lateDataset.id}`}>
                    {live.lateDataset.name}
                  </Link>
                </>
              )}
            </dd>
          </>
        )}
        {!isTumbling && live.lateDataset && (
          <>
            <dt>Left out, as the query fails for them</dt>
            <dd>
              <Link className="link mono" href={`/datasets/${live.lateDataset.id}`}>
                {live.lateDataset.name}
              </Link>
            </dd>
          </>
        )}
        <dt>Dead letters</dt>
        <dd>
          <Link className="link" href={`/streams/${live.stream.id}`}>
            {whole(live.deadLetters)} in the stream
          </Link>
        </dd>
      </dl>
    </div>
  );
}

const marks: Record<NoticeView['kind'], MarkState> = {
  restart: 'good',
  drift: 'failed',
  lost: 'failed',
  gap: 'warned',
  stuck: 'warned',
  version: 'good',
  drained: 'good',
  failed: 'failed',
};

/** In the panel: restarts and what else people should know, the latest first. */
export function Notices({ notices, zone, now }: { notices: NoticeView[]; zone: string; now: string }) {
  return (
    <div className="pbox">
      <h2>
        What happened <span>{notices.length ? `the last ${notices.length}` : ''}</span>
      </h2>
      {notices.length === 0 && <p className="mut">No restart, no gap, nothing lost.</p>}
      <ul className="log-l">
        {notices.map(({ id, at, kind, text }) => (
          <li key={id}>
            <time dateTime={at} title={`${day(at, zone)} ${clock(at, zone, true)}`}>
              {when(at, now, zone)}
            </time>
            <span>
              <Mark state={marks[kind]} label={kind} /> {text}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
