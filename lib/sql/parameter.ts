import { z } from 'zod';

/**
 * The value of an input, as it is bound to `{{name}}`. Values are bound, never pasted into SQL.
 * `date` is `YYYY-MM-DD`; `timestamp` is a local wall-clock `YYYY-MM-DD HH:MM:SS[.ffffff]` without a zone.
 */
export const Parameter = z.discriminatedUnion('type', [
  z.object({ type: z.literal('number'), value: z.number().nullable() }),
  z.object({ type: z.literal('text'), value: z.string().nullable() }),
  z.object({ type: z.literal('date'), value: z.iso.date().nullable() }),
  z.object({
    type: z.literal('timestamp'),
    value: z
      .string()
      .regex(/^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d{1,9})?)?$/)
      .nullable(),
  }),
]);
export type Parameter = z.infer<typeof Parameter>;

export const Parameters = z.record(z.string(), Parameter);
export type Parameters = z.infer<typeof Parameters>;
