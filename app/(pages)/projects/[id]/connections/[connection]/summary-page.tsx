'use client';
import { useRouter } from 'next/navigation';
import { Account } from '#components/connection/account.tsx';
import { CataloguePanel } from '#components/connection/catalogue-panel.tsx';
import { Summary } from '#components/connection/summary.tsx';
import { Frame } from '#components/frame/frame.tsx';
import { Section } from '#components/parts/section.tsx';
import type { ConnectionView } from '#lib/connection/view.ts';
import { crumbsTo, type ConnectionFrame } from '#app/(pages)/projects/[id]/connections/crumbs.ts';

/** A connection for those who use it and do not manage it. */
export function SummaryPage({ frame, kept }: { frame: ConnectionFrame; kept: ConnectionView }) {
  const router = useRouter();
  return (
    <Frame
      {...frame}
      crumbs={crumbsTo(frame.project, kept.name)}
      panel={<CataloguePanel connection={kept} zone={frame.zone} />}
      panelLabel={`Catalogue of ${kept.name}`}
    >
      <Summary kept={kept} project={frame.project.name} />
      {kept.settings.identity.kind === 'person' && (
        <Section title="Your account there" id="account">
          <Account connection={kept.id} user={kept.user} onChanged={() => router.refresh()} />
        </Section>
      )}
    </Frame>
  );
}
