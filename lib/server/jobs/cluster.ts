import type { Answer, AskOptions, Trino } from '#kernels/server.ts';
import { KernelFailure } from '#kernels/failure.ts';
import type { Done, KernelEvent } from '#kernels/kernel.ts';
import { ConnectionSettings, writesIn } from '#lib/connection/settings.ts';
import type { Lodestar } from '#lib/server/lodestar.ts';
import { Problem } from '#lib/server/problem.ts';
import type { Connection } from '#prisma/client/client.ts';
import type { Work } from './work.ts';

/** A cluster, as the person in whose name a window is answered. */
export interface Cluster {
  name: string;
  kernel: Trino;
  /** One statement to its end. Rejects with what the cluster said. */
  ask(sql: string, options?: AskOptions): Promise<Answer>;
}

type World = Pick<Lodestar, 'db' | 'connections'>;

/** Throws a Problem where the connection is gone, or the person has no account there. */
export async function clusterFor(world: World, work: Work, connectionId: string): Promise<Cluster> {
  const { person, about } = work;
  const connection = await connectionOf(world, work.projectId, connectionId);
  return {
    name: connection.name,
    kernel: await world.connections.jobKernel(person, connection, about),
    ask: (sql, options) => world.connections.ask(person, connection, about, sql, options),
  };
}

/** Asked before every run, as the right to write may be taken away after an approval. Throws a Problem. */
export async function demandWrites(world: World, { projectId, spec }: Work): Promise<void> {
  const { connection, catalog, schema } = spec.place!;
  const { name, settings } = await connectionOf(world, projectId, connection);
  const today = writesIn(ConnectionSettings.parse(settings));
  if (today?.catalog === catalog && today.schema === schema) return;
  throw new Problem(
    422,
    'no-place',
    `Jobs may no longer write to ${catalog}.${schema} on ${name}. An owner can allow it again in the connection's settings; or promote the query to another place.`,
  );
}

async function connectionOf({ db }: Pick<World, 'db'>, projectId: string, id: string): Promise<Connection> {
  const found = await db.connection.findFirst({ where: { id, projectId } });
  if (found) return found;
  throw new Problem(
    422,
    'no-connection',
    'The connection this job uses is gone from the project. Promote the query again on another.',
  );
}

/** Runs a query to its end, each event before handed to `take`. Throws KernelFailure with what went wrong. */
export async function drain(
  events: AsyncIterable<KernelEvent>,
  take: (event: KernelEvent) => void = () => undefined,
): Promise<Done> {
  for await (const event of events) {
    if (event.type === 'failed') throw new KernelFailure(event.error);
    if (event.type === 'done') return event;
    take(event);
  }
  throw new KernelFailure({ code: 'lost', message: 'The answer of the cluster ended before the query did.' });
}
