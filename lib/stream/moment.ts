import { z } from 'zod';

/**
 * What one frame of a log added, without its events: enough to say when windows close and how many events came late, exactly,
 * without reading an event again. A frame is stored whole or not at all, so it is one moment: none of its events makes
 * another of it late.
 */
export const Moment = z.object({
  /** The number of its first event. */
  first: z.number().int(),
  rows: z.number().int(),
  /** When it was stored, ms since 1970; never less than in the moment before. */
  received: z.number(),
  /** The latest event time of each part of the source that is in it, ms; a stream that is pushed to has the one part ''. */
  parts: z.record(z.string(), z.number()),
  /** Events by their time: [start of the span, ms; how many], spans of `spanMs`, in order. */
  spans: z.array(z.tuple([z.number(), z.number()])),
});
export type Moment = z.infer<typeof Moment>;

/** Every window of a real-time job begins and ends with one. */
export const spanMs = 10_000;

/** Counts the events of one moment by their time and part, as they come. */
export class Tally {
  readonly parts: Moment['parts'] = {};
  private counts = new Map<number, number>();

  /** `at`: the event's time, ms. */
  add(at: number, part = ''): void {
    const span = at - (((at % spanMs) + spanMs) % spanMs);
    this.counts.set(span, (this.counts.get(span) ?? 0) + 1);
    const latest = this.parts[part];
    if (latest === undefined || at > latest) this.parts[part] = at;
  }

  get spans(): Moment['spans'] {
    return [...this.counts].toSorted(([one], [other]) => one - other);
  }
}
