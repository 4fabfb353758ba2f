import Link from 'next/link';
import type { JobView, LiveView } from '#lib/job/view.ts';
import type { RealTime } from '#lib/job/spec.ts';
import { Fact, Facts } from '#components/parts/facts.tsx';
import { Mark } from '#components/parts/mark.tsx';
import { clock, day, whole } from '#components/parts/words.ts';
import { behindClock, liveWords, waitingWords, waitWords } from './live-words.ts';
import { outputWords, windowTimes } from './words.ts';

interface Given {
  job: JobView;
  live: LiveView;
  realtime: RealTime;
  /** A later version that someone is asked to decide about. */
  review: { id: string; version: number } | null;
  now: string;
}

/** Beside the name of the job: whether it lives. */
export function LiveHead({ job }: { job: JobView }) {
  const { mark, says } = liveWords(job);
  return (
    <span className="st">
      <Mark state={mark} label="" />
      {says}
    </span>
  );
}

/** The title block of a real-time job. */
export function LiveFacts({ job, live, realtime, review, now }: Given) {
  const { timeZone } = job;
  return (
    <Facts>
      <Fact label="Version" unit={live.next ? nextWords(job, live.next) : `since ${day(job.createdAt, timeZone)}`}>
        <Link className="link" href={`/promotions/${job.promotionId}`}>
          {job.version}
        </Link>
      </Fact>
      {review && (
        <Fact label="In review">
          <Link className="link" href={`/promotions/${review.id}`}>
            version {review.version}
          </Link>
        </Fact>
      )}
      <Fact label="Stream" unit={realtime.kind === 'windowless' ? 'each event' : undefined}>
        <Link className="link mono" href={`/streams/${live.stream.id}`}>
          {live.stream.name}
        </Link>
      </Fact>
      <Fact label="Behind" room={22} unit={live.position < live.end ? waitWords(live.lag) : undefined}>
        {waitingWords(live)}
      </Fact>
      {realtime.kind === 'tumbling' && (
        <Fact label="Watermark" room={26} unit={live.watermark ? behindClock(live.watermark, now) : undefined}>
          {live.watermark ? clock(live.watermark, timeZone, true) : 'none yet'}
        </Fact>
      )}
      <Fact label="Output" unit={`${whole(live.rowsOut)} rows written`}>
        <Link className="link mono" href={`/datasets/${job.datasetId}`}>
          {outputWords(job.spec)}
        </Link>
      </Fact>
      <Fact label="Owner">{job.owner.name}</Fact>
    </Facts>
  );
}

/** `version 3 from 14:05 on`. */
function nextWords({ window, timeZone }: JobView, { version, from }: NonNullable<LiveView['next']>): string {
  if (!from) return `version ${version} takes over at the next batch`;
  const [at] = windowTimes({ windowStart: from, windowEnd: from }, window, timeZone).split(' to ');
  return `version ${version} takes over at the window that starts ${at}`;
}
