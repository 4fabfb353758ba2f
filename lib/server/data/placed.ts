import { KernelFailure } from '#kernels/failure.ts';
import { readsOfTrino } from '#kernels/server.ts';
import type { KernelEvent, Relation } from '#kernels/kernel.ts';
import { sameName } from '#lib/notebook/name.ts';
import { hashText } from '#lib/table/hash.ts';
import type { Actor } from '#lib/server/access.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { placedDatasets, rowsOf, type Placed } from '#lib/server/warehouse/placed.ts';
import type { Landing } from '#lib/server/warehouse/warehouse.ts';
import { demandConnection } from './connection-row.ts';

/*
 * Datasets whose rows are on a cluster, read by a query of a person. Where the query runs there too, the dataset is its table's
 * name; elsewhere its rows are brought, with what that person may see there, for this query alone.
 */

/** Datasets whose tables a query on this connection may read by their names, as queries. */
export async function placedTexts(
  projectId: string,
  connectionId: string,
  texts: string[],
): Promise<Record<string, Relation>> {
  const names = (await Promise.all(texts.map((text) => readsOfTrino(text)))).flat();
  const placed = await placedDatasets(getLodestar().db, projectId, [...new Set(names)]);
  const here = placed.filter(({ place }) => place.connection === connectionId);
  return Object.fromEntries(here.map(({ name, place }) => [name, textRelation(rowsOf(place))]));
}

function textRelation(sql: string): Relation {
  return { kind: 'query', hash: hashText(sql), complete: true, sql };
}

/** Runs something that reads these names, with the rows that are on clusters brought for it; they go when it has ended. */
export async function* withPlaced(
  actor: Actor,
  projectId: string,
  names: string[],
  signal: AbortSignal,
  run: (relations: Record<string, Relation>) => AsyncIterable<KernelEvent>,
): AsyncGenerator<KernelEvent> {
  const brought = await bringPlaced(actor, projectId, names, signal).catch(refusal);
  if ('code' in brought) return yield { type: 'failed', error: brought };
  try {
    yield* run(brought.relations);
  } finally {
    await brought.remove();
  }
}

export interface Brought {
  relations: Record<string, Relation>;
  remove(): Promise<void>;
}

/** Throws KernelFailure where a cluster will not give them, a Problem where the person has no account there. */
export async function bringPlaced(
  actor: Actor,
  projectId: string,
  names: string[],
  signal: AbortSignal,
): Promise<Brought> {
  const placed = await placedDatasets(getLodestar().db, projectId, names);
  const landed: Extract<Landing, { ok: true }>[] = [];
  const remove = async () => void (await Promise.all(landed.map((each) => each.remove())));
  const relations: Record<string, Relation> = {};
  for (const each of placed) {
    const landing = await bring(actor, each, signal);
    if (!landing.ok) {
      await remove();
      throw new KernelFailure({ ...landing.error, message: `${each.name}: ${landing.error.message}` });
    }
    landed.push(landing);
    relations[each.name] = landing.relation;
  }
  return { relations, remove };
}

async function bring(actor: Actor, { name, place }: Placed, signal: AbortSignal): Promise<Landing> {
  const { connections, warehouse } = getLodestar();
  const { row } = await demandConnection(actor, place.connection, 'read');
  const kernel = await connections.kernel(actor, row, { kind: 'notebook' }, { fresh: true });
  const code = { name, source: rowsOf(place) };
  const events = (stop: AbortSignal) => kernel.run(code, { parameters: {}, relations: {} }, { signal: stop });
  return warehouse.land(events, { signal, person: actor.userId });
}

function refusal(error: unknown) {
  if (error instanceof KernelFailure) return error.error;
  throw error;
}

/** Names that no relation brought along has. */
export function without(names: string[], relations: Record<string, Relation>): string[] {
  return names.filter((name) => !Object.keys(relations).some((each) => sameName(each, name)));
}
