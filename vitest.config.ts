import { defineConfig } from 'vitest/config';

// Five projects by what they need: unit (pure), server (database, child processes, sockets), browser (Chromium against a
// built and started Lodestar), trino (a real Trino, some with Chromium too), kafka (a real Kafka). A file's ending says which.
export default defineConfig({
  test: {
    globals: false,
    reporters: ['default'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{lib,kernels,components,bench}/**/*.test.ts'],
          environment: 'node',
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'server',
          include: ['{lib,kernels,app}/**/*.server-test.ts'],
          environment: 'node',
          testTimeout: 120_000,
          hookTimeout: 240_000,
          // Each file has its own folders, ports and databases, and most of them wait for processes and disks.
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['{app,kernels,lib}/**/*.browser-test.ts'],
          environment: 'node',
          testTimeout: 120_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'trino',
          include: ['{app,kernels,lib}/**/*.{trino-test,trino-browser-test}.ts'],
          environment: 'node',
          testTimeout: 120_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'kafka',
          include: ['lib/**/*.kafka-test.ts'],
          environment: 'node',
          testTimeout: 120_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
