import { z } from 'zod';

/** `?cursor&limit` of every list. */
export const ListQuery = z.object({
  cursor: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** `{ items, next }`: `next` is the cursor of the following part, null at the end. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

export const IdParams = z.object({ id: z.string().max(100) });

/** An ISO instant in UTC. */
export const Instant = z.iso.datetime();

/** The answer of what has none: 204. */
export const Nothing = z.null();
