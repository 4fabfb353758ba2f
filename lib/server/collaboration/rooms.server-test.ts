import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { setTitle } from '#lib/notebook/edit.ts';
import { openStudio, type Studio } from '#lib/testing/collaboration.ts';
import { until } from '#lib/testing/until.ts';

let studio: Studio;

beforeAll(async () => {
  studio = await openStudio({ limits: { graceMs: 20, mirrorMs: 20, standingMs: 3_600_000 } });
});
afterEach(() => studio.hangUp());
afterAll(() => studio.close());

test('two stock clients see each other type', async () => {
  const id = await studio.notebook();
  const ada = await studio.peer(studio.owner, id);
  const bob = await studio.peer(studio.editor, id);
  await Promise.all([ada.synced(), bob.synced()]);
  ada.type('hello ');
  bob.type('world');
  await until(() => ada.read().length === 11 && ada.read() === bob.read(), 'both read the same');
});

test('a room that closed opens again with everything in it', async () => {
  const id = await studio.notebook();
  const ada = await studio.peer(studio.owner, id);
  ada.type('kept');
  await ada.stored();
  await studio.hangUp();
  await until(() => studio.rooms.stats().rooms === 0, 'the room closes');
  const bob = await studio.peer(studio.editor, id);
  await bob.synced();
  expect(bob.read()).toBe('kept');
});

test('what was typed before the line opened is stored once it does', async () => {
  const id = await studio.notebook();
  const ada = await studio.peer(studio.owner, id);
  ada.type('early');
  await ada.stored();
  expect(await studio.rooms.read(id, (doc) => doc.getText('t').toString())).toBe('early');
});

test('acknowledged means in the database', async () => {
  const id = await studio.notebook();
  const ada = await studio.peer(studio.owner, id);
  ada.type('x');
  await ada.stored();
  expect(await studio.lodestar.db.update.count({ where: { notebookId: id } })).toBe(1);
});

test('coming back with nothing new stores nothing', async () => {
  const id = await studio.notebook();
  const ada = await studio.peer(studio.owner, id);
  ada.type('some');
  ada.text.delete(0, 2);
  await ada.stored();
  const before = await studio.lodestar.db.update.count({ where: { notebookId: id } });
  ada.provider.ws?.close();
  await until(() => !ada.provider.synced, 'the line is down');
  await ada.stored();
  expect(await studio.lodestar.db.update.count({ where: { notebookId: id } })).toBe(before);
});

test('an edit by the server is stored and seen by open sockets', async () => {
  const id = await studio.notebook();
  const ada = await studio.peer(studio.owner, id);
  await ada.synced();
  await studio.rooms.edit(id, studio.owner.userId, (doc) => doc.getText('t').insert(0, 'from a script'));
  await until(() => ada.read() === 'from a script', 'the edit arrives');
  expect(await studio.lodestar.db.update.count({ where: { notebookId: id } })).toBe(1);
});

test('the title, and who edited when, follow the document', async () => {
  const id = await studio.notebook();
  const ada = await studio.peer(studio.editor, id);
  await ada.synced();
  setTitle(ada.doc, 'Daily revenue');
  await ada.stored();
  const row = () => studio.lodestar.db.notebook.findUniqueOrThrow({ where: { id } });
  await until(async () => (await row()).title === 'Daily revenue', 'the title is copied');
  expect((await row()).editedBy).toBe(studio.editor.userId);
});

test('presence comes with the join and goes with the line', async () => {
  const id = await studio.notebook();
  const ada = await studio.peer(studio.owner, id);
  ada.provider.awareness.setLocalState({ cellId: 'c1' });
  await ada.synced();
  const bob = await studio.peer(studio.reader, id);
  const seen = () => bob.provider.awareness.getStates().get(ada.doc.clientID);
  await until(() => seen(), 'the one who was there is seen');
  expect(seen()).toMatchObject({ cellId: 'c1', user: { id: studio.owner.userId, name: studio.owner.name } });
  ada.close();
  await until(() => !seen(), 'the one who left is not seen');
});

test('told that rights changed, it does not wait for its clock', async () => {
  const id = await studio.notebook();
  const [ben, eve] = [await studio.join('editor'), await studio.join('editor')];
  const [left, stays] = [await studio.peer(ben, id), await studio.peer(eve, id)];
  await Promise.all([left.synced(), stays.synced()]);
  const ids = { in: [ben.via.id, eve.via.id] };
  await studio.lodestar.db.session.updateMany({ where: { id: ids }, data: { endedAt: new Date() } });
  await studio.rooms.recheck({ userId: ben.userId });
  expect((await left.closed()).code).toBe(4401);
  expect(stays.provider.wsconnected).toBe(true);
});

test('a restart closes sockets so that clients come back, with nothing lost', async () => {
  const id = await studio.notebook();
  const ada = await studio.peer(studio.owner, id);
  await ada.synced();
  ada.type('before ');
  await studio.restart();
  ada.type('after');
  await ada.stored();
  expect(await studio.rooms.read(id, (doc) => doc.getText('t').toString())).toBe('before after');
});
