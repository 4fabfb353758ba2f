import type { Person } from '#lib/job/view.ts';
import { getLodestar } from '#lib/server/lodestar.ts';

export type Names = Map<string, string>;

/** The names of people whose ids stand in rows. */
export async function namesOf(ids: (string | null)[]): Promise<Names> {
  const wanted = [...new Set(ids.filter((id) => id !== null))];
  const rows = await getLodestar().db.user.findMany({
    where: { id: { in: wanted } },
    select: { id: true, name: true },
  });
  return new Map(rows.map((row) => [row.id, row.name]));
}

/** Someone whose account is gone keeps the place. */
export function nameOf(names: Names, id: string): Person {
  return { id, name: names.get(id) ?? 'someone who left' };
}
