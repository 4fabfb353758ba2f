import { realtimeWords } from '#lib/job/realtime.ts';
import type { PromotionSpec, RealTime } from '#lib/job/spec.ts';
import type { PromotionView } from '#lib/job/view.ts';
import { lateSentence, startWords } from '#components/job/live-words.ts';
import { Section } from '#components/parts/section.tsx';
import { takeOverWords, watermarkWords } from './events-words.ts';

/** What runs when, of a job that no clock starts: in words, as there are no next times. */
export function EventsSection({ promotion, now }: { promotion: PromotionView; now: string }) {
  const { spec } = promotion;
  const { realtime } = spec;
  if (!realtime) return null;
  return (
    <Section
      no={3}
      title="When it answers"
      clause={`Answers for ${realtimeWords(realtime, spec.window, spec.target)}.`}
    >
      <ul className="says-list">
        {sentences(realtime, spec, promotion, now).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </Section>
  );
}

function sentences(realtime: RealTime, spec: PromotionSpec, promotion: PromotionView, now: string): string[] {
  const isTumbling = realtime.kind === 'tumbling';
  return [
    isTumbling
      ? watermarkWords(realtime.delay)
      : 'Each new batch of events goes through the query as if each event were alone; its rows are added to the output.',
    isTumbling
      ? lateSentence(realtime.late, spec.target)
      : 'Its runs are counted by the hour in which events arrive, in UTC.',
    promotion.before ? takeOverWords(promotion, now) : `It begins with ${startWords(realtime.start, spec.timeZone)}.`,
    'What it gives, where it is in the stream and what it keeps in mind are stored in one commit: killed anywhere, it goes on and counts nothing twice.',
  ];
}
