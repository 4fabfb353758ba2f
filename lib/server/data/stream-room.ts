import type { Prisma, PrismaClient } from '#prisma/client/client.ts';
import type { StreamSpec } from '#lib/stream/spec.ts';
import { conflict, type Problem } from '#lib/server/problem.ts';
import { eventsName } from '#lib/server/warehouse/events-dataset.ts';
import { namesakes, streamNamed } from './namesake.ts';

/** Whether a project has room for another stream: its name, how many there are, what there is one of. */

type Client = PrismaClient | Prisma.TransactionClient;

/** Streams of a project. Each takes memory while it is written, and the page of them shows all. */
const mostStreams = 100;

/**
 * Throws 409 where there is no room for such a stream in the project. Streams and datasets are read by their names alike, and SQL
 * knows no upper and lower case. Of the workbench's own events there is one: another would hold the same.
 */
export async function demandRoom(db: Client, projectId: string, { name, source }: StreamSpec): Promise<void> {
  if (name.toLowerCase() === eventsName) throw taken(name, 'kept by Lodestar');
  if ((await namesakes(db, projectId, name)).length > 0) throw taken(name, 'a dataset');
  if (await streamNamed(db, projectId, name)) throw taken(name, 'a stream');
  if ((await db.stream.count({ where: { projectId } })) >= mostStreams)
    throw conflict(
      'too-many-streams',
      `This project has ${mostStreams} streams, as many as it may. Delete one that is no longer needed, or make this one in another project.`,
    );
  if (source?.kind === 'telemetry') await demandNoTelemetry(db, projectId);
}

async function demandNoTelemetry(db: Client, projectId: string): Promise<void> {
  const own = { path: ['kind'], equals: 'telemetry' };
  const known = await db.stream.findFirst({ where: { projectId, source: own }, orderBy: { createdAt: 'asc' } });
  if (!known) return;
  throw conflict(
    'telemetry-there',
    `The workbench’s own events of this project are a stream already, ${known.name}: read that one.`,
  );
}

export function taken(name: string, what: string): Problem {
  return conflict('name-taken', `There is ${name} already: it is ${what}. Choose another name.`);
}
