import { readPromotion } from '#lib/server/data/promotion.ts';
import { demandPage } from '#lib/server/page.ts';
import { around, clockIn } from '#app/frame.ts';
import { load } from '#app/load.ts';
import { PromotionPage } from './promotion-page.tsx';

interface Given {
  params: Promise<{ id: string }>;
}

export default async function Page({ params }: Given) {
  const actor = await demandPage();
  const promotion = await load(readPromotion(actor, (await params).id));
  const { frame } = await around(actor, promotion.projectId, 'reviews');
  const { timeZone } = promotion.spec;
  return (
    <PromotionPage
      key={promotion.state}
      frame={{ ...frame, zone: timeZone }}
      promotion={promotion}
      now={clockIn(timeZone).now}
    />
  );
}

export async function generateMetadata({ params }: Given) {
  const actor = await demandPage();
  const { target, version } = await load(readPromotion(actor, (await params).id));
  return { title: `${target}, version ${version}` };
}
