import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import WebSocket from 'ws';
import * as Y from 'yjs';
import { CloseCode } from '#lib/notebook/close-codes.ts';
import { yjsBomb } from '#lib/testing/bomb.ts';
import { openStudio, type Studio } from '#lib/testing/collaboration.ts';
import { pageHeaders } from '#lib/testing/people.ts';
import { until } from '#lib/testing/until.ts';
import { encodeUpdate } from './frame.ts';
import { createTrial } from './trial.ts';

const nothing = () => Y.encodeStateAsUpdate(new Y.Doc());
let studio: Studio | undefined;

afterEach(async () => {
  await studio?.close();
  studio = undefined;
});

test('a bomb is well-formed Yjs, and slow by its shape', () => {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, yjsBomb(600));
  expect(doc.getText('t').length).toBe(600);
});

test('what takes too long is stopped, what is large and quick passes', async () => {
  const trial = createTrial({ trialMs: 2000, trials: 1 });
  const large = new Y.Doc();
  for (let index = 0; index < 5000; index += 1) large.getArray('a').insert(0, [index]);
  const verdicts = [trial.isQuick(nothing, yjsBomb(60_000)), trial.isQuick(nothing, Y.encodeStateAsUpdate(large))];
  expect(await Promise.all(verdicts)).toEqual([false, true]);
});

test('the state of a document is copied only when its turn has come, so that those who wait hold none', async () => {
  const trial = createTrial({ trialMs: 5000, trials: 1 });
  let copies = 0;
  const count = () => {
    copies += 1;
    return nothing();
  };
  const waiting = [1, 2, 3].map(() => trial.isQuick(count, nothing()));
  await waiting[0];
  expect(copies).toBeLessThan(3);
  await Promise.all(waiting);
  expect(copies).toBe(3);
});

test('an update the worker cannot apply is not quick', async () => {
  const trial = createTrial({ trialMs: 5000, trials: 1 });
  expect(await trial.isQuick(nothing, Uint8Array.of(1, 255, 255))).toBe(false);
});

test('one who sends a bomb is closed while others go on', async () => {
  studio = await openStudio({ limits: { trialMs: 2000 } });
  const id = await studio.notebook();
  const good = await studio.peer(studio.owner, id);
  await good.synced();
  const evil = new WebSocket(`${studio.url}/${id}`, { headers: await pageHeaders(studio.editor) });
  await once(evil, 'open');
  const closed = once(evil, 'close');
  evil.send(encodeUpdate(yjsBomb(60_000)));
  good.type('others go on');
  await good.stored();
  expect((await closed)[0]).toBe(CloseCode.badFrame);
  expect(await studio.rooms.read(id, (doc) => doc.getText('t').toString())).toBe('others go on');
});

test('a large update comes in whole, and what came behind it stays behind it', async () => {
  studio = await openStudio({ limits: { trialMs: 20_000 } });
  const id = await studio.notebook();
  const peer = await studio.peer(studio.owner, id);
  await peer.synced();
  peer.doc.transact(() => {
    for (let index = 0; index < 3000; index += 1) peer.doc.getArray('a').insert(0, [index]);
  });
  peer.type('after');
  await peer.stored();
  const read = (doc: Y.Doc) => [doc.getArray('a').length, doc.getText('t').toString()];
  expect(await studio.rooms.read(id, read)).toEqual([3000, 'after']);
});

test('one whose updates take the process long is read less, and nobody else is', async () => {
  studio = await openStudio({ limits: { workPerSecond: 0.001, workBurst: 0 } });
  const id = await studio.notebook();
  const [slow, other] = [await studio.peer(studio.owner, id), await studio.peer(studio.reader, id)];
  await Promise.all([slow.synced(), other.synced()]);
  slow.type('a');
  await until(() => other.read() === 'a', 'the first is taken');
  slow.type('b');
  other.provider.awareness.setLocalState({ cellId: 'x' });
  const heard = () => slow.provider.awareness.getStates().get(other.doc.clientID)?.['cellId'];
  await until(() => heard() === 'x', 'the other is heard');
  expect(await studio.rooms.read(id, (doc) => doc.getText('t').toString())).toBe('a');
});
