import type { Metadata } from 'next';
import { Frame } from '#components/frame/frame.tsx';
import { PromotionTable } from '#components/home/promotions.tsx';
import { Empty } from '#components/parts/empty.tsx';
import { PageHead, Section } from '#components/parts/section.tsx';
import { listPromotions } from '#lib/server/data/promotion.ts';
import { demandPage } from '#lib/server/page.ts';
import { around, clockIn } from '#app/frame.ts';
import { load } from '#app/load.ts';

export const metadata: Metadata = { title: 'Reviews' };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const actor = await demandPage();
  const { frame } = await around(actor, id, 'reviews');
  const { items } = await load(listPromotions(actor, id, { limit: 200 }));
  return (
    <Frame
      {...frame}
      crumbs={[{ label: frame.project.name, href: `/projects/${id}` }, { label: 'Reviews' }]}
      look="page wide-page"
    >
      <PageHead title="Reviews" clause="queries that ask to become jobs" />
      <Section title={`In ${frame.project.name}`} clause="the newest first">
        {items.length ? (
          <PromotionTable promotions={items} clock={clockIn(frame.zone)} />
        ) : (
          <Empty title="Nothing waits for a decision">
            A query becomes a job when someone promotes it and someone else looks at it. Open a notebook, choose a SQL
            cell and promote it.
          </Empty>
        )}
      </Section>
    </Frame>
  );
}
