import { z } from 'zod';
import { Cell, CellSpec } from '#lib/notebook/cell.ts';
import { addCell, CellChange, changeCell, deleteCell, Place } from '#lib/server/data/cell.ts';
import { ProjectRole } from '#lib/server/data/member.ts';
import {
  createNotebook,
  deleteNotebook,
  listNotebooks,
  NewNotebook,
  readNotebook,
  renameNotebook,
  Title,
} from '#lib/server/data/notebook.ts';
import { IdParams, Instant, listOf, ListQuery, Nothing } from './list.ts';
import { operation } from './operation.ts';

const Entry = z.object({
  id: z.string(),
  projectId: z.string(),
  title: z.string(),
  createdAt: Instant,
  editedAt: Instant,
});
const Notebook = Entry.extend({ role: ProjectRole, cells: z.array(Cell) });
const CellParams = IdParams.extend({ cellId: z.string().max(100) });

export const notebooks = [
  operation({
    method: 'GET',
    path: '/api/projects/{id}/notebooks',
    summary: 'The notebooks of a project, the last edited first.',
    params: IdParams,
    query: ListQuery,
    answer: listOf(Entry),
    run: ({ actor, params, query }) => listNotebooks(actor, params.id, query),
  }),
  operation({
    method: 'POST',
    path: '/api/projects/{id}/notebooks',
    summary: 'Make a notebook with these cells. An input cell given only a source takes it as its value.',
    params: IdParams,
    body: NewNotebook,
    answer: Notebook,
    status: 201,
    run: ({ actor, params, body }) => createNotebook(actor, params.id, body),
  }),
  operation({
    method: 'GET',
    path: '/api/notebooks/{id}',
    summary: 'A notebook with its cells in order.',
    params: IdParams,
    answer: Notebook,
    run: ({ actor, params }) => readNotebook(actor, params.id),
  }),
  operation({
    method: 'PATCH',
    path: '/api/notebooks/{id}',
    summary: 'Rename a notebook.',
    params: IdParams,
    body: z.object({ title: Title }),
    answer: Notebook,
    run: ({ actor, params, body }) => renameNotebook(actor, params.id, body.title),
  }),
  operation({
    method: 'DELETE',
    path: '/api/notebooks/{id}',
    summary: 'Take a notebook out of the project.',
    params: IdParams,
    answer: Nothing,
    status: 204,
    run: async ({ actor, params }) => {
      await deleteNotebook(actor, params.id);
      return null;
    },
  }),
  operation({
    method: 'POST',
    path: '/api/notebooks/{id}/cells',
    summary: 'Add a cell: after or before another, or at the end.',
    params: IdParams,
    body: CellSpec.extend(Place.shape),
    answer: Cell,
    status: 201,
    run: ({ actor, params, body: { after, before, ...spec } }) => addCell(actor, params.id, spec, { after, before }),
  }),
  operation({
    method: 'PATCH',
    path: '/api/notebooks/{id}/cells/{cellId}',
    summary: 'Change what is given of a cell; with after or before it moves. People who have it open see it at once.',
    params: CellParams,
    body: CellChange,
    answer: Cell,
    run: ({ actor, params, body }) => changeCell(actor, params.id, params.cellId, body),
  }),
  operation({
    method: 'DELETE',
    path: '/api/notebooks/{id}/cells/{cellId}',
    summary: 'Delete a cell.',
    params: CellParams,
    answer: Nothing,
    status: 204,
    run: async ({ actor, params }) => {
      await deleteCell(actor, params.id, params.cellId);
      return null;
    },
  }),
];
