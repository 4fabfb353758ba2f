import { newId } from '#lib/notebook/id.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { hashSecret, newSecret } from '#lib/server/auth/secret.ts';

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
  const data = { id: newId(), userId, tokenHash, agent: agent.slice(0, 300), createdAt: now(), lastSeenAt: now(), expiresAt };
  await db.session.create({ data });
  return { id: data.id, expiresAt };
}
