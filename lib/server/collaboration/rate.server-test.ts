import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStudio, type Studio } from '#lib/testing/collaboration.ts';
import { until } from '#lib/testing/until.ts';

let studio: Studio;

beforeAll(async () => {
  studio = await openStudio({ limits: { framesPerSecond: 500, frameBurst: 50 } });
});
afterAll(() => studio.close());

test('one who sends too fast is read more slowly, and loses nothing', async () => {
  const id = await studio.notebook();
  const peer = await studio.peer(studio.owner, id);
  await peer.synced();
  for (let index = 0; index < 300; index += 1) peer.type('x');
  peer.provider.ws?.send(Uint8Array.of(100, 1));
  let isAnswered = false;
  peer.provider.messageHandlers[100] = () => (isAnswered = true);
  const other = await studio.peer(studio.editor, id);
  await other.stored();
  expect(isAnswered).toBe(false);
  await until(() => isAnswered, 'all is read in the end');
  expect(await studio.rooms.read(id, (doc) => doc.getText('t').length)).toBe(300);
});
