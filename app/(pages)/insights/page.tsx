import type { Metadata } from 'next';
import { workspaceInsight } from '#lib/server/data/insight.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { demandPage } from '#lib/server/page.ts';
import { meOf } from '#app/frame.ts';
import { InsightsPage } from './insights-page.tsx';
import { firstDay, toSpan } from './span.ts';

export const metadata: Metadata = { title: 'Insights' };

export default async function Page({ searchParams }: { searchParams: Promise<{ days?: string | string[] }> }) {
  const actor = await demandPage();
  const span = toSpan((await searchParams).days);
  const insight = await workspaceInsight(actor, { from: firstDay(span, getLodestar().now(), 'UTC') });
  return (
    <InsightsPage frame={{ me: meOf(actor), at: 'insights' }} of="all your projects" insight={insight} span={span} />
  );
}
