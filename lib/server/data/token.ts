import { z } from 'zod';
import type { Token } from '#prisma/client/client.ts';
import { newId } from '#lib/notebook/id.ts';
import type { Actor } from '#lib/server/access.ts';
import { hashSecret, newSecret } from '#lib/server/auth/secret.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { notFound } from '#lib/server/problem.ts';
import { cut, firstSlice, window, type Slice, type Sliced } from './slice.ts';

export const NewToken = z.object({
  name: z.string().trim().min(1).max(100),
  /** Days until it ends by itself; null for never. */
  days: z.number().int().min(1).max(3660).nullable().default(null),
});
export type NewToken = z.infer<typeof NewToken>;

export interface TokenView {
  id: string;
  name: string;
  hint: string;
  createdAt: string;
  lastUsedAt: string | null;
  expiresAt: string | null;
}

/** The actor's own tokens that were not revoked, the newest first. */
export async function listTokens(actor: Actor, slice: Slice = firstSlice): Promise<Sliced<TokenView>> {
  const rows = await getLodestar().db.token.findMany({
    where: { userId: actor.userId, revokedAt: null },
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
    ...window(slice),
  });
  return cut(rows, slice, toView);
}

/** Makes a personal access token. `token` is shown this once. */
export async function createToken(actor: Actor, given: NewToken): Promise<TokenView & { token: string }> {
  const { db, now } = getLodestar();
  const token = newSecret('token');
  const expiresAt = given.days === null ? null : new Date(now().getTime() + given.days * 86_400_000);
  const row = await db.token.create({
    data: {
      id: newId(),
      userId: actor.userId,
      name: given.name,
      hash: hashSecret(token),
      hint: token.slice(0, 8),
      createdAt: now(),
      expiresAt,
    },
  });
  return { ...toView(row), token };
}

/** Revokes one of the actor's own tokens; what was opened with it ends at once. */
export async function revokeToken(actor: Actor, id: string): Promise<void> {
  const { db, now } = getLodestar();
  const { count } = await db.token.updateMany({
    where: { id, userId: actor.userId, revokedAt: null },
    data: { revokedAt: now() },
  });
  if (count === 0) throw notFound('token');
  await getLodestar().rooms.recheck({ userId: actor.userId });
}

function toView(row: Token): TokenView {
  return {
    id: row.id,
    name: row.name,
    hint: row.hint,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    expiresAt: row.expiresAt?.toISOString() ?? null,
  };
}
