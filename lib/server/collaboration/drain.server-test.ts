import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStudio, type Studio } from '#lib/testing/collaboration.ts';
import { until } from '#lib/testing/until.ts';

let studio: Studio;

beforeAll(async () => {
  studio = await openStudio();
});
afterAll(() => studio.close());

test('drained means stored: what was heard and could not be stored yet is waited for', async () => {
  const id = await studio.notebook();
  const peer = await studio.peer(studio.owner, id);
  await peer.synced();
  await studio.lodestar.executeSql(`ALTER TABLE "Update" ADD CONSTRAINT broken CHECK (false) NOT VALID`);
  let isHeard = false;
  peer.provider.messageHandlers[1] = () => (isHeard = true);
  peer.type('heard');
  peer.provider.ws?.send(Uint8Array.of(3));
  await until(() => isHeard, 'the server heard all of it');
  peer.provider.disconnect();
  await studio.lodestar.executeSql(`ALTER TABLE "Update" DROP CONSTRAINT broken`);
  await studio.rooms.drain();
  expect(await studio.lodestar.db.update.count({ where: { notebookId: id } })).toBe(1);
});

test('nobody comes in after', async () => {
  const id = await studio.notebook();
  const peer = await studio.peer(studio.owner, id);
  await until(() => peer.provider.wsUnsuccessfulReconnects > 2, 'it was refused a few times');
  expect(studio.rooms.stats().sockets).toBe(0);
});
