import type { Session } from '#prisma/client/client.ts';
import { newId } from '#lib/notebook/id.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import type { Actor } from '#lib/server/access.ts';
import { notFound } from '#lib/server/problem.ts';
import { hashSecret, newSecret } from '#lib/server/auth/secret.ts';

import { cut, firstSlice, window, type Slice, type Sliced } from './slice.ts';

const hour = 3_600_000;

/** How long a sign-in lasts: a page's cookie 30 days, a script's bearer token one. */
const lifetimes = { page: 30 * 24 * hour, script: 24 * hour };

export interface NewSession {
  id: string;
  expiresAt: Date;
}

/** A sign-in from a page; its id goes into the cookie. The caller has checked who signs in. */
export async function startPageSession(userId: string, agent: string): Promise<NewSession> {
  return insert(userId, agent, lifetimes.page, null);
}

/** A sign-in from a script; the token is shown once. The caller has checked who signs in. */
export async function startScriptSession(userId: string, agent: string): Promise<NewSession & { token: string }> {
  const token = newSecret('session');
  return { ...(await insert(userId, agent, lifetimes.script, hashSecret(token))), token };
}

async function insert(userId: string, agent: string, lifetime: number, tokenHash: string | null): Promise<NewSession> {
  const { db, now } = getLodestar();
  const expiresAt = new Date(now().getTime() + lifetime);
  const data = {
    id: newId(),
    userId,
    tokenHash,
    agent: agent.slice(0, 300),
    createdAt: now(),
    lastSeenAt: now(),
    expiresAt,
  };
  await db.session.create({ data });
  return { id: data.id, expiresAt };
}

export interface SessionView {
  id: string;
  kind: 'page' | 'script';
  agent: string;
  createdAt: string;
  lastSeenAt: string;
  expiresAt: string;
  /** The one this request came by. */
  current: boolean;
}

/** The actor's own live sessions, the newest first. */
export async function listSessions(actor: Actor, slice: Slice = firstSlice): Promise<Sliced<SessionView>> {
  const { db, now } = getLodestar();
  const rows = await db.session.findMany({
    where: { userId: actor.userId, endedAt: null, expiresAt: { gt: now() } },
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
    ...window(slice),
  });
  return cut(rows, slice, (row) => toView(row, actor));
}

/** Ends one of the actor's own sessions and all that hangs on it, at once. */
export async function endSession(actor: Actor, id: string): Promise<void> {
  const { db, now } = getLodestar();
  const { count } = await db.session.updateMany({
    where: { id, userId: actor.userId, endedAt: null },
    data: { endedAt: now() },
  });
  if (count === 0) throw notFound('session');
  await getLodestar().rooms.recheck({ sessionId: id });
}

/** Ends the session its own cookie names: sign-out. */
export async function endSessionById(id: string): Promise<void> {
  const { db, now, rooms } = getLodestar();
  await db.session.updateMany({ where: { id, endedAt: null }, data: { endedAt: now() } });
  await rooms.recheck({ sessionId: id });
}

function toView(row: Session, actor: Actor): SessionView {
  return {
    id: row.id,
    kind: row.tokenHash ? 'script' : 'page',
    agent: row.agent,
    createdAt: row.createdAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    current: actor.via.kind === 'session' && actor.via.id === row.id,
  };
}
