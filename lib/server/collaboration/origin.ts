import type { IncomingHttpHeaders } from 'node:http';
import { bearerIn } from '#lib/server/auth/authenticate.ts';

/**
 * Whether an upgrade may come from where it says. A page on another site can open a websocket with our cookie, so its
 * Origin must be on the list; absent and `null` are not. A bearer token is never sent by a browser on its own: with one,
 * a script needs no Origin.
 */
export function mayComeFrom(headers: IncomingHttpHeaders, allowed: readonly string[]): boolean {
  if (bearerIn(headers) !== null) return true;
  return headers.origin !== undefined && allowed.includes(headers.origin);
}
