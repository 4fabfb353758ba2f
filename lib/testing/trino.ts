import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster, type Cluster, type ClusterOptions } from '#lib/server/boot/trino/cluster.mjs';

/*
 * A real Trino for tests: the one that `npm test` shares, or one of a test's own that it may kill.
 */

/** The address of the shared Trino, with the catalogs tpch, memory and iceberg. Make schemas of your own in it and drop them. */
export function trinoUrl(): string {
  const url = process.env.TEST_TRINO_URL;
  if (url) return url;
  throw new Error('TEST_TRINO_URL is not set. Run `npm test -- trino`, or start one with `npm run trino` and set it.');
}

/**
 * Starts a Trino of the test's own on a free loopback port (12 s, 1 GB). Without `dir` its data is removed by `stop()`.
 * Results are spooled, and passwords asked for, only where `spooling` and `auth` say so.
 */
export async function startTrino(options: ClusterOptions = {}): Promise<Cluster> {
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'lodestar-trino-')));
  const remove = async () => {
    if (!options.dir) await rm(dir, { recursive: true, force: true });
  };
  try {
    const cluster = await startCluster({ quick: true, tell: (_, work) => work(), ...options, dir });
    const { stop } = cluster;
    return Object.assign(cluster, { stop: () => stop().then(remove) });
  } catch (error) {
    await remove();
    throw error;
  }
}
