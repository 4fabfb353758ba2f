import { randomBytes } from 'node:crypto';

/*
 * What every page tells the browser it may do. No eval and no inline script but by nonce; nothing is loaded from and
 * nothing is sent to anywhere else. Static files that run people's code (/sandbox, /duckdb) carry their own, stricter
 * policy, set where they are served.
 */

export interface PageHeaders {
  /** For the response. */
  response: Record<string, string>;
  /** For Next, which reads the nonce from the request and puts it on its own scripts. */
  request: Record<string, string>;
}

export function headersFor(path: string, options: { dev?: boolean } = {}): PageHeaders {
  if (hasOwnPolicy(path)) return { response: { 'x-content-type-options': 'nosniff' }, request: {} };
  const policy = contentPolicy(randomBytes(16).toString('base64'), options.dev ?? false);
  return { response: { ...always, 'content-security-policy': policy }, request: { 'content-security-policy': policy } };
}

const always = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
};

function hasOwnPolicy(path: string): boolean {
  return ['/sandbox/', '/duckdb/', '/_next/static/'].some((prefix) => path.startsWith(prefix));
}

/** `dev` lets React's development build use eval; it is never on in what people run. */
export function contentPolicy(nonce: string, dev: boolean): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'wasm-unsafe-eval'${dev ? " 'unsafe-eval'" : ''}`,
    // Monaco and Vega write style attributes and elements; no script runs from a style.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    // 'self' covers the websocket of the same origin.
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "frame-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
