import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#lib/notebook/id.ts';
import { startLodestar, type TestLodestar } from '#lib/testing/lodestar.ts';
import { makeActor, makeMember, makeNotebookRow, makeProject } from '#lib/testing/people.ts';
import { noteEvents } from './event.ts';
import { readDatasetLines, readJobLines, readNotebookLines, readOverview, readSurroundings } from './overview.ts';

let lodestar: TestLodestar;
beforeAll(async () => {
  lodestar = await startLodestar({ now: () => new Date('2026-10-19T12:00:00Z') });
});
afterAll(() => lodestar.close());

async function shop() {
  const owner = await makeActor({ name: 'Mei' });
  return { owner, project: await makeProject(owner, { name: 'Retail' }) };
}

test('a stranger learns nothing of a project, by any way', async () => {
  const { project } = await shop();
  const stranger = await makeActor();
  for (const read of [readOverview, readSurroundings]) {
    await expect(read(stranger, project.id)).rejects.toMatchObject({ status: 404 });
  }
  for (const read of [readNotebookLines, readDatasetLines, readJobLines]) {
    await expect(read(stranger, project.id, 5)).rejects.toMatchObject({ status: 404 });
  }
});

test('an empty project is empty', async () => {
  const { owner, project } = await shop();
  expect(await readOverview(owner, project.id)).toEqual({
    counts: { notebooks: 0, datasets: 0, jobs: 0, people: 1 },
    notebooks: [],
    datasets: [],
    jobs: [],
    waiting: [],
  });
});

test('notebooks say who used them this week; what is deleted is gone', async () => {
  const { owner, project } = await shop();
  const reader = await makeActor();
  await makeMember(project.id, reader, 'reader');
  const notebook = await makeNotebookRow(project.id, owner, 'Free shipping');
  const gone = await makeNotebookRow(project.id, owner, 'Gone');
  await lodestar.db.notebook.update({ where: { id: gone.id }, data: { deletedAt: lodestar.now() } });
  const run = {
    kind: 'cell-run',
    cellType: 'sql',
    engine: 'browser',
    state: 'good',
    took: 1,
    rows: 1,
    complete: true,
    sqlHash: null,
  } as const;
  await noteEvents(owner, project.id, [
    { notebookId: notebook.id, cellId: 'c', fact: run },
    { notebookId: notebook.id, cellId: 'c', fact: run },
  ]);
  await noteEvents(reader, project.id, [{ notebookId: notebook.id, cellId: null, fact: { kind: 'notebook-opened' } }]);
  await lodestar.db.event.create({
    data: {
      at: new Date('2026-10-01T00:00:00Z'),
      kind: 'cell-run',
      userId: owner.userId,
      projectId: project.id,
      notebookId: notebook.id,
    },
  });
  const lines = await readNotebookLines(reader, project.id, 10);
  expect(lines).toMatchObject([{ id: notebook.id, title: 'Free shipping', owner: 'Mei', runs: 2, people: 2 }]);
});

test('a dataset has the rows of all its files; the events are counted where they are noted', async () => {
  const { owner, project } = await shop();
  const notebook = await makeNotebookRow(project.id, owner);
  await noteEvents(owner, project.id, [{ notebookId: notebook.id, cellId: null, fact: { kind: 'notebook-opened' } }]);
  for (const [name, kind] of [
    ['daily', 'job'],
    ['workbench_events', 'events'],
  ] as const) {
    const id = newId();
    await lodestar.db.dataset.create({ data: { id, projectId: project.id, name, kind, createdBy: owner.userId } });
    if (kind !== 'job') continue;
    const file = { file: 'f', bytes: 1n, sha256: '0' };
    for (const key of ['a', 'b'])
      await lodestar.db.partition.create({ data: { datasetId: id, key, rows: 7n, ...file } });
  }
  const lines = await readDatasetLines(owner, project.id, 10);
  expect(Object.fromEntries(lines.map((line) => [line.name, line.rows]))).toEqual({ daily: 14, workbench_events: 1 });
  expect((await readOverview(owner, project.id)).counts.datasets).toBe(1);
});

test('what waits is told to those who may decide', async () => {
  const { owner, project } = await shop();
  const editor = await makeActor({ name: 'Ana' });
  await makeMember(project.id, editor, 'editor');
  const notebook = await makeNotebookRow(project.id, editor);
  for (const [version, state] of [
    [1, 'draft'],
    [2, 'submitted'],
    [3, 'rejected'],
  ] as const) {
    await lodestar.db.promotion.create({
      data: {
        id: newId(),
        projectId: project.id,
        notebookId: notebook.id,
        cellId: 'c',
        target: 'daily',
        version,
        state,
        spec: {},
        hash: 'h',
        createdBy: editor.userId,
      },
    });
  }
  expect((await readSurroundings(owner, project.id)).waiting).toBe(1);
  expect((await readSurroundings(editor, project.id)).waiting).toBe(0);
  expect((await readOverview(editor, project.id)).waiting).toMatchObject([
    { target: 'daily', version: 2, createdBy: { name: 'Ana' } },
  ]);
});
