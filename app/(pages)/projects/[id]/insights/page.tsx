import type { Metadata } from 'next';
import { listDatasets } from '#lib/server/data/dataset.ts';
import { projectInsight } from '#lib/server/data/insight.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { demandPage } from '#lib/server/page.ts';
import { InsightsPage } from '#app/(pages)/insights/insights-page.tsx';
import { firstDay, toSpan } from '#app/(pages)/insights/span.ts';
import { around } from '#app/frame.ts';
import { load } from '#app/load.ts';

export const metadata: Metadata = { title: 'Insights' };

interface Given {
  params: Promise<{ id: string }>;
  searchParams: Promise<{ days?: string | string[] }>;
}

export default async function Page({ params, searchParams }: Given) {
  const { id } = await params;
  const actor = await demandPage();
  const { frame } = await around(actor, id, 'insights');
  const span = toSpan((await searchParams).days);
  const insight = await load(projectInsight(actor, id, { from: firstDay(span, getLodestar().now(), frame.zone) }));
  const { items } = await load(listDatasets(actor, id, { limit: 500 }));
  const eventsId = items.find((dataset) => dataset.kind === 'events')?.id;
  return <InsightsPage frame={frame} of={frame.project.name} insight={insight} span={span} eventsId={eventsId} />;
}
