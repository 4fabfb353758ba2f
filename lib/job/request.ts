import { z } from 'zod';
import { CellName } from '#lib/notebook/cell.ts';
import { TextTable } from './parity.ts';
import { Check, WindowSpec, WindowUnit } from './spec.ts';

/** What is asked to promote a cell; all but the cell, target and window has a default. */
export const PromotionRequest = z.object({
  /** The id or the name of a SQL cell. */
  cell: z.string().min(1),
  /** The name of the dataset the job will write. */
  target: CellName,
  window: z.union([WindowUnit.transform((unit) => ({ unit, size: 1 })), WindowSpec]),
  /** Cron with five fields; a time a little after each window by default. */
  schedule: z.string().max(200).optional(),
  /** The project's by default. */
  timeZone: z.string().max(100).optional(),
  checks: z.array(Check).max(50).default([]),
  /**
   * Where the output is kept: `connection`, a table on the connection of the last step, where jobs may write there; that is
   * the default where it can be.
   */
  place: z.enum(['warehouse', 'connection']).optional(),
  note: z.string().max(2000).default(''),
  /** True: a query that uses no window is wanted, each window keeps what it saw when it ran. */
  snapshot: z.boolean().default(false),
  /** What the notebook shows, to compare with; the window as its inputs say it. */
  notebook: TextTable.extend({
    rows: TextTable.shape.rows.max(10_000),
    windowStart: z.string().optional(),
    windowEnd: z.string().optional(),
    /** False when the shown result was cut. */
    complete: z.boolean().default(true),
  }).optional(),
});
export type PromotionRequest = z.infer<typeof PromotionRequest>;
