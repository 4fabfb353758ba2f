import { kernelHeaders } from './kernels/headers.mjs';

/** @type {import('next').NextConfig} */
export default {
  reactStrictMode: true,
  poweredByHeader: false,
  devIndicators: false,
  productionBrowserSourceMaps: false,
  // One process, two module graphs: what must exist once stays outside the bundle.
  serverExternalPackages: [
    '@duckdb/node-api',
    '@electric-sql/pglite',
    '@platformatic/kafka',
    '@prisma/client',
    'apache-arrow',
    'pg',
    'pg-boss',
    'pglite-prisma-adapter',
    'pino',
    'ws',
    'yjs',
    'y-protocols',
    'lib0',
  ],
  turbopack: {
    root: import.meta.dirname,
  },
  headers: () => Promise.resolve(kernelHeaders),
  // Types and lint have their own steps in `npm run check`.
  typescript: { ignoreBuildErrors: true },
};
