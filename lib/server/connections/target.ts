import type { Dispatcher } from 'undici';
import type { Connection } from '#prisma/client/client.ts';
import type { TrinoTarget } from '#kernels/server.ts';
import { ConnectionSettings, type Account } from '#lib/connection/settings.ts';
import { newId } from '#lib/notebook/id.ts';
import type { Lodestar } from '#lib/server/lodestar.ts';
import { Problem } from '#lib/server/problem.ts';
import { SealBroken } from '#lib/server/secret.ts';
import type { About, Person } from './connections.ts';
import { openAccount, openSecret } from './reach.ts';
import { whomFor } from './whom.ts';

/*
 * SECURITY 12. Where queries run and as whom, from the connection's row and who is signed in. A request says neither.
 */

type World = Pick<Lodestar, 'db' | 'secrets'>;

export async function toTarget(
  world: World,
  dispatcher: Dispatcher,
  person: Person,
  connection: Connection,
  about: About,
): Promise<TrinoTarget> {
  const whom = await whomFor(world.db, connection, person);
  if (!whom.ok) throw new Problem(422, whom.code, whom.message);
  const authorization = await authorizationFor(world, connection, person.userId);
  return { ...plainTarget(connection, dispatcher), authorization, user: whom.user, ...told(person, connection, about) };
}

/** The parts that a connection decides by itself. */
export function plainTarget({ url, settings }: Pick<Connection, 'url' | 'settings'>, dispatcher: Dispatcher) {
  const { catalog, schema, session } = ConnectionSettings.parse(settings);
  return { url, dispatcher, catalog, schema, session, source: 'lodestar' };
}

/** What the cluster's own list shows of a query, for its administrators. */
export function told(person: Person, { projectId }: Pick<Connection, 'projectId'>, about: About) {
  const { kind, ...where } = about;
  const info = { person: { id: person.userId, name: person.name }, project: projectId, kind, ...where };
  return {
    clientTags: ['lodestar', `project:${projectId}`, kind],
    clientInfo: JSON.stringify(info),
    traceToken: newTrace(),
  };
}

/** Names one run in the cluster's logs and in ours. */
export const newTrace = () => `lodestar-${newId()}`;

export function basic({ account, secret }: Account): string {
  return `Basic ${Buffer.from(`${account}:${secret}`).toString('base64')}`;
}

async function authorizationFor(world: World, connection: Connection, userId: string): Promise<string | null> {
  const { identity } = ConnectionSettings.parse(connection.settings);
  if (identity.kind === 'none') return null;
  if (connection.url.startsWith('http:'))
    throw new Problem(422, 'plain-http', `${connection.name} would send a password in the open. Use https.`);
  try {
    return basic(identity.kind === 'person' ? await own(world, connection, userId) : service(world, connection));
  } catch (error) {
    throw error instanceof SealBroken ? new Problem(422, 'secret-needed', error.message) : error;
  }
}

function service(world: World, connection: Connection): Account {
  const { identity } = ConnectionSettings.parse(connection.settings);
  if (identity.kind !== 'service' || connection.secret === null)
    throw new Problem(422, 'secret-needed', `${connection.name} has no password. An owner must give it.`);
  return { account: identity.account, secret: openSecret(world, connection, connection.secret) };
}

async function own(world: World, connection: Connection, userId: string): Promise<Account> {
  const key = { connectionId: connection.id, userId };
  const row = await world.db.credential.findUniqueOrThrow({ where: { connectionId_userId: key } });
  return openAccount(world, connection, row);
}
