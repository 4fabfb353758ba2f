import type { DuckDBConnection } from '@duckdb/node-api';
import type { Step } from '#lib/job/spec.ts';
import { build } from './build.ts';
import { rebound } from './load.ts';
import { identifier } from './lock.ts';
import type { BuildRequest, Reply, Written } from './protocol.ts';

/*
 * Windows of one text, one after the other in an engine that is locked to what all of them read and write: making and locking
 * one costs more than a small window does. A window sees nothing of what another kept.
 */

/** Another window is begun within so many ms of the first: others wait for this job's turn to be over. */
const patience = 1000;

export interface Told {
  log(line: string): void;
  /** Called for each window that was built, in order. */
  reply(value: Reply<Written>): Promise<void>;
  isStopped(): boolean;
}

export async function buildWindows(
  connection: DuckDBConnection,
  { others = [], ...first }: BuildRequest,
  { log, reply, isStopped }: Told,
): Promise<void> {
  const began = performance.now();
  await reply(await build(connection, first, log));
  for (const other of others) {
    if (isStopped() || performance.now() - began > patience) return;
    await forget(connection, first.steps);
    await rebound(connection, first.relations, other.bounds ?? {});
    await reply(await build(connection, { ...first, ...other }, log));
  }
}

async function forget(connection: DuckDBConnection, steps: Step[]): Promise<void> {
  const names = [...steps.map(({ name }) => name), 'output'];
  await connection.run(names.map((name) => `DROP TABLE IF EXISTS temp.main.${identifier(name)};`).join('\n'));
}
