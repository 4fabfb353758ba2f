import { z } from 'zod';
import { Engine } from '#lib/notebook/cell.ts';
import { Parameters } from '#lib/sql/parameter.ts';

/*
 * What an approver signs. A promotion freezes the query that was verified in the notebook with everything that
 * decides its answer; the hash over the canonical spec (hash.ts) is what is approved and what every run checks again.
 */

export const WindowUnit = z.enum(['second', 'minute', 'hour', 'day', 'week', 'month']);
export type WindowUnit = z.infer<typeof WindowUnit>;

/** Units whose windows a schedule can follow. */
export const CalendarUnit = WindowUnit.extract(['hour', 'day', 'week', 'month']);
export type CalendarUnit = z.infer<typeof CalendarUnit>;

/**
 * The half-open interval one run answers for: `size` units long, cut in the job's time zone. It moves by `every` units, one
 * unless told: a sliding window is "the last 30 days, every day"; a tumbling one (`every` = `size`) is "each 5 minutes".
 */
export const WindowSpec = z.object({
  unit: WindowUnit,
  size: z.number().int().min(1).max(400).default(1),
  every: z.number().int().min(1).max(400).optional(),
});
export type WindowSpec = z.infer<typeof WindowSpec>;

/** One query of the job, in engine order; the last step's result is the output. */
export const Step = z.object({
  name: z.string(),
  engine: Engine,
  sql: z.string(),
  /** The connection's id, for engine `trino`. */
  connection: z.string().optional(),
});
export type Step = z.infer<typeof Step>;

/** Where the output is a table of a cluster: `catalog.schema.target`, an Iceberg table partitioned by window. */
export const Place = z.object({ connection: z.string(), catalog: z.string(), schema: z.string() });
export type Place = z.infer<typeof Place>;

export const Check = z.discriminatedUnion('type', [
  z.object({ type: z.literal('not-null'), column: z.string() }),
  z.object({ type: z.literal('unique'), columns: z.array(z.string()).min(1) }),
  z.object({
    type: z.literal('rows'),
    min: z.number().int().min(0).optional(),
    max: z.number().int().min(0).optional(),
  }),
  z.object({ type: z.literal('range'), column: z.string(), min: z.number().optional(), max: z.number().optional() }),
  z.object({
    type: z.literal('sql'),
    name: z.string(),
    /** Must return no row; the output is `output`. */ sql: z.string(),
  }),
]);
export type Check = z.infer<typeof Check>;

/** What happens to events that come after their window was published. */
export const Late = z.discriminatedUnion('do', [
  /** Left out, and counted. */
  z.object({ do: z.literal('drop') }),
  /** Left out and counted; they are kept as they came in the dataset `TARGET_late`. */
  z.object({ do: z.literal('keep') }),
  /** The window is published again with them, for so many seconds after its end; later ones are left out and counted. */
  z.object({
    do: z.literal('correct'),
    for: z
      .number()
      .int()
      .min(1)
      .max(7 * 86_400),
  }),
]);
export type Late = z.infer<typeof Late>;

/** What starts the answers of a real-time job: the events of a stream. */
export const RealTime = z.object({
  /** The stream's id; the text reads it by its name. */
  stream: z.string(),
  /**
   * tumbling: the text answers for each window once the watermark has passed its end. windowless: for each new batch of
   * events, as if for each event by itself; `window` is then an hour of arrivals, by which runs are counted.
   */
  kind: z.enum(['tumbling', 'windowless']),
  /** Seconds that the watermark stays behind the latest event time seen: how long a window waits for stragglers. */
  delay: z.number().int().min(0).max(86_400).default(5),
  late: Late.default({ do: 'drop' }),
  /** The first events it answers for: those that come from its approval on, all that are kept, or those from a time on. */
  start: z.union([z.enum(['now', 'beginning']), z.iso.datetime()]).default('now'),
});
export type RealTime = z.infer<typeof RealTime>;

export const PromotionSpec = z.object({
  target: z.string(),
  /** Absent: the embedded warehouse. */
  place: Place.optional(),
  steps: z.array(Step).min(1),
  /** Values of the notebook's other inputs, frozen; window_start and window_end are typed here and valued by each run. */
  parameters: Parameters,
  /** How the window is bound: as local dates, or as local timestamps, whichever the notebook's inputs were. */
  windowAs: z.enum(['date', 'timestamp']),
  window: WindowSpec,
  /** Cron with five fields, read in timeZone; '' for a real-time job, which no clock starts. */
  schedule: z.string(),
  /** Present: a real-time job. Its windows are bound in UTC, as the times of streams are; `timeZone` only says where they are cut. */
  realtime: RealTime.optional(),
  timeZone: z.string(),
  checks: z.array(Check),
});
export type PromotionSpec = z.infer<typeof PromotionSpec>;
