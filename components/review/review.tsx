import Link from 'next/link';
import { scheduleWords } from '#lib/job/schedule.ts';
import { span } from '#lib/job/realtime.ts';
import type { PromotionSpec, RealTime } from '#lib/job/spec.ts';
import { windowWords } from '#lib/job/window.ts';
import type { PromotionView } from '#lib/job/view.ts';
import { lateWords, startWords } from '#components/job/live-words.ts';
import { engineWords, outputWords } from '#components/job/words.ts';
import { Fact, Facts } from '#components/parts/facts.tsx';
import { PageHead } from '#components/parts/section.tsx';
import { Changes } from './changes.tsx';
import { EventsSection } from './events.tsx';
import { EvidenceSection } from './evidence.tsx';
import { ScheduleSection } from './schedule.tsx';

interface Given {
  promotion: PromotionView;
  now: string;
}

/** A promotion on one page: what it would become, what changes, what proves it, when it runs. */
export function Review({ promotion, now }: Given) {
  const { spec } = promotion;
  return (
    <>
      <PageHead title={`${promotion.target}, version ${promotion.version}`} lead={<Lead promotion={promotion} />} />
      <Facts>
        <Fact label="Output" unit={partWords(spec)}>
          <span className="mono">{outputWords(spec)}</span>
        </Fact>
        <Fact label="Engine">{engineWords(spec, promotion.connections)}</Fact>
        {spec.realtime ? (
          <EventFacts spec={spec} realtime={spec.realtime} isFirst={!promotion.before} />
        ) : (
          <ScheduleFacts spec={spec} />
        )}
        <Fact label="Checks">{spec.checks.length || 'none'}</Fact>
        <Fact label="Owner">{promotion.createdBy.name}</Fact>
      </Facts>
      <Changes promotion={promotion} />
      <EvidenceSection evidence={promotion.evidence} spec={spec} now={now} />
      {spec.realtime ? <EventsSection promotion={promotion} now={now} /> : <ScheduleSection spec={spec} now={now} />}
    </>
  );
}

function ScheduleFacts({ spec }: { spec: PromotionSpec }) {
  return (
    <>
      <Fact label="Window" unit={spec.timeZone}>
        {windowWords(spec.window)}
      </Fact>
      <Fact label="Runs">{scheduleWords(spec.schedule)}</Fact>
    </>
  );
}

interface EventGiven {
  spec: PromotionSpec;
  realtime: RealTime;
  /** A later version goes on where the one before it stands. */
  isFirst: boolean;
}

function EventFacts({ spec, realtime, isFirst }: EventGiven) {
  if (realtime.kind === 'windowless')
    return (
      <>
        <Fact label="Answers for">each event as it comes</Fact>
        {isFirst && <Fact label="Begins with">{startWords(realtime.start, spec.timeZone)}</Fact>}
      </>
    );
  return (
    <>
      <Fact label="Answers for" unit={spec.timeZone}>
        each {windowWords(spec.window).replace(/^one /, '')}
      </Fact>
      <Fact label="Waits for stragglers" unit={lateWords(realtime.late, spec.target)}>
        {span(realtime.delay)}
      </Fact>
      {isFirst && <Fact label="Begins with">{startWords(realtime.start, spec.timeZone)}</Fact>}
    </>
  );
}

function partWords({ realtime, window }: PromotionSpec): string {
  if (realtime?.kind === 'windowless') return 'rows as events come';
  return realtime ? 'one partition a window' : `one partition a ${window.unit}`;
}

function Lead({ promotion }: { promotion: PromotionView }) {
  const { createdBy, before, target, note, notebookId, spec } = promotion;
  const cell = spec.steps.at(-1)?.name;
  return (
    <>
      {createdBy.name} asks{' '}
      {before
        ? `to replace version ${before.version}`
        : `to run ${target} ${spec.realtime ? 'as events come' : 'by schedule'}`}
      {note ? `. ${note} ` : ', as '}
      {note ? 'Verified in ' : 'verified in '}
      <Link className="link" href={`/notebooks/${notebookId}`}>
        the notebook, cell {cell}
      </Link>
      .
    </>
  );
}
