import { call } from '#lib/client/call.ts';
import type { EventInput } from '#lib/telemetry/event.ts';

/** Notes facts of use. Gives whether they were taken, or may never be; false is worth another try. */
export async function sendEvents(projectId: string, items: EventInput[]): Promise<boolean> {
  const answer = await call('POST', path(projectId), { items });
  return answer.ok || (answer.problem.status >= 400 && answer.problem.status < 500 && answer.problem.status !== 429);
}

/** The same as the page goes away: the browser sends it after us. */
export function beaconEvents(projectId: string, items: EventInput[]): boolean {
  return navigator.sendBeacon(path(projectId), new Blob([JSON.stringify({ items })], { type: 'application/json' }));
}

function path(projectId: string): string {
  return `/api/projects/${projectId}/events`;
}
