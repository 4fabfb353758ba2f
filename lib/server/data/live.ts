import type { LiveView } from '#lib/job/view.ts';
import type { Actor } from '#lib/server/access.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { conflict } from '#lib/server/problem.ts';
import { readLive } from '#lib/server/realtime/view.ts';
import { demandJob } from './job.ts';

/** How a real-time job stands in its stream, without its text and its windows: what a page asks for each second. */
export async function readLiveJob(actor: Actor, id: string): Promise<LiveView> {
  const { name } = await demandJob(actor, id, 'read');
  const live = await readLive(getLodestar(), id);
  if (!live) throw conflict('not-realtime', `${name} runs by a schedule, so it stands in no stream.`);
  return live;
}
