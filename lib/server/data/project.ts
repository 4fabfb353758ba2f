import { z } from 'zod';
import type { Project } from '#prisma/client/client.ts';
import { newId } from '#lib/notebook/id.ts';
import { demand, type Actor, type Role } from '#lib/server/access.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { notFound } from '#lib/server/problem.ts';
import { cut, firstSlice, window, type Slice, type Sliced } from './slice.ts';

/** An IANA time zone this system knows. */
export const TimeZone = z.string().refine(isTimeZone, 'is no known time zone, e.g. Europe/Berlin');

export const NewProject = z.object({ name: z.string().trim().min(1).max(100), timeZone: TimeZone.default('UTC') });
export type NewProject = z.infer<typeof NewProject>;

export interface ProjectView {
  id: string;
  name: string;
  timeZone: string;
  createdAt: string;
  /** The actor's own. */
  role: Role;
}

/** The projects the actor may read, by name. */
export async function listProjects(actor: Actor, slice: Slice = firstSlice): Promise<Sliced<ProjectView>> {
  const own = { members: { some: { userId: actor.userId } } };
  const rows = await getLodestar().db.project.findMany({
    where: actor.isAdmin ? {} : own,
    include: { members: { where: { userId: actor.userId } } },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    ...window(slice),
  });
  return cut(rows, slice, (row) => toView(row, actor.isAdmin ? 'owner' : (row.members[0]?.role as Role)));
}

/** Makes a project that the actor owns. */
export async function createProject(actor: Actor, given: NewProject): Promise<ProjectView> {
  const { db, now } = getLodestar();
  const owner = { userId: actor.userId, role: 'owner', createdAt: now() };
  const row = await db.project.create({
    data: { id: newId(), ...given, createdAt: now(), members: { create: owner } },
  });
  return toView(row, 'owner');
}

export async function readProject(actor: Actor, id: string): Promise<ProjectView> {
  const role = await demand(actor, id, 'read');
  const row = await getLodestar().db.project.findUnique({ where: { id } });
  if (!row) throw notFound('project');
  return toView(row, role);
}

export async function changeProject(actor: Actor, id: string, change: Partial<NewProject>): Promise<ProjectView> {
  await demand(actor, id, 'own');
  const { count } = await getLodestar().db.project.updateMany({ where: { id }, data: change });
  if (count === 0) throw notFound('project');
  return readProject(actor, id);
}

function toView(row: Project, role: Role): ProjectView {
  return { id: row.id, name: row.name, timeZone: row.timeZone, createdAt: row.createdAt.toISOString(), role };
}

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}
