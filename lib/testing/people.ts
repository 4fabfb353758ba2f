import { newId } from '#lib/notebook/id.ts';
import type { Actor, Role } from '#lib/server/access.ts';
import { cookieFor } from '#lib/server/auth/cookie.ts';
import { startPageSession, startScriptSession } from '#lib/server/data/session.ts';
import { getLodestar } from '#lib/server/lodestar.ts';

/** A person with a live page session. */
export async function makeActor(given: { name?: string; email?: string; isAdmin?: boolean } = {}): Promise<Actor> {
  const { db } = getLodestar();
  const id = newId();
  const name = given.name ?? `Person ${id.slice(0, 4)}`;
  const email = given.email ?? `${id}@lodestar.test`;
  await db.user.create({ data: { id, name, email, passwordHash: 'none', isAdmin: given.isAdmin ?? false } });
  const session = await startPageSession(id, 'test');
  return { userId: id, name, email, isAdmin: given.isAdmin ?? false, via: { kind: 'session', id: session.id } };
}

/** A project; `owner` owns it when given. */
export async function makeProject(
  owner?: Actor,
  given: { name?: string; timeZone?: string } = {},
): Promise<{ id: string; name: string }> {
  const data = { id: newId(), name: given.name ?? 'Shop', timeZone: given.timeZone ?? 'UTC' };
  await getLodestar().db.project.create({ data });
  if (owner) await makeMember(data.id, owner, 'owner');
  return { id: data.id, name: data.name };
}

export async function makeMember(projectId: string, actor: Actor, role: Role): Promise<void> {
  await getLodestar().db.member.create({ data: { projectId, userId: actor.userId, role } });
}

/** A notebook's row without a document: rooms open it as an empty one. */
export async function makeNotebookRow(projectId: string, by: Actor, title = 'Notebook'): Promise<{ id: string }> {
  const id = newId();
  await getLodestar().db.notebook.create({ data: { id, projectId, title, createdBy: by.userId } });
  return { id };
}

/** Headers of the actor's own page session, as a browser on our own origin sends them. */
export async function pageHeaders(actor: Actor): Promise<{ cookie: string; origin: string }> {
  const origin = new URL(getLodestar().config.PUBLIC_URL ?? 'http://lodestar.test').origin;
  return { cookie: await cookieFor(actor.via.id), origin };
}

/** Headers of a fresh script session. */
export async function bearerHeaders(actor: Actor): Promise<{ authorization: string }> {
  const { token } = await startScriptSession(actor.userId, 'test');
  return { authorization: `Bearer ${token}` };
}
