import type { Actor, Role } from '#lib/server/access.ts';
import { CloseCode } from '#lib/notebook/close-codes.ts';
import type { ExecuteSql } from '#lib/server/database/open.ts';

/*
 * What somebody who holds a socket may do right now. Sockets outlive the request that opened them, so session, token,
 * membership and notebook are read again for all of them together, in one statement, more than once a second.
 */

export interface Holder {
  actor: Actor;
  notebookId: string;
}

export type Standing = { role: Role; projectId: string } | { refused: CloseCode };

interface Row {
  n: number;
  live: boolean;
  projectId: string | null;
  isAdmin: boolean | null;
  role: string | null;
}

/** One standing for each holder, in their order. */
export async function readStandings(
  executeSql: ExecuteSql,
  holders: readonly Holder[],
  now: Date,
): Promise<Standing[]> {
  if (holders.length === 0) return [];
  const { rows } = await executeSql(text, [
    holders.map((_, index) => index),
    holders.map(({ actor }) => actor.via.kind),
    holders.map(({ actor }) => actor.via.id),
    holders.map(({ actor }) => actor.userId),
    holders.map(({ notebookId }) => notebookId),
    now.toISOString(),
  ]);
  return (rows as Row[]).map(toStanding);
}

const text = `
  SELECT h.n, (s.id IS NOT NULL OR t.id IS NOT NULL) AS live, b."projectId", u."isAdmin", m.role
  FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[]) AS h(n, kind, via, "userId", "notebookId")
  LEFT JOIN "Session" s ON h.kind = 'session' AND s.id = h.via AND s."userId" = h."userId"
    AND s."endedAt" IS NULL AND s."expiresAt" > $6::timestamptz
  LEFT JOIN "Token" t ON h.kind = 'token' AND t.id = h.via AND t."userId" = h."userId"
    AND t."revokedAt" IS NULL AND (t."expiresAt" IS NULL OR t."expiresAt" > $6::timestamptz)
  LEFT JOIN "User" u ON u.id = h."userId"
  LEFT JOIN "Notebook" b ON b.id = h."notebookId" AND b."deletedAt" IS NULL
  LEFT JOIN "Member" m ON m."projectId" = b."projectId" AND m."userId" = h."userId"
  ORDER BY h.n`;

function toStanding({ live, projectId, isAdmin, role }: Row): Standing {
  if (!live) return { refused: CloseCode.sessionEnded };
  const held = isAdmin ? 'owner' : (role as Role | null);
  if (!projectId) return { refused: CloseCode.notebookGone };
  return held ? { role: held, projectId } : { refused: CloseCode.rightLost };
}
