import type { Window } from '#lib/job/window.ts';
import type { Decision } from '#lib/stream/decide.ts';

/* Late events by the windows they would have been in, and what of them publishes a window again. */

/**
 * Late events that publish their window again, by its start; over everything up to the last of them, and not up to where this commit
 * happens to end: what comes later and too late is in no answer, however the log is cut into commits. It is counted, though.
 */
export function correctedBy({ late }: Decision): Map<number, Correction> {
  const all = byWindow(late);
  const correcting = byWindow(late.filter(({ corrects }) => corrects));
  return new Map(
    [...correcting].map(([start, { window, events, through }]) => [
      start,
      { window, events: all.get(start)!.events, corrections: events, through },
    ]),
  );
}

interface LateOf {
  window: Window;
  events: number;
  /** The number after the last of them. */
  through: number;
}

/** `through`: the number after the last event that corrects. */
export interface Correction extends LateOf {
  /** Of the events those that correct. */
  corrections: number;
}

/** By the starts of windows, ms. */
export function byWindow(late: Decision['late']): Map<number, LateOf> {
  const found = new Map<number, LateOf>();
  for (const { window, events, below } of late) {
    const start = window.start.getTime();
    found.set(start, { window, events: (found.get(start)?.events ?? 0) + events, through: below });
  }
  return found;
}
