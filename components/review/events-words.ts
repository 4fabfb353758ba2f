import { span } from '#lib/job/realtime.ts';
import type { PromotionView } from '#lib/job/view.ts';
import { windowAt } from '#lib/job/window.ts';
import { clock } from '#components/parts/words.ts';

/** When a window closes. */
export function watermarkWords(delay: number): string {
  const past = delay === 0 ? 'an event past its end' : `an event ${span(delay)} past its end`;
  return `A window is answered once ${past} has come, or when the stream has been silent for its idle time.`;
}

/** At which edge this version would take over from the one before. */
export function takeOverWords({ spec, version, before }: PromotionView, now: string): string {
  const old = before!.version;
  if (spec.realtime?.kind !== 'tumbling')
    return `Version ${version} takes over from version ${old} at the first batch after its approval; nothing is answered twice.`;
  const from = windowAt(spec.window, spec.timeZone, new Date(now)).end;
  const at = clock(from, spec.timeZone, spec.window.unit === 'second');
  return `Version ${version} takes over at the edge of a window: if it is approved now, about at the window that starts ${at}; version ${old} answers until then.`;
}
