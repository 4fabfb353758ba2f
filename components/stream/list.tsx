import Link from 'next/link';
import type { StreamView } from '#lib/client/api/streams.ts';
import { Empty } from '#components/parts/empty.tsx';
import { Kbd } from '#components/parts/kbd.tsx';
import { Mark, type MarkState } from '#components/parts/mark.tsx';
import { DataTable } from '#components/parts/table.tsx';
import { clock, date, whole } from '#components/parts/words.ts';
import { keptWords, rateWords, sizeWords, standingOf, type Standing } from './words.ts';

interface Given {
  streams: StreamView[];
  now: string;
  zone: string;
}

export const standingMarks: Record<Standing, MarkState> = {
  trouble: 'failed',
  empty: 'idle',
  idle: 'idle',
  live: 'running',
};

const standingWords: Record<Standing, string> = { trouble: 'in trouble', empty: 'empty', idle: 'quiet', live: 'live' };

/** The streams of a project: how fast events come, the newest, what is kept and what was refused. */
export function StreamTable({ streams, now, zone }: Given) {
  const head = (
    <>
      <th>stream</th>
      <th>state</th>
      <th className="num">events a second</th>
      <th className="num wide">newest event</th>
      <th className="num wide">events kept</th>
      <th className="num wide">size</th>
      <th className="wide">for</th>
      <th className="num">dead letters</th>
    </>
  );
  return (
    <DataTable label="Streams" head={head}>
      {streams.map((stream) => (
        <tr key={stream.id}>
          <td>
            <Link className="rowlink mono" href={`/streams/${stream.id}`}>
              {stream.name}
            </Link>
          </td>
          <td>
            <span className="st" title={stream.trouble ?? undefined}>
              <Mark state={standingMarks[standingOf(stream)]} progress={0.88} label="" />
              {standingWords[standingOf(stream)]}
            </span>
          </td>
          <td className="num">{rateWords(stream.rate)}</td>
          <td className="num sec wide">{stream.lastEventAt ? instant(stream.lastEventAt, now, zone) : 'none yet'}</td>
          <td className="num wide">{whole(stream.events)}</td>
          <td className="num wide sec">{sizeWords(stream.bytes)}</td>
          <td className="wide sec">{keptWords(stream.retention)}</td>
          <td className={stream.deadLetters > 0 ? 'num st-fail' : 'num sec'}>{whole(stream.deadLetters)}</td>
        </tr>
      ))}
    </DataTable>
  );
}

/** `14:02:11` today, the day before it otherwise. */
export function instant(at: string, now: string, zone: string): string {
  const time = clock(at, zone, true);
  return date(at, zone) === date(now, zone) ? time : `${date(at, zone)} ${time}`;
}

export function NoStream({ mayEdit }: { mayEdit: boolean }) {
  return (
    <Empty title="No stream yet">
      A stream takes events as they happen, keeps them in their order, and is read by its name like a dataset: its last
      minutes in a notebook, its whole history on the warehouse, each new event by a real-time job.{' '}
      {mayEdit ? (
        <span className="key-hint">
          Press <Kbd keys="m" /> to make one; then push to it over HTTP, from a script, or let a simulated shop do it.
          An owner can make one that reads a Kafka topic.
        </span>
      ) : (
        'Nobody has made one yet; who may edit the project can.'
      )}
    </Empty>
  );
}
