import { z } from 'zod';
import { Engine } from '#lib/notebook/cell.ts';
import { Parameters } from '#lib/sql/parameter.ts';

/*
 * What an approver signs. A promotion freezes the query that was verified in the notebook with everything that
 * decides its answer; the hash over the canonical spec (hash.ts) is what is approved and what every run checks again.
 */

export const WindowUnit = z.enum(['hour', 'day', 'week', 'month']);
export type WindowUnit = z.infer<typeof WindowUnit>;

/**
 * The half-open interval one run answers for: `size` units long, cut in the job's time zone. A sliding
 * window (`size` > 1) still moves one unit at a time: "the last 30 days, every day".
 */
export const WindowSpec = z.object({ unit: WindowUnit, size: z.number().int().min(1).max(400).default(1) });
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
  /** Cron with five fields, read in timeZone. */
  schedule: z.string(),
  timeZone: z.string(),
  checks: z.array(Check),
});
export type PromotionSpec = z.infer<typeof PromotionSpec>;
