import { expect, test } from 'vitest';
import { openStudio } from '#lib/testing/collaboration.ts';
import { until } from '#lib/testing/until.ts';

// Two kilobytes a key, so that they come in more than one read: what was read already is taken.
test('one who sends too fast waits, and nobody else does', async () => {
  const studio = await openStudio({ limits: { framesPerSecond: 1, frameBurst: 50 } });
  const id = await studio.notebook();
  const peer = await studio.peer(studio.owner, id);
  await peer.synced();
  let isAnswered = false;
  peer.provider.messageHandlers[100] = () => (isAnswered = true);
  for (let index = 0; index < 300; index += 1) peer.type('x'.repeat(2000));
  peer.provider.ws?.send(Uint8Array.of(100, 1));
  const other = await studio.peer(studio.editor, id);
  other.type('y');
  await other.stored();
  expect(isAnswered).toBe(false);
  await studio.close();
});

test('what waited is read in the end, all of it', async () => {
  const studio = await openStudio({
    limits: { framesPerSecond: 500, frameBurst: 50, bytesPerSecond: 2 ** 20, byteBurst: 1000 },
  });
  const id = await studio.notebook();
  const peer = await studio.peer(studio.owner, id);
  await peer.synced();
  for (let index = 0; index < 300; index += 1) peer.type('x'.repeat(2000));
  await peer.stored();
  await until(async () => (await studio.rooms.read(id, (doc) => doc.getText('t').length)) === 600_000, 'all is read');
  await studio.close();
});
