import { z } from 'zod';
import type { Prisma } from '#prisma/client/client.ts';
import { demand, type Actor, type Role } from '#lib/server/access.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { conflict, forbidden, notFound } from '#lib/server/problem.ts';

export const ProjectRole = z.enum(['owner', 'editor', 'reader']);

export interface MemberView {
  userId: string;
  name: string;
  email: string;
  role: Role;
  since: string;
}

/** Who is in the project, by name. */
export async function listMembers(actor: Actor, projectId: string): Promise<MemberView[]> {
  await demand(actor, projectId, 'read');
  const rows = await getLodestar().db.member.findMany({
    where: { projectId },
    include: { user: true },
    orderBy: [{ user: { name: 'asc' } }, { userId: 'asc' }],
  });
  return rows.map(({ user, role, createdAt }) => ({
    userId: user.id,
    name: user.name,
    email: user.email,
    role: role as Role,
    since: createdAt.toISOString(),
  }));
}

/** Gives a member another role. The last owner keeps theirs: a project is never without one. */
export async function changeRole(actor: Actor, projectId: string, userId: string, role: Role): Promise<MemberView> {
  await demand(actor, projectId, 'own');
  await changeOwners(projectId, userId, (db) => db.member.updateMany({ where: { projectId, userId }, data: { role } }));
  await getLodestar().rooms.recheck({ userId, projectId });
  const member = (await listMembers(actor, projectId)).find((entry) => entry.userId === userId);
  if (!member) throw notFound('member');
  return member;
}

/** Takes a member out of the project; owners anyone, others themselves. */
export async function removeMember(actor: Actor, projectId: string, userId: string): Promise<void> {
  const role = await demand(actor, projectId, 'read');
  if (role !== 'owner' && userId !== actor.userId) throw forbidden('Only an owner can take others out of the project.');
  await changeOwners(projectId, userId, (db) => db.member.deleteMany({ where: { projectId, userId } }));
  await getLodestar().rooms.recheck({ userId, projectId });
}

/** Makes the change and looks again inside one transaction, so that two owners who leave at once cannot both. */
async function changeOwners(
  projectId: string,
  userId: string,
  change: (db: Prisma.TransactionClient) => Promise<{ count: number }>,
): Promise<void> {
  await getLodestar().db.$transaction(async (db) => {
    await db.$queryRaw`SELECT id FROM "Project" WHERE id = ${projectId} FOR UPDATE`;
    const before = await db.member.count({ where: { projectId, role: 'owner' } });
    const { count } = await change(db);
    if (count === 0) throw notFound('member');
    await withdrawLinks(db, projectId, userId);
    const after = await db.member.count({ where: { projectId, role: 'owner' } });
    if (before > 0 && after === 0)
      throw conflict('last-owner', 'A project needs an owner. Make someone else owner first.');
  });
}

/** Who is no owner any more leaves no link behind by which to come back as one. */
async function withdrawLinks(db: Prisma.TransactionClient, projectId: string, userId: string): Promise<void> {
  if (await db.member.findFirst({ where: { projectId, userId, role: 'owner' } })) return;
  const where = { projectId, createdBy: userId, acceptedAt: null, revokedAt: null };
  await db.invitation.updateMany({ where, data: { revokedAt: getLodestar().now() } });
}
