import type { Connection, PrismaClient } from '#prisma/client/client.ts';
import { sharedUsers, trinoUser, type Mapped } from '#lib/connection/identity.ts';
import { ConnectionSettings } from '#lib/connection/settings.ts';
import type { Person } from './connections.ts';

/*
 * Whom a person's queries run as on a cluster. It comes from who is signed in and what the connection's owner laid down, and
 * from nothing a request says.
 */
export type Whom = { ok: true; user: string } | { ok: false; code: string; message: string };

type Placed = Pick<Connection, 'id' | 'projectId' | 'name' | 'settings'>;

export async function whomFor(db: PrismaClient, connection: Placed, person: Person): Promise<Whom> {
  const { identity } = ConnectionSettings.parse(connection.settings);
  if (identity.kind === 'person') return ownAccount(db, connection, person);
  const emails = identity.becomes === 'local-part' ? await emailsLike(db, connection.projectId, person.email) : [];
  return mapped(identity, connection.name, person, emails);
}

async function ownAccount(db: PrismaClient, { id, name }: Placed, { userId }: Person): Promise<Whom> {
  const found = await db.credential.findUnique({ where: { connectionId_userId: { connectionId: id, userId } } });
  if (found) return { ok: true, user: found.account };
  return { ok: false, code: 'account-needed', message: `On ${name} each person has an account. Give yours once.` };
}

function mapped(identity: Mapped, name: string, { email }: Person, emails: string[]): Whom {
  const user = trinoUser(identity, email);
  if (user === '') return { ok: false, code: 'no-user', message: `${email} gives no user for ${name}.` };
  if (!sharedUsers(identity, [email, ...emails]).has(email.trim().toLowerCase())) return { ok: true, user };
  const message = `Two people of this project would both be ${user} on ${name}. An owner must name exceptions for them.`;
  return { ok: false, code: 'shared-user', message };
}

/** Of people who may use the project and whose address begins like this one's. */
async function emailsLike(db: PrismaClient, projectId: string, email: string): Promise<string[]> {
  const begin = email.slice(0, email.lastIndexOf('@') + 1);
  const rows = await db.user.findMany({
    where: {
      OR: [{ isAdmin: true }, { memberships: { some: { projectId } } }],
      AND: { email: { startsWith: begin.replaceAll(/[%_\\]/g, '\\$&'), mode: 'insensitive' } },
    },
    select: { email: true },
  });
  return rows.map((row) => row.email);
}
