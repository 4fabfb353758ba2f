import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { EventInput } from '#lib/telemetry/event.ts';
import { demand, type Actor } from '#lib/server/access.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { Problem, badRequest } from '#lib/server/problem.ts';

/** What one call may carry, and what one person may note in a minute: far above use, far below a flood. */
export const eventLimits = { perCall: 200, perMinute: 2_000 };

const limiter = new RateLimiterMemory({ points: eventLimits.perMinute, duration: 60 });

/** Stores facts about the actor's own use; who and when are stamped here. Gives how many were stored. */
export async function noteEvents(actor: Actor, projectId: string, items: EventInput[]): Promise<number> {
  await demand(actor, projectId, 'read');
  if (items.length > eventLimits.perCall) throw badRequest(`At most ${eventLimits.perCall} events in one call.`);
  if (!items.length) return 0;
  await spend(actor.userId, items.length);
  await demandNotebooks(projectId, items);
  const { db, now } = getLodestar();
  const at = now();
  const { count } = await db.event.createMany({ data: items.map((item) => toRow(actor, projectId, item, at)) });
  return count;
}

function toRow(actor: Actor, projectId: string, { notebookId, cellId, fact }: EventInput, at: Date) {
  const { kind, ...fields } = fact;
  return { at, kind, userId: actor.userId, projectId, notebookId, cellId, fields };
}

async function spend(userId: string, points: number): Promise<void> {
  try {
    await limiter.consume(userId, points);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    const seconds = Math.ceil(error.msBeforeNext / 1000);
    throw new Problem(429, 'too-many-events', `Too many events in a minute. Send the rest in ${seconds} s.`, {
      retryAfter: seconds,
    });
  }
}

/** An event is noted where it happened: in a notebook of this very project. */
async function demandNotebooks(projectId: string, items: EventInput[]): Promise<void> {
  const ids = [...new Set(items.map((item) => item.notebookId))];
  const found = await getLodestar().db.notebook.count({ where: { projectId, id: { in: ids } } });
  if (found !== ids.length) throw badRequest('An event names a notebook that is not in this project.');
}
