'use client';
import { Frame, type FrameGiven } from '#components/frame/frame.tsx';
import { Insights, type InsightView } from '#components/insights/insights.tsx';
import { ButtonLink } from '#components/parts/button.tsx';
import { DaysChoice } from './days-choice.tsx';
import type { SpanKey } from './span.ts';

interface Given {
  frame: Pick<FrameGiven, 'me' | 'project' | 'at' | 'waiting' | 'zone'>;
  of: string;
  insight: InsightView;
  span: SpanKey;
  /** The events themselves, as a dataset. */
  eventsId?: string | undefined;
}

export function InsightsPage({ frame, of, insight, span, eventsId }: Given) {
  const above = frame.project
    ? { label: frame.project.name, href: `/projects/${frame.project.id}` }
    : { label: 'All projects', href: '/projects' };
  const status = <span>Use only: no text of a query, no value of your data</span>;
  const acts = eventsId && (
    <ButtonLink kind="bare" size="small" icon="table-2" tight href={`/datasets/${eventsId}`}>
      Query these events
    </ButtonLink>
  );
  return (
    <Frame
      {...frame}
      zone={insight.timeZone}
      crumbs={[above, { label: 'Insights' }]}
      status={status}
      acts={acts}
      look="page wide-page"
    >
      <Insights of={of} insight={insight} choice={<DaysChoice span={span} />} />
    </Frame>
  );
}
