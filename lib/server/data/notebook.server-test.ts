import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startLodestar, type TestLodestar } from '#lib/testing/lodestar.ts';
import { makeActor, makeMember, makeProject } from '#lib/testing/people.ts';
import type { Actor } from '#lib/server/access.ts';
import { addCell, changeCell, deleteCell } from './cell.ts';
import {
  createNotebook,
  deleteNotebook,
  listNotebooks,
  readNotebook,
  renameNotebook,
  type NotebookView,
} from './notebook.ts';

let lodestar: TestLodestar;
let editor: Actor;
let reader: Actor;
let projectId: string;
let notebook: NotebookView;
beforeAll(async () => {
  lodestar = await startLodestar();
  [editor, reader] = [await makeActor(), await makeActor()];
  projectId = (await makeProject(editor)).id;
  await makeMember(projectId, reader, 'reader');
});
beforeEach(async () => {
  const cells = [
    { type: 'sql' as const, name: 'orders', source: 'SELECT 1 AS x' },
    { type: 'input' as const, name: 'day', source: '2026-11-21' },
    { type: 'sql' as const, name: 'daily', source: 'SELECT * FROM orders', engine: 'warehouse' as const },
  ];
  notebook = await createNotebook(editor, projectId, { title: 'Sales', cells });
});
afterAll(() => lodestar.close());

const names = async () => (await readNotebook(reader, notebook.id)).cells.map((cell) => cell.name);
const idOf = (name: string) => notebook.cells.find((cell) => cell.name === name)?.id ?? '';
const refused = (status: number, code?: string) =>
  expect.objectContaining({ status, ...(code ? { code } : {}) }) as Error;

test('a notebook holds its cells in the order given', () => {
  expect(notebook).toMatchObject({ title: 'Sales', role: 'owner' });
  expect(notebook.cells.map((cell) => [cell.type, cell.name, cell.source, cell.engine])).toEqual([
    ['sql', 'orders', 'SELECT 1 AS x', 'browser'],
    ['input', 'day', '2026-11-21', null],
    ['sql', 'daily', 'SELECT * FROM orders', 'warehouse'],
  ]);
});

test("an input's source is its value", () => {
  expect(notebook.cells[1]?.input).toMatchObject({ kind: 'date', value: '2026-11-21' });
});

test('cells are added where asked, changed, moved and deleted', async () => {
  const note = await addCell(editor, notebook.id, { type: 'markdown', source: '# Hi' }, { before: idOf('orders') });
  expect((await names())[0]).toBe('');
  await changeCell(editor, notebook.id, idOf('orders'), {
    source: 'SELECT 2 AS x',
    name: 'sales',
    after: idOf('daily'),
  });
  expect(await names()).toEqual(['', 'day', 'daily', 'sales']);
  await deleteCell(editor, notebook.id, note.id);
  expect(await names()).toEqual(['day', 'daily', 'sales']);
  expect((await readNotebook(reader, notebook.id)).cells.at(-1)?.source).toBe('SELECT 2 AS x');
});

test('what cannot be is refused and changes nothing', async () => {
  const before = (await readNotebook(editor, notebook.id)).cells;
  const change = (cell: string, what: object) => changeCell(editor, notebook.id, cell, what);
  await expect(change(idOf('daily'), { name: 'orders' })).rejects.toEqual(refused(409, 'name-taken'));
  await expect(change(idOf('daily'), { chart: { type: 'bar' } })).rejects.toEqual(refused(400));
  await expect(change(idOf('daily'), { source: 'x', after: 'nowhere' })).rejects.toEqual(refused(404));
  await expect(change('nothing', { source: 'x' })).rejects.toEqual(refused(404));
  await expect(deleteCell(editor, notebook.id, 'nothing')).rejects.toEqual(refused(404));
  expect((await readNotebook(editor, notebook.id)).cells).toEqual(before);
});

test('a reader reads and changes nothing', async () => {
  await expect(renameNotebook(reader, notebook.id, 'Mine')).rejects.toEqual(refused(403));
  await expect(addCell(reader, notebook.id, { type: 'sql', source: '' }, {})).rejects.toEqual(refused(403));
  await expect(changeCell(reader, notebook.id, idOf('daily'), { source: '' })).rejects.toEqual(refused(403));
  await expect(deleteCell(reader, notebook.id, idOf('daily'))).rejects.toEqual(refused(403));
  await expect(deleteNotebook(reader, notebook.id)).rejects.toEqual(refused(403));
  expect(await readNotebook(reader, notebook.id)).toMatchObject({ title: 'Sales', role: 'reader' });
});

test('a new title is in the document at once', async () => {
  expect(await renameNotebook(editor, notebook.id, 'Revenue')).toMatchObject({ title: 'Revenue' });
});

test('what is deleted is in no list and cannot be read or changed', async () => {
  await deleteNotebook(editor, notebook.id);
  await expect(readNotebook(editor, notebook.id)).rejects.toEqual(refused(404));
  await expect(changeCell(editor, notebook.id, idOf('daily'), { source: '' })).rejects.toEqual(refused(404));
  expect((await listNotebooks(editor, projectId, { limit: 200 })).items.map((item) => item.id)).not.toContain(
    notebook.id,
  );
});
