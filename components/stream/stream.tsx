import type { ReactNode } from 'react';
import type { StreamView } from '#lib/client/api/streams.ts';
import type { Watched } from '#lib/client/stream/watch.ts';
import { Fact, Facts } from '#components/parts/facts.tsx';
import { Mark } from '#components/parts/mark.tsx';
import { Notice } from '#components/parts/notice.tsx';
import { PageHead } from '#components/parts/section.tsx';
import { clock, count, day, whole } from '#components/parts/words.ts';
import { StreamCharts } from './charts.tsx';
import { Contract } from './contract.tsx';
import { DeadLetters } from './dead.tsx';
import { standingMarks } from './list.tsx';
import { waitingIn } from './parts.tsx';
import { Readers } from './readers.tsx';
import { LiveTail, type TailActs } from './tail.tsx';
import { FirstEvent } from './first-event.tsx';
import { keptWords, liveWords, manyWords, sizeWords, standingOf } from './words.ts';

export interface StreamGiven {
  watched: Watched;
  project: { name: string };
  zone: string;
  acts: TailActs;
  /** A job on it, with its latest windows. */
  job: ReactNode;
  /** Changes the description. */
  edit: ReactNode;
}

/** A stream on one page: how it goes, what came, what it promises, what was refused, who reads it. */
export function Stream({ watched, project, zone, acts, job, edit }: StreamGiven) {
  const { view, problem } = watched;
  const standing = standingOf(view);
  // Of a log that cannot be read here nothing is drawn: a zero would be a number that nobody knows.
  const isMoving = standing === 'live' || standing === 'idle';
  return (
    <>
      <PageHead
        title={view.name}
        clause={
          <span className="st live-words">
            <Mark state={standingMarks[standing]} progress={0.88} label="" /> {liveWords(view)}
          </span>
        }
        lead={
          <>
            {view.description || 'Nobody has said yet what one event of it is.'} {edit}
          </>
        }
      />
      {problem && (
        <Notice state="failed">
          {problem.detail} What stands below was read at {clock(new Date(watched.at), zone, true)}.
        </Notice>
      )}
      {view.trouble && (
        <Notice state="failed">
          {view.trouble} Rate, tail and the newest events are not known here meanwhile; what is told of the log is what
          was last stored.
        </Notice>
      )}
      {view.source?.trouble && <Notice state="warned">{view.source.trouble}</Notice>}
      <StreamFacts view={view} zone={zone} />
      {standing === 'empty' && <FirstEvent view={view} project={project} />}
      {isMoving && <StreamCharts watched={watched} zone={zone} />}
      {standing !== 'empty' && job}
      {isMoving && <LiveTail watched={watched} zone={zone} acts={acts} />}
      <div className="two-col stream-two">
        <Contract watched={watched} />
        <div>
          <DeadLetters watched={watched} zone={zone} />
          <Readers readers={watched.readers} />
        </div>
      </div>
    </>
  );
}

function StreamFacts({ view, zone }: { view: StreamView; zone: string }) {
  return (
    <Facts>
      <Source view={view} />
      <Fact
        label="Newest event"
        unit={view.lastReceivedAt ? `came ${clock(view.lastReceivedAt, zone, true)}` : undefined}
      >
        {view.lastEventAt ? (
          <Instant at={view.lastEventAt} zone={zone} />
        ) : view.trouble ? (
          'not known here'
        ) : (
          'none yet'
        )}
      </Fact>
      <Fact
        label="Kept"
        unit={view.events > 0 ? `${manyWords(view.events)} events, ${sizeWords(view.bytes)}` : undefined}
      >
        {keptWords(view.retention)}
      </Fact>
      <Fact label="Contract" unit={view.firstEventAt ? `since ${day(view.firstEventAt, zone)}` : undefined}>
        {view.columns.length > 0 ? count(view.columns.length, 'column') : 'from the first events'}
      </Fact>
      <Fact label="Came twice" unit="left out">
        {whole(view.duplicates)}
      </Fact>
      <Fact label="Owner">{view.createdBy.name}</Fact>
    </Facts>
  );
}

function Source({ view: { source, origin } }: { view: StreamView }) {
  if (origin === 'telemetry') return <Fact label="Source">this workbench’s own events</Fact>;
  if (!source) return <Fact label="Source">pushed over HTTP</Fact>;
  const { topic, partitions, state } = source;
  const waiting = waitingIn(partitions);
  return (
    <>
      <Fact label="Source" unit={partitions.length > 0 ? count(partitions.length, 'partition') : state}>
        Kafka <span className="mono">{topic}</span>
      </Fact>
      {waiting !== null && <Fact label="Waiting">{count(waiting, 'record')}</Fact>}
    </>
  );
}

function Instant({ at, zone }: { at: string; zone: string }) {
  return <>{`${day(at, zone)} ${clock(at, zone, true)}`}</>;
}
