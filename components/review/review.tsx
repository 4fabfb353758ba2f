import Link from 'next/link';
import { scheduleWords } from '#lib/job/schedule.ts';
import { windowWords } from '#lib/job/window.ts';
import type { PromotionView } from '#lib/job/view.ts';
import { engineWords, outputWords } from '#components/job/words.ts';
import { Fact, Facts } from '#components/parts/facts.tsx';
import { PageHead } from '#components/parts/section.tsx';
import { Changes } from './changes.tsx';
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
        <Fact label="Output" unit={`one partition a ${spec.window.unit}`}>
          <span className="mono">{outputWords(spec)}</span>
        </Fact>
        <Fact label="Engine">{engineWords(spec, promotion.connections)}</Fact>
        <Fact label="Window" unit={spec.timeZone}>
          {windowWords(spec.window)}
        </Fact>
        <Fact label="Runs">{scheduleWords(spec.schedule)}</Fact>
        <Fact label="Checks">{spec.checks.length || 'none'}</Fact>
        <Fact label="Owner">{promotion.createdBy.name}</Fact>
      </Facts>
      <Changes promotion={promotion} />
      <EvidenceSection evidence={promotion.evidence} spec={spec} now={now} />
      <ScheduleSection spec={spec} now={now} />
    </>
  );
}

function Lead({ promotion }: { promotion: PromotionView }) {
  const { createdBy, before, target, note, notebookId, spec } = promotion;
  const cell = spec.steps.at(-1)?.name;
  return (
    <>
      {createdBy.name} asks {before ? `to replace version ${before.version}` : `to run ${target} by schedule`}
      {note ? `. ${note} ` : ', as '}
      {note ? 'Verified in ' : 'verified in '}
      <Link className="link" href={`/notebooks/${notebookId}`}>
        the notebook, cell {cell}
      </Link>
      .
    </>
  );
}
