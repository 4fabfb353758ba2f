import { z } from 'zod';
import { ChartType, Engine } from '#lib/notebook/cell.ts';

/*
 * What the workbench notes about its own use. Facts about use only: never SQL text, never row values, never titles.
 * The same schema checks what the page sends and shapes the `workbench_events` dataset.
 */

export const ChartFact = z.object({
  kind: z.enum(['chart-shown', 'chart-edited']),
  type: ChartType,
  grouped: z.boolean(),
  sorted: z.boolean(),
  titled: z.boolean(),
});

export const RunFact = z.object({
  kind: z.literal('cell-run'),
  cellType: z.enum(['sql', 'typescript']),
  engine: Engine,
  state: z.enum(['good', 'failed', 'cancelled']),
  /** Milliseconds. */
  took: z.number().min(0),
  rows: z.number().int().min(0).nullable(),
  complete: z.boolean().nullable(),
  /** SHA-256 of the source, so that the same query can be counted without keeping it. */
  sqlHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
});

export const ViewFact = z.object({ kind: z.literal('notebook-opened') });

export const Fact = z.discriminatedUnion('kind', [ChartFact, RunFact, ViewFact]);
export type Fact = z.infer<typeof Fact>;

// Nothing here may carry free text: ids are ids, the hash is a hash.
const Id = z.string().regex(/^[\w-]{1,64}$/);
/** A fact with where it happened, as the page sends it; who and when are stamped by the server. */
export const EventInput = z.object({ notebookId: Id, cellId: Id.nullable(), fact: Fact });
export type EventInput = z.infer<typeof EventInput>;
