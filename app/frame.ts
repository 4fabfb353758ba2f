import type { PlaceKey } from '#components/frame/places.ts';
import type { Actor } from '#lib/server/access.ts';
import { readSurroundings, type Surroundings } from '#lib/server/data/overview.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { load } from './load.ts';

/** What the frame around a page of a project needs, ready to hand over. */
export interface Around {
  me: { id: string; name: string };
  project: { id: string; name: string };
  at: PlaceKey;
  waiting: number;
  zone: string;
}

export async function around(
  actor: Actor,
  projectId: string,
  at: PlaceKey,
): Promise<{ frame: Around; surroundings: Surroundings }> {
  const surroundings = await load(readSurroundings(actor, projectId));
  const { project, waiting } = surroundings;
  const frame = {
    me: meOf(actor),
    project: { id: project.id, name: project.name },
    at,
    waiting,
    zone: project.timeZone,
  };
  return { frame, surroundings };
}

export function meOf(actor: Actor): { id: string; name: string } {
  return { id: actor.userId, name: actor.name };
}

/** The clock a page was made by, so that the browser says the same times. */
export function clockIn(zone: string): { now: string; zone: string } {
  return { now: getLodestar().now().toISOString(), zone };
}
