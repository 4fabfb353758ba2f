import type { IncomingHttpHeaders } from 'node:http';
import type { User } from '#prisma/client/client.ts';
import type { Actor } from '#lib/server/access.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { sessionIdIn } from './cookie.ts';
import { hashSecret } from './secret.ts';

/*
 * Who is asking? One answer for the API, the pages and the websocket: a bearer secret (script session or personal access
 * token) or the page's cookie. Every way ends at a row that is read anew each time, so ending the row ends the way.
 */

type HeaderBag = Headers | IncomingHttpHeaders;

/** The signed-in person, or null. A bearer header decides alone: a wrong one does not fall back to the cookie. */
export async function authenticate(headers: HeaderBag): Promise<Actor | null> {
  const bearer = bearerIn(headers);
  if (bearer !== null) return actorOfBearer(bearer);
  const sessionId = await sessionIdIn(header(headers, 'cookie'));
  return sessionId ? actorOfSession(sessionId) : null;
}

/** The secret of an `Authorization: Bearer` header; null when there is no such header. */
export function bearerIn(headers: HeaderBag): string | null {
  const match = /^Bearer +(\S+) *$/i.exec(header(headers, 'authorization') ?? '');
  return match?.[1] ?? null;
}

/** The person behind a live session; null when it ended, expired or never was. */
export async function actorOfSession(id: string): Promise<Actor | null> {
  const session = await getLodestar().db.session.findUnique({ where: { id }, include: { user: true } });
  if (!session || session.tokenHash || !isLive(session)) return null;
  await seen(session);
  return toActor(session.user, { kind: 'session', id });
}

async function actorOfBearer(secret: string): Promise<Actor | null> {
  const hash = hashSecret(secret);
  return (await actorOfScript(hash)) ?? (await actorOfToken(hash));
}

async function actorOfScript(tokenHash: string): Promise<Actor | null> {
  const session = await getLodestar().db.session.findUnique({ where: { tokenHash }, include: { user: true } });
  if (!session || !isLive(session)) return null;
  await seen(session);
  return toActor(session.user, { kind: 'session', id: session.id });
}

async function actorOfToken(hash: string): Promise<Actor | null> {
  const { db, now } = getLodestar();
  const token = await db.token.findUnique({ where: { hash }, include: { user: true } });
  if (!token || !isUsable(token)) return null;
  if (isOld(token.lastUsedAt)) await db.token.update({ where: { id: token.id }, data: { lastUsedAt: now() } });
  return toActor(token.user, { kind: 'token', id: token.id });
}

function isLive(session: { endedAt: Date | null; expiresAt: Date }): boolean {
  return !session.endedAt && session.expiresAt > getLodestar().now();
}

function isUsable(token: { revokedAt: Date | null; expiresAt: Date | null }): boolean {
  return !token.revokedAt && (!token.expiresAt || token.expiresAt > getLodestar().now());
}

async function seen(session: { id: string; lastSeenAt: Date }): Promise<void> {
  const { db, now } = getLodestar();
  if (isOld(session.lastSeenAt))
    await db.session.updateMany({ where: { id: session.id }, data: { lastSeenAt: now() } });
}

/** A write a minute is enough to say when something was last used. */
function isOld(at: Date | null): boolean {
  return !at || getLodestar().now().getTime() - at.getTime() > 60_000;
}

function toActor(user: User, via: Actor['via']): Actor {
  return { userId: user.id, name: user.name, email: user.email, isAdmin: user.isAdmin, via };
}

function header(headers: HeaderBag, name: string): string | null {
  const value = headers instanceof Headers ? headers.get(name) : headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}
