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

// Subqueries by key rather than joins: planned in two thirds of the time, and it is planned every time.
const text = `
  SELECT h.n,
    CASE h.kind WHEN 'session' THEN EXISTS (
      SELECT 1 FROM "Session" s WHERE s.id = h.via AND s."userId" = h."userId"
        AND s."endedAt" IS NULL AND s."expiresAt" > $6::timestamptz)
    ELSE EXISTS (
      SELECT 1 FROM "Token" t WHERE t.id = h.via AND t."userId" = h."userId"
        AND t."revokedAt" IS NULL AND (t."expiresAt" IS NULL OR t."expiresAt" > $6::timestamptz)) END AS live,
    (SELECT b."projectId" FROM "Notebook" b WHERE b.id = h."notebookId" AND b."deletedAt" IS NULL) AS "projectId",
    (SELECT u."isAdmin" FROM "User" u WHERE u.id = h."userId") AS "isAdmin",
    (SELECT m.role FROM "Member" m JOIN "Notebook" b ON b."projectId" = m."projectId"
      WHERE b.id = h."notebookId" AND m."userId" = h."userId") AS role
  FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[]) AS h(n, kind, via, "userId", "notebookId")
  ORDER BY h.n`;

function toStanding({ live, projectId, isAdmin, role }: Row): Standing {
  if (!live) return { refused: CloseCode.sessionEnded };
  const held = isAdmin ? 'owner' : (role as Role | null);
  if (!projectId) return { refused: CloseCode.notebookGone };
  return held ? { role: held, projectId } : { refused: CloseCode.rightLost };
}
