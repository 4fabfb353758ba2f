/*
 * The headers of the static files that run people's code; next.config.js and the test harness both serve them.
 * SECURITY 4: the sandbox is an opaque origin even when opened by its address, loads nothing and reaches nobody.
 * DuckDB's worker may fetch its own wasm from this origin and nothing else, so no SQL reaches a foreign host.
 */

const sandbox = [
  "default-src 'none'",
  "script-src 'unsafe-inline' 'unsafe-eval' blob:",
  'worker-src blob:',
  "connect-src 'none'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'self'",
  'sandbox allow-scripts',
].join('; ');

const duckdb = ["default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "connect-src 'self'"].join('; ');

export const kernelHeaders = [
  {
    source: '/sandbox/:path*',
    headers: [
      { key: 'Content-Security-Policy', value: sandbox },
      { key: 'Referrer-Policy', value: 'no-referrer' },
      { key: 'X-Content-Type-Options', value: 'nosniff' },
    ],
  },
  {
    source: '/duckdb/:version/:file*',
    headers: [
      { key: 'Content-Security-Policy', value: duckdb },
      { key: 'Content-Encoding', value: 'gzip' },
      { key: 'Cache-Control', value: 'public, max-age=31536000, immutable' },
      { key: 'X-Content-Type-Options', value: 'nosniff' },
    ],
  },
];
