import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { StreamSpec } from '#lib/stream/spec.ts';
import type { Actor } from '#lib/server/access.ts';
import { noteEvents } from '#lib/server/data/event.ts';
import { changeStream, createStream, deleteStream, readStream } from '#lib/server/data/stream.ts';
import type { StreamView } from '#lib/server/data/stream-view.ts';
import { pushEvents } from '#lib/server/data/stream-events.ts';
import { createSources } from '#lib/server/streams/kafka/sources.ts';
import { createWarehouse } from '#lib/server/warehouse/create.ts';
import { startLodestar, type TestLodestar } from '#lib/testing/lodestar.ts';
import { makeActor, makeMember, makeNotebookRow, makeProject } from '#lib/testing/people.ts';

let lodestar: TestLodestar;
let owner: Actor;
let project: string;
let notebookId: string;
let stream: StreamView;

beforeAll(async () => {
  lodestar = await startLodestar({ warehouse: (world) => createWarehouse(world) });
  owner = await makeActor({ name: 'Ada' });
  project = (await makeProject(owner)).id;
  notebookId = (await makeNotebookRow(project, owner)).id;
  await lodestar.sources.start();
  await note(3);
  stream = await createStream(owner, project, spec());
});
afterAll(() => lodestar.close());

const spec = (more: object = {}) =>
  StreamSpec.parse({ name: 'workbench', eventTime: 'noted_at', key: 'id', source: { kind: 'telemetry' }, ...more });
const note = (times: number) =>
  noteEvents(
    owner,
    project,
    Array.from({ length: times }, () => ({ notebookId, cellId: null, fact: { kind: 'notebook-opened' as const } })),
  );
const signal = new AbortController().signal;
const read = async () => (await lodestar.streams.read(stream.id, 0, 1000, signal)).items;
const until = (count: number) =>
  vi.waitUntil(async () => (await lodestar.streams.live(stream.id)).end >= count, { timeout: 30_000, interval: 20 });

it('has the project’s own events, from before it was made and as they are noted, with their names', async () => {
  await until(3);
  await note(2);
  await until(5);
  const events = await lodestar.db.event.findMany({ where: { projectId: project }, orderBy: { id: 'asc' } });
  expect((await read()).map(({ id }) => String(id))).toEqual(events.map(({ id }) => String(id)));
  expect((await read())[0]).toMatchObject({ kind: 'notebook-opened', user_name: 'Ada', notebook_id: notebookId });
  expect(await readStream(owner, stream.id)).toMatchObject({
    origin: 'telemetry',
    source: null,
    deadLetters: 0,
    duplicates: 0,
  });
});

it('has those of no other project', async () => {
  const other = (await makeProject(owner)).id;
  const there = (await makeNotebookRow(other, owner)).id;
  await noteEvents(owner, other, [{ notebookId: there, cellId: null, fact: { kind: 'notebook-opened' } }]);
  await note(1);
  await until(6);
  expect(new Set((await read()).map((event) => event['notebook_id']))).toEqual(new Set([notebookId]));
});

it('goes on where it was when another takes over, each event once', async () => {
  await lodestar.sources.close();
  await note(4);
  lodestar.sources = createSources(lodestar);
  await lodestar.sources.start();
  await until(10);
  const ids = (await read()).map(({ id }) => String(id));
  expect(ids.length).toBe(new Set(ids).size);
  expect(ids.length).toBe(10);
});

it('is an owner’s to make, with the contract the events have; nothing is pushed to it or changed about its source', async () => {
  const editor = await makeActor();
  await makeMember(project, editor, 'editor');
  await expect(createStream(editor, project, spec({ name: 'more' }))).rejects.toMatchObject({ status: 403 });
  const contract = { status: 422, code: 'telemetry-contract' };
  const other = (await makeProject(owner)).id;
  await expect(createStream(owner, other, spec({ key: 'kind' }))).rejects.toMatchObject(contract);
  const body = new Response('{"noted_at":"2026-11-21T09:00:00Z"}').body;
  const push = { format: 'ndjson' as const, body, length: null, key: null };
  await expect(pushEvents(owner, stream.id, push)).rejects.toMatchObject({ status: 409, code: 'has-source' });
  await expect(changeStream(owner, stream.id, { source: {} })).rejects.toMatchObject({ code: 'no-source' });
  expect(await changeStream(owner, stream.id, { retention: { days: 30, bytes: null } })).toMatchObject({
    origin: 'telemetry',
  });
});

it('is an owner’s to delete and to say how long it is kept, as to make; what else may be set is an editor’s', async () => {
  const editor = await makeActor();
  await makeMember(project, editor, 'editor');
  const refused = {
    status: 403,
    message:
      'A stream whose events are fetched is made, deleted, and told how long to keep them by an owner of the project; you are editor. Ask one of them.',
  };
  const retention = { days: 0.001, bytes: null };
  await expect(createStream(editor, project, spec({ name: 'more' }))).rejects.toMatchObject(refused);
  await expect(deleteStream(editor, stream.id)).rejects.toMatchObject(refused);
  await expect(changeStream(editor, stream.id, { retention })).rejects.toMatchObject(refused);
  const kept = (await readStream(owner, stream.id)).retention;
  expect(await changeStream(editor, stream.id, { idle: 5, retention: kept })).toMatchObject({
    idle: 5,
    retention: kept,
  });
  await deleteStream(owner, stream.id);
  await expect(readStream(owner, stream.id)).rejects.toMatchObject({ status: 404 });
});
