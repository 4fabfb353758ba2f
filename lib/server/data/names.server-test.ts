import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLodestar, type TestLodestar } from '#lib/testing/lodestar.ts';
import { makeActor, makeNotebookRow, makeProject } from '#lib/testing/people.ts';
import { makeStreamRow } from '#lib/testing/streams.ts';
import { listNames } from './names.ts';

let lodestar: TestLodestar;
beforeAll(async () => void (lodestar = await startLodestar()));
afterAll(() => lodestar.close());

test('what a project has is named, what is deleted or another’s is not, and a stranger learns nothing', async () => {
  const owner = await makeActor();
  const project = await makeProject(owner);
  const notebook = await makeNotebookRow(project.id, owner, 'Free shipping');
  const gone = await makeNotebookRow(project.id, owner, 'Gone');
  await lodestar.db.notebook.update({ where: { id: gone.id }, data: { deletedAt: new Date() } });
  const stream = await makeStreamRow(project.id, { name: 'visits' });
  const other = await makeProject(owner);
  await makeStreamRow(other.id, { name: 'elsewhere' });
  expect(await listNames(owner, project.id)).toEqual([
    { kind: 'notebook', id: notebook.id, name: 'Free shipping' },
    { kind: 'stream', id: stream, name: 'visits' },
  ]);
  await expect(listNames(await makeActor(), project.id)).rejects.toMatchObject({ status: 404 });
});
