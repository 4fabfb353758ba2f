import { z } from 'zod';
import { CellName } from '#lib/notebook/cell.ts';
import { TextTable } from './parity.ts';
import { CalendarUnit, Check, Late, WindowSpec } from './spec.ts';

export const RealTimeRequest = z.object({
  kind: z.enum(['tumbling', 'windowless']),
  /** Of tumbling windows: 10 s to a day, a whole number of them in a minute, an hour or a day. */
  seconds: z.number().int().min(10).max(86_400).optional(),
  delay: z.number().int().min(0).max(86_400).default(5),
  late: Late.default({ do: 'drop' }),
  start: z.union([z.enum(['now', 'beginning']), z.iso.datetime()]).default('now'),
});
export type RealTimeRequest = z.infer<typeof RealTimeRequest>;

/** What is asked to promote a cell; all but the cell, target and window has a default. */
export const PromotionRequest = z.object({
  /** The id or the name of a SQL cell. */
  cell: z.string().min(1),
  /** The name of the dataset the job will write. */
  target: CellName,
  window: z.union([CalendarUnit.transform((unit) => ({ unit, size: 1 })), WindowSpec]).optional(),
  /** Asked for instead of a window and a schedule: the text answers for the events of a stream as they come. */
  realtime: RealTimeRequest.optional(),
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
