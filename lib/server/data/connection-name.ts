import type { PromotionSpec } from '#lib/job/spec.ts';
import type { ConnectionNames } from '#lib/job/view.ts';
import { getLodestar } from '#lib/server/lodestar.ts';

/** Names of the connections a spec uses, by id, for whoever may read the spec; one that is gone has none. */
export async function connectionNames(projectId: string, { steps, place }: PromotionSpec): Promise<ConnectionNames> {
  const ids = [...steps.flatMap((step) => step.connection ?? []), ...(place ? [place.connection] : [])];
  if (ids.length === 0) return {};
  const found = await getLodestar().db.connection.findMany({ where: { projectId, id: { in: ids } } });
  return Object.fromEntries(found.map(({ id, name }) => [id, name]));
}
