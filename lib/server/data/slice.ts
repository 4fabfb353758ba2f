/** Which part of a list: at most `limit` items after the one the cursor names. */
export interface Slice {
  cursor?: string | undefined;
  limit: number;
}

/** A part of a list; `next` is the cursor of the following part, or null at the end. */
export interface Sliced<T> {
  items: T[];
  next: string | null;
}

export const firstSlice: Slice = { limit: 50 };

/** Prisma's arguments for one row more than asked for, which tells whether there is a next part. */
export function window(slice: Slice): { take: number; skip?: number; cursor?: { id: string } } {
  const take = slice.limit + 1;
  return slice.cursor ? { take, skip: 1, cursor: { id: slice.cursor } } : { take };
}

/** Cuts what `window` read. */
export function cut<R extends { id: string }, T>(rows: R[], slice: Slice, view: (row: R) => T): Sliced<T> {
  const kept = rows.slice(0, slice.limit);
  const next = rows.length > kept.length ? (kept.at(-1)?.id ?? null) : null;
  return { items: kept.map(view), next };
}
