import { z } from 'zod';
import type { Invitation, Prisma } from '#prisma/client/client.ts';
import { newId } from '#lib/notebook/id.ts';
import { demand, type Actor, type Role } from '#lib/server/access.ts';
import { hashSecret, newSecret } from '#lib/server/auth/secret.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { conflict, notFound, Problem } from '#lib/server/problem.ts';
import { ProjectRole } from './member.ts';
import { addPerson, prepare, type NewPerson } from './user.ts';

/*
 * People come by link. The link holds a secret of which only the hash is kept; it admits one person to one project, once,
 * within a week. Whoever holds it may use it: it is sent to one colleague, not posted.
 */

const lifetime = 7 * 86_400_000;

export const NewInvitation = z.object({ role: ProjectRole });

export interface InvitationView {
  id: string;
  role: Role;
  createdAt: string;
  expiresAt: string;
}

/** Makes a link for one person. `url` is shown this once. */
export async function createInvitation(
  actor: Actor,
  projectId: string,
  role: Role,
): Promise<InvitationView & { url: string }> {
  await demand(actor, projectId, 'own');
  const { db, now, publicUrl } = getLodestar();
  const secret = newSecret('invitation');
  const expiresAt = new Date(now().getTime() + lifetime);
  const row = await db.invitation.create({
    data: {
      id: newId(),
      projectId,
      role,
      hash: hashSecret(secret),
      createdBy: actor.userId,
      createdAt: now(),
      expiresAt,
    },
  });
  return { ...toView(row), url: new URL(`/invitations/${secret}`, publicUrl).href };
}

/** Links of the project that can still be used, the newest first. */
export async function listInvitations(actor: Actor, projectId: string): Promise<InvitationView[]> {
  await demand(actor, projectId, 'own');
  const rows = await getLodestar().db.invitation.findMany({
    where: { projectId, ...open() },
    orderBy: { createdAt: 'desc' },
  });
  return rows.map(toView);
}

export async function revokeInvitation(actor: Actor, projectId: string, id: string): Promise<void> {
  await demand(actor, projectId, 'own');
  const { db, now } = getLodestar();
  const { count } = await db.invitation.updateMany({ where: { id, projectId, ...open() }, data: { revokedAt: now() } });
  if (count === 0) throw notFound('invitation');
}

/** What a link is. A stranger learns only that it is good; its bearer, once signed in, what it leads to. */
export async function previewInvitation(
  actor: Actor | null,
  secret: string,
): Promise<{ valid: true; role?: Role; project?: string }> {
  const row = await findOpen(getLodestar().db, secret);
  if (!actor) return { valid: true };
  const project = await getLodestar().db.project.findUniqueOrThrow({ where: { id: row.projectId } });
  return { valid: true, role: row.role as Role, project: project.name };
}

/** Joins as the person who is signed in. */
export async function acceptInvitation(actor: Actor, secret: string): Promise<{ projectId: string; userId: string }> {
  return getLodestar().db.$transaction(async (db) => use(db, await findOpen(db, secret), actor.userId));
}

/** Makes an account and joins with it; the account and the place in the project come together or not at all. */
export async function acceptAsNewPerson(
  person: NewPerson,
  secret: string,
): Promise<{ projectId: string; userId: string }> {
  await findOpen(getLodestar().db, secret);
  const prepared = await prepare(person);
  return getLodestar().db.$transaction(async (db) => {
    const row = await findOpen(db, secret);
    const user = await addPerson(db, prepared, false);
    return use(db, row, user.id);
  });
}

async function use(
  db: Prisma.TransactionClient,
  row: Invitation,
  userId: string,
): Promise<{ projectId: string; userId: string }> {
  const { projectId, role, id } = row;
  const key = { projectId_userId: { projectId, userId } };
  if (await db.member.findUnique({ where: key }))
    throw conflict('already-member', 'You are already in this project; the link is left for someone else.');
  const { now } = getLodestar();
  const { count } = await db.invitation.updateMany({
    where: { id, ...open() },
    data: { acceptedBy: userId, acceptedAt: now() },
  });
  if (count === 0) throw spent();
  await db.member.create({ data: { projectId, userId, role, createdAt: now() } });
  return { projectId, userId };
}

async function findOpen(db: Prisma.TransactionClient, secret: string): Promise<Invitation> {
  const row = await db.invitation.findFirst({ where: { hash: hashSecret(secret), ...open() } });
  if (!row) throw spent();
  return row;
}

const spent = () =>
  new Problem(404, 'invitation-spent', 'This invitation was used, withdrawn or has run out. Ask for a new link.');

function open() {
  return { acceptedAt: null, revokedAt: null, expiresAt: { gt: getLodestar().now() } };
}

function toView(row: Invitation): InvitationView {
  return {
    id: row.id,
    role: row.role as Role,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
  };
}
