import type { IncomingHttpHeaders } from 'node:http';
import { forbidden } from '#lib/server/problem.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { toProblemResponse } from '#lib/server/api/refusal.ts';
import type { Config } from '#lib/server/config.ts';

/*
 * Requests that a browser makes on its own carry the cookie, whoever made the browser make them. So whatever changes
 * something by cookie, and every websocket, must come from a page of ours: its Origin is on this list.
 */

const loopback = ['127.0.0.1', 'localhost', '[::1]'];

/** The origins pages of this installation have. Unless PUBLIC_URL says one, every name of the loopback is ours. */
export function ownOrigins(config: Config, port = config.PORT): string[] {
  if (config.PUBLIC_URL) return [new URL(config.PUBLIC_URL).origin];
  const names = isLoopback(config.HOST) ? loopback : [config.HOST, ...loopback];
  return names.map((name) => new URL(`http://${name}:${port}`).origin);
}

export function isOwnOrigin(origin: string | null | undefined): boolean {
  return origin !== null && origin !== undefined && getLodestar().origins.includes(origin);
}

/** Throws unless a page of ours sent this. `null` and no Origin at all are refused too. */
export function demandOwnOrigin(headers: Headers | IncomingHttpHeaders): void {
  const get = (name: string) =>
    headers instanceof Headers ? headers.get(name) : (headers[name] as string | undefined);
  const site = get('sec-fetch-site');
  if (!isOwnOrigin(get('origin')) || (site && site !== 'same-origin'))
    throw forbidden(
      'This request did not come from a page of this Lodestar. Scripts send Authorization: Bearer instead of the cookie.',
    );
}

/** The same as an answer, for next-auth's own routes. */
export function refuseForeign(headers: Headers): Response | null {
  try {
    demandOwnOrigin(headers);
    return null;
  } catch (error) {
    return toProblemResponse(error);
  }
}

function isLoopback(host: string): boolean {
  return loopback.includes(host) || host === '::1' || host === '0.0.0.0' || host === '::';
}
