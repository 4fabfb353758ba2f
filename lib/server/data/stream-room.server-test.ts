import { afterAll, beforeAll, expect, test } from 'vitest';
import { StreamSpec } from '#lib/stream/spec.ts';
import type { Actor } from '#lib/server/access.ts';
import { createWarehouse } from '#lib/server/warehouse/create.ts';
import { startLodestar, type TestLodestar } from '#lib/testing/lodestar.ts';
import { makeActor, makeProject } from '#lib/testing/people.ts';
import { makeStreamRow } from '#lib/testing/streams.ts';
import { createStream, deleteStream } from './stream.ts';

let lodestar: TestLodestar;
let owner: Actor;
beforeAll(async () => {
  lodestar = await startLodestar({ warehouse: (world) => createWarehouse(world) });
  owner = await makeActor();
});
afterAll(() => lodestar.close());

const make = (project: string, given: object) =>
  createStream(owner, project, StreamSpec.parse({ eventTime: 'time', ...given }));
const workbench = { eventTime: 'noted_at', key: 'id', source: { kind: 'telemetry' } };

test('a project has 100 streams at most, also when several are made at once; another finds room when one is deleted', async () => {
  const project = (await makeProject(owner)).id;
  const [first] = await Promise.all(Array.from({ length: 98 }, () => makeStreamRow(project)));
  const made = await Promise.allSettled(Array.from({ length: 5 }, (_, at) => make(project, { name: `more_${at}` })));
  const refused = made.filter((each) => each.status === 'rejected');
  expect(refused).toHaveLength(3);
  expect(refused[0]!.reason).toMatchObject({
    status: 409,
    code: 'too-many-streams',
    message:
      'This project has 100 streams, as many as it may. Delete one that is no longer needed, or make this one in another project.',
  });
  await deleteStream(owner, first!);
  expect((await make(project, { name: 'at_last' })).name).toBe('at_last');
  expect((await make((await makeProject(owner)).id, { name: 'elsewhere' })).name).toBe('elsewhere');
});

test('asked twice at once for one name, one stream is made', async () => {
  const project = (await makeProject(owner)).id;
  const made = await Promise.allSettled(['visits', 'visits', 'VISITS'].map((name) => make(project, { name })));
  expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const each of made)
    if (each.status === 'rejected') expect(each.reason).toMatchObject({ status: 409, code: 'name-taken' });
  expect(await lodestar.db.stream.count({ where: { projectId: project } })).toBe(1);
});

test('the workbench’s own events are one stream of a project; another is told its name', async () => {
  const project = (await makeProject(owner)).id;
  const made = await Promise.allSettled([
    make(project, { name: 'use_a', ...workbench }),
    make(project, { name: 'use_b', ...workbench }),
  ]);
  const [kept] = await lodestar.db.stream.findMany({ where: { projectId: project } });
  const refused = made.filter((each) => each.status === 'rejected');
  expect(refused.map(({ reason }) => reason as unknown)).toMatchObject([
    {
      status: 409,
      code: 'telemetry-there',
      message: `The workbench’s own events of this project are a stream already, ${kept!.name}: read that one.`,
    },
  ]);
  await deleteStream(owner, kept!.id);
  expect((await make(project, { name: 'again', ...workbench })).origin).toBe('telemetry');
  expect((await make((await makeProject(owner)).id, { name: 'use', ...workbench })).origin).toBe('telemetry');
});
