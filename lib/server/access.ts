import { getLodestar } from './lodestar.ts';
import { forbidden, notFound } from './problem.ts';

/*
 * Who may do what. Every function of lib/server/data takes the actor first and asks here before it reads or writes;
 * nothing upstream (pages, API operations, sockets) is trusted to have asked.
 */

/** A signed-in person, by whichever way: page session, script session, personal access token. */
export interface Actor {
  userId: string;
  name: string;
  email: string;
  isAdmin: boolean;
  /** The session or token it came by, so that ending that ends this. */
  via: { kind: 'session' | 'token'; id: string };
}

export type Role = 'owner' | 'editor' | 'reader';
/** read: see and run; edit: change notebooks, datasets, ask for promotion; own: approve, invite, manage. */
export type Right = 'read' | 'edit' | 'own';

const rights: Record<Role, Right[]> = { owner: ['read', 'edit', 'own'], editor: ['read', 'edit'], reader: ['read'] };

export function allows(role: Role, right: Right): boolean {
  return rights[role].includes(right);
}

/** The actor's role in a project, or null. A workspace admin is an owner everywhere. */
export async function roleIn(actor: Actor, projectId: string, db = getLodestar().db): Promise<Role | null> {
  if (actor.isAdmin) return 'owner';
  const member = await db.member.findUnique({
    where: { projectId_userId: { projectId, userId: actor.userId } },
  });
  return (member?.role as Role | undefined) ?? null;
}

/** Passes with the role, or throws: 404 for a stranger, 403 for a member without the right. */
export async function demand(actor: Actor, projectId: string, right: Right): Promise<Role> {
  const role = await roleIn(actor, projectId);
  if (!role) throw notFound('project');
  if (!allows(role, right)) throw forbidden(`This needs the right to ${right} in the project; you are ${role}.`);
  return role;
}
