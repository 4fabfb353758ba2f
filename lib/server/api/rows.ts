import { z } from 'zod';

/** Rows as a JSON answer; answer.ts writes it as they come. */
export const RowsAnswer = z.object({
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  rows: z.array(z.array(z.unknown())),
  complete: z.boolean(),
  asOf: z.iso.datetime(),
  engine: z.string(),
  rowCount: z.number().int(),
  took: z.number(),
  /** When these rows were kept, if no query ran for this answer. */
  cachedAt: z.iso.datetime().optional(),
  /** What the engine or a limit wants people to know. */
  warnings: z.array(z.string()).optional(),
  /** What the cluster says of the query that gave the rows. */
  cluster: z
    .looseObject({ queryId: z.string(), link: z.string(), scannedRows: z.number(), scannedBytes: z.number() })
    .optional(),
});
