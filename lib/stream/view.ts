import { z } from 'zod';

/** What people are shown of a stream beside itself: how it went in the last hour, and who reads it. */

const Instant = z.iso.datetime();

export const RateMinute = z.object({
  minute: Instant,
  /** Events that came in it. */
  events: z.number().int(),
  /** Seconds by which the newest event was older than its arrival: the most in this minute; null without events. */
  behind: z.number().nullable(),
  /** Events that came too late for a window of a job that reads the stream; null while no job does. */
  late: z.number().int().nullable(),
});
export type RateMinute = z.infer<typeof RateMinute>;

/** The last hour by minutes, oldest first and without a gap; the last one is not over yet. */
export const StreamRates = z.object({ asOf: Instant, minutes: z.array(RateMinute) });
export type StreamRates = z.infer<typeof StreamRates>;

export const StreamReader = z.object({
  jobId: z.string(),
  name: z.string(),
  kind: z.enum(['tumbling', 'windowless']),
  /** How long its windows are: `{ unit: 'minute', size: 5 }`. */
  window: z.object({ unit: z.string(), size: z.number().int() }),
  state: z.enum(['active', 'paused', 'draining']),
  /** Events it has not answered for. */
  waiting: z.number().int(),
  /** Seconds that the oldest of them has waited; null where it is not known. */
  behind: z.number().nullable(),
  /** Why it does not go on. */
  trouble: z.string().nullable(),
});
export type StreamReader = z.infer<typeof StreamReader>;
