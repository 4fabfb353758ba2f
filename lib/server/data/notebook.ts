import * as Y from 'yjs';
import { z } from 'zod';
import type { Notebook as Row } from '#prisma/client/client.ts';
import { CellSpec, type Cell } from '#lib/notebook/cell.ts';
import { readNotebook as readDocument } from '#lib/notebook/document.ts';
import { makeNotebook, setTitle } from '#lib/notebook/edit.ts';
import { newId } from '#lib/notebook/id.ts';
import { demand, type Actor, type Right, type Role } from '#lib/server/access.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { notFound } from '#lib/server/problem.ts';
import { cut, firstSlice, window, type Slice, type Sliced } from './slice.ts';

/*
 * Notebooks over HTTP. The document is the truth and lives in rooms: every change here is an edit of the open room, so
 * people who have the notebook open see it as they see each other's.
 */

export const Title = z.string().trim().min(1).max(200);
export const NewNotebook = z.object({ title: Title, cells: z.array(CellSpec).max(1000).default([]) });
export type NewNotebook = z.infer<typeof NewNotebook>;

export interface NotebookEntry {
  id: string;
  projectId: string;
  title: string;
  createdAt: string;
  editedAt: string;
}

export type NotebookView = NotebookEntry & { role: Role; cells: Cell[] };

/** The project's notebooks, the last edited first. */
export async function listNotebooks(
  actor: Actor,
  projectId: string,
  slice: Slice = firstSlice,
): Promise<Sliced<NotebookEntry>> {
  await demand(actor, projectId, 'read');
  const rows = await getLodestar().db.notebook.findMany({
    where: { projectId, deletedAt: null },
    orderBy: [{ editedAt: 'desc' }, { id: 'asc' }],
    ...window(slice),
  });
  return cut(rows, slice, toEntry);
}

export async function createNotebook(actor: Actor, projectId: string, given: NewNotebook): Promise<NotebookView> {
  await demand(actor, projectId, 'edit');
  const { id } = await addNotebook(projectId, actor.userId, given);
  return readNotebook(actor, id);
}

/** Adds a notebook for someone whose right was checked, or for the samples of a new project. */
export async function addNotebook(projectId: string, userId: string, given: NewNotebook): Promise<{ id: string }> {
  const { db, now, rooms } = getLodestar();
  const made = makeNotebook({ title: given.title, cells: given.cells });
  const row = await db.notebook.create({
    data: {
      id: newId(),
      projectId,
      title: given.title,
      createdBy: userId,
      createdAt: now(),
      editedAt: now(),
      editedBy: userId,
    },
  });
  await rooms.edit(row.id, userId, (doc) => Y.applyUpdate(doc, Y.encodeStateAsUpdate(made)));
  return { id: row.id };
}

export async function readNotebook(actor: Actor, id: string): Promise<NotebookView> {
  const { row, role } = await demandNotebook(actor, id, 'read');
  const { title, cells } = await getLodestar().rooms.read(id, readDocument);
  return { ...toEntry(row), title: title || row.title, role, cells };
}

export async function renameNotebook(actor: Actor, id: string, title: string): Promise<NotebookView> {
  await demandNotebook(actor, id, 'edit');
  await getLodestar().rooms.edit(id, actor.userId, (doc) => setTitle(doc, title));
  return readNotebook(actor, id);
}

/** Takes the notebook out of every list; its document is kept. */
export async function deleteNotebook(actor: Actor, id: string): Promise<void> {
  const { row } = await demandNotebook(actor, id, 'edit');
  await getLodestar().db.notebook.update({ where: { id }, data: { deletedAt: getLodestar().now() } });
  await getLodestar().rooms.recheck({ projectId: row.projectId });
}

/** The notebook's row and the actor's role, or a refusal; what is deleted is not there. */
export async function demandNotebook(actor: Actor, id: string, right: Right): Promise<{ row: Row; role: Role }> {
  const row = await getLodestar().db.notebook.findFirst({ where: { id, deletedAt: null } });
  if (!row) throw notFound('notebook');
  return { row, role: await demandIn(actor, row.projectId, right) };
}

/** A stranger is told that there is no such notebook, not which project it would be in. */
async function demandIn(actor: Actor, projectId: string, right: Right): Promise<Role> {
  try {
    return await demand(actor, projectId, right);
  } catch (error) {
    throw (error as { status?: number }).status === 404 ? notFound('notebook') : error;
  }
}

function toEntry(row: Row): NotebookEntry {
  return {
    id: row.id,
    projectId: row.projectId,
    title: row.title,
    createdAt: row.createdAt.toISOString(),
    editedAt: row.editedAt.toISOString(),
  };
}
