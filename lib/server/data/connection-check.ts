import { z } from 'zod';
import type { Connection } from '#prisma/client/client.ts';
import type { KernelError } from '#kernels/kernel.ts';
import type { Estimate } from '#lib/connection/view.ts';
import type { Actor } from '#lib/server/access.ts';
import type { Asking } from '#lib/server/connections/connections.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { demandConnection } from './connection-row.ts';
import { asProblem } from './failure.ts';
import { placedTexts } from './placed.ts';
import { PlainParameters, QueryTexts, textRelations, typed } from './query-input.ts';

/** A text that was not run yet. */
export const Draft = z.object({
  sql: z.string().min(1).max(1_000_000),
  parameters: PlainParameters.default({}),
  queries: QueryTexts,
});
export type Draft = z.infer<typeof Draft>;

/** What is wrong with it, by the cluster's own analysis as the asking person; null when nothing is. */
export async function validateQuery(
  actor: Actor,
  id: string,
  draft: Draft,
  signal: AbortSignal,
): Promise<KernelError | null> {
  const { row } = await demandConnection(actor, id, 'read');
  return asProblem(async () => getLodestar().connections.validate(actor, row, await asking(row, draft, signal)));
}

/** What it would read, by the cluster's own plan, with hints people can act on. */
export async function estimateQuery(actor: Actor, id: string, draft: Draft, signal: AbortSignal): Promise<Estimate> {
  const { row } = await demandConnection(actor, id, 'read');
  return asProblem(async () => getLodestar().connections.estimate(actor, row, await asking(row, draft, signal)));
}

async function asking(row: Connection, { sql, parameters, queries }: Draft, signal: AbortSignal): Promise<Asking> {
  const placed = await placedTexts(row.projectId, row.id, [sql, ...Object.values(queries)]);
  const inputs = { parameters: typed(parameters), relations: { ...placed, ...textRelations(queries) } };
  return { code: { name: 'query', source: sql }, inputs, signal };
}
