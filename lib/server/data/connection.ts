import type { Connection } from '#prisma/client/client.ts';
import { newId } from '#lib/notebook/id.ts';
import { ConnectionSettings, type ConnectionInput } from '#lib/connection/settings.ts';
import type { ConnectionEntry, ConnectionView, Tested } from '#lib/connection/view.ts';
import { allows, demand, type Actor, type Role } from '#lib/server/access.ts';
import { isSameReach, sealAccount, sealSecret } from '#lib/server/connections/reach.ts';
import { whomFor } from '#lib/server/connections/whom.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { conflict, notFound } from '#lib/server/problem.ts';
import { demandConnection, ownOf } from './connection-row.ts';
import { demandProven, needsTest, toTried } from './connection-test.ts';
import { demandUnused } from './connection-use.ts';

/*
 * Connections of a project. An owner makes them; nothing of them is kept before it was tried, and their secrets are written
 * here and shown to nobody.
 */

/** The project's connections by name, for whoever may run queries in it. */
export async function listConnections(actor: Actor, projectId: string): Promise<ConnectionEntry[]> {
  await demand(actor, projectId, 'read');
  const rows = await getLodestar().db.connection.findMany({ where: { projectId }, orderBy: { name: 'asc' } });
  return Promise.all(rows.map((row) => toEntry(actor, row)));
}

export async function readConnection(actor: Actor, id: string): Promise<ConnectionView> {
  const { row, role } = await demandConnection(actor, id, 'read');
  return toView(actor, row, role);
}

/** Tries it first; 422 `not-tested` with the steps when it cannot be used as it is. */
export async function createConnection(
  actor: Actor,
  projectId: string,
  input: ConnectionInput,
  signal: AbortSignal,
): Promise<ConnectionView> {
  await demand(actor, projectId, 'own');
  await demandNameFree(projectId, input.name, null);
  const given = normal(input);
  const tested = await demandProven(toTried(actor, projectId, given, null, null), signal);
  await demand(actor, projectId, 'own');
  const { now } = getLodestar();
  const id = newId();
  const stamp = { createdBy: actor.userId, createdAt: now(), updatedAt: now() };
  await saved(projectId, given.name, () =>
    getLodestar().db.connection.create({ data: { id, projectId, ...columns(id, given, tested), ...stamp } }),
  );
  await keepOwn(actor, id, given);
  return readConnection(actor, id);
}

/** Tries it first when anything changes but its name and limits. A kept password serves the address it was given for only. */
export async function replaceConnection(
  actor: Actor,
  id: string,
  input: ConnectionInput,
  signal: AbortSignal,
): Promise<ConnectionView> {
  const { row } = await demandConnection(actor, id, 'own');
  await demandNameFree(row.projectId, input.name, id);
  const given = normal(input);
  const own = await ownOf(actor, row);
  const tried = toTried(actor, row.projectId, given, row, own);
  const tested = needsTest(row, given) ? await demandProven(tried, signal) : (row.tested as Tested | null);
  await demandConnection(actor, id, 'own');
  await replaceRow(row, { ...given, secret: tried.secret }, tested);
  await keepOwn(actor, id, given);
  return readConnection(actor, id);
}

/** Refused while a job or a dataset needs it. What runs on it is stopped. */
export async function deleteConnection(actor: Actor, id: string): Promise<void> {
  const { row } = await demandConnection(actor, id, 'own');
  await demandUnused(row);
  await getLodestar().connections.stopOn(id);
  await getLodestar().db.connection.deleteMany({ where: { id } });
}

async function replaceRow(row: Connection, given: ConnectionInput, tested: Tested | null): Promise<void> {
  const { db, now } = getLodestar();
  await saved(row.projectId, given.name, () =>
    db.$transaction(async (tx) => {
      const { count } = await tx.connection.updateMany({
        where: { id: row.id, version: row.version },
        data: { ...columns(row.id, given, tested), version: { increment: 1 }, updatedAt: now() },
      });
      if (count === 0)
        throw conflict('changed-meanwhile', `${row.name} was changed by someone else. Look at it again.`);
      if (!isSameReach(row, { ...given, id: row.id }))
        await tx.credential.deleteMany({ where: { connectionId: row.id } });
    }),
  );
}

function columns(id: string, { name, url, settings, secret }: ConnectionInput, tested: Tested | null) {
  const sealed = secret ? sealSecret(getLodestar(), { id, url, settings }, secret) : null;
  return { name, url, settings, secret: sealed, tested: tested as unknown as object };
}

async function keepOwn(actor: Actor, connectionId: string, { url, settings, own }: ConnectionInput): Promise<void> {
  if (settings.identity.kind !== 'person' || !own) return;
  const secret = sealAccount(getLodestar(), { id: connectionId, url, settings }, actor.userId, own);
  const data = { account: own.account, secret, updatedAt: getLodestar().now() };
  const key = { connectionId, userId: actor.userId };
  await getLodestar().db.credential.upsert({
    where: { connectionId_userId: key },
    create: { ...key, ...data },
    update: data,
  });
}

/** One spelling of an address; no password where nobody signs in with it. */
function normal(input: ConnectionInput): ConnectionInput {
  const url = new URL(input.url).origin;
  return input.settings.identity.kind === 'service' ? { ...input, url } : { ...input, url, secret: null };
}

async function demandNameFree(projectId: string, name: string, but: string | null): Promise<void> {
  const found = await getLodestar().db.connection.findUnique({ where: { projectId_name: { projectId, name } } });
  if (found && found.id !== but) throw taken(name);
}

async function saved(projectId: string, name: string, save: () => Promise<unknown>): Promise<void> {
  try {
    await save();
  } catch (error) {
    if ((error as { code?: string }).code === 'P2002') throw taken(name);
    if ((error as { code?: string }).code === 'P2003') throw notFound('project');
    throw error;
  }
}

const taken = (name: string) => conflict('name-taken', `There is a connection ${name} in this project already.`);

async function toEntry(actor: Actor, row: Connection): Promise<ConnectionEntry> {
  const { catalog, schema, writes } = ConnectionSettings.parse(row.settings);
  const whom = await whomFor(getLodestar().db, row, actor);
  return { id: row.id, name: row.name, catalog, schema, writes, ready: whom.ok };
}

async function toView(actor: Actor, row: Connection, role: Role): Promise<ConnectionView> {
  const whom = await whomFor(getLodestar().db, row, actor);
  const settings = ConnectionSettings.parse(row.settings);
  const mayManage = allows(role, 'own');
  return {
    id: row.id,
    projectId: row.projectId,
    name: row.name,
    url: row.url,
    settings: mayManage ? settings : withoutPeople(settings),
    hasSecret: row.secret !== null,
    version: row.version,
    tested: mayManage ? (row.tested as Tested | null) : null,
    user: whom.ok ? whom.user : '',
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** Whom others become is for owners. */
function withoutPeople(settings: ConnectionSettings): ConnectionSettings {
  const { identity } = settings;
  return identity.kind === 'person' ? settings : { ...settings, identity: { ...identity, exceptions: {} } };
}
