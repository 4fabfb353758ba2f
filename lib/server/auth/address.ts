/** The header in which our own HTTP server tells the address a request came from; what a client sends in it is overwritten. */
export const addressHeader = 'x-lodestar-address';

/** The address a request came from, for limits. */
export function addressOf(headers: Headers): string {
  return headers.get(addressHeader) ?? 'unknown';
}
