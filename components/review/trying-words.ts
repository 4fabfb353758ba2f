import type { Trying } from '#lib/job/evidence.ts';
import { whole } from '#components/parts/words.ts';

/** `replaying 40,000 of 120,000 events`; null while the server has said nothing of how far it is. */
export function tryingWords({ phase, done, total, of }: Trying): string | null {
  if (phase === 'trial') return of === 'events' ? 'trying the last events' : 'trying one past window';
  return total > 0 ? `replaying ${whole(done)} of ${whole(total)} ${of}` : null;
}

/** 0 to 1; null where nothing can be known. */
export function fractionOf({ phase, done, total }: Trying): number | null {
  return phase === 'replay' && total > 0 ? done / total : null;
}
