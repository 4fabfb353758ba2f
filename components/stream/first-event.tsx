import type { StreamView } from '#lib/client/api/streams.ts';
import { Mark } from '#components/parts/mark.tsx';
import { Section } from '#components/parts/section.tsx';
import { HowToPush } from './push.tsx';

/** Before the first event: how to send it, where it is sent. It is shown as soon as it comes. */
export function FirstEvent({ view, project }: { view: StreamView; project: { name: string } }) {
  const isPushed = !view.source && view.origin !== 'telemetry';
  return (
    <Section
      title={isPushed ? 'Send the first event' : 'Before the first event'}
      clause="this page shows it when it comes"
    >
      <p className="st waiting-first" role="status">
        <Mark state="queued" label="" /> Waits for an event
        {view.source ? ' from its topic' : ''}. Its columns are inferred from the first ones, and are a contract then.
      </p>
      {view.deadLetters > 0 && <p className="st-fail">What came so far was refused: the reasons stand below.</p>}
      {isPushed && <HowToPush stream={view} project={project} />}
    </Section>
  );
}
