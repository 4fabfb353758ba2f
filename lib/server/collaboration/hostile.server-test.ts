import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import WebSocket from 'ws';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { CloseCode } from '#lib/notebook/close-codes.ts';
import type { Actor } from '#lib/server/access.ts';
import { openStudio, type Studio } from '#lib/testing/collaboration.ts';
import { pageHeaders } from '#lib/testing/people.ts';
import { until } from '#lib/testing/until.ts';
import { encodePresenceFrame, encodeUpdate } from './frame.ts';
import { encodePresence } from './presence-frame.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

let studio: Studio;

beforeAll(async () => {
  studio = await openStudio({
    limits: {
      framesPerSecond: 2000,
      frameBurst: 2000,
      documentBytes: 300_000,
      socketsPerPerson: 20,
      pendingUpgrades: 8,
    },
  });
});
const opened: WebSocket[] = [];
afterEach(async () => {
  for (const socket of opened.splice(0)) socket.terminate();
  await studio.hangUp();
});
afterAll(() => studio.close());

test('a frame that cannot be read closes its own socket and no other', async () => {
  const id = await studio.notebook();
  const good = await studio.peer(studio.owner, id);
  await good.synced();
  const hostile = [Uint8Array.of(9), Uint8Array.of(0, 2, 200), Uint8Array.of(), Uint8Array.of(1, 3, 1, 1, 255), 'text'];
  for (const frame of hostile)
    expect(await codeAfter(studio.editor, id, frame), String(frame)).toBe(CloseCode.badFrame);
  good.type('still here');
  await good.stored();
});

test('random bytes, by the hundred, harm nobody', async () => {
  const id = await studio.notebook();
  const good = await studio.peer(studio.owner, id);
  await good.synced();
  for (let index = 0; index < 200; index += 1) {
    const socket = await raw(studio.editor, id);
    socket.send(randomBytes(1 + (index % 64)));
    socket.send(Buffer.concat([Buffer.from([0, 2]), randomBytes(1 + (index % 64))]));
    socket.terminate();
  }
  good.type('still here');
  await good.stored();
  expect(await studio.rooms.read(id, (doc) => doc.getText('t').toString())).toBe('still here');
});

test('a frame over 1 MiB closes its socket and is not taken', async () => {
  const id = await studio.notebook();
  expect(await codeAfter(studio.editor, id, Buffer.alloc(2 ** 20 + 1))).toBe(CloseCode.frameTooBig);
});

test('a notebook that is full takes removals only', async () => {
  const id = await studio.notebook();
  const peer = await studio.peer(studio.owner, id);
  peer.type('x'.repeat(310_000));
  await peer.stored();
  peer.text.delete(0, 1000);
  await peer.stored();
  peer.type('one more');
  expect((await peer.closed()).code).toBe(CloseCode.notebookFull);
  expect(await studio.rooms.read(id, (doc) => doc.getText('t').length)).toBe(309_000);
});

test('a full notebook takes only removals from the server, too', async () => {
  const id = await studio.notebook();
  const edit = (change: (text: Y.Text) => void) => studio.rooms.edit(id, null, (doc) => change(doc.getText('t')));
  await edit((text) => text.insert(0, 'x'.repeat(310_000)));
  await expect(edit((text) => text.insert(0, 'more'))).rejects.toMatchObject({ status: 413, code: 'notebook-full' });
  await edit((text) => text.delete(0, 309_990));
  expect(await studio.rooms.read(id, (doc) => doc.getText('t').toString())).toBe('x'.repeat(10));
});

test('presence cannot be forged: neither another name, nor another client, nor a removal', async () => {
  const id = await studio.notebook();
  const [ada, bob] = [await studio.peer(studio.owner, id), await studio.peer(studio.reader, id)];
  await Promise.all([ada.synced(), bob.synced()]);
  const seen = (clientId: number) => bob.provider.awareness.getStates().get(clientId);
  await until(() => seen(ada.doc.clientID), 'Ada is seen');
  const eve = await raw(studio.editor, id);
  const claim = { user: { id: studio.owner.userId, name: studio.owner.name } };
  say(eve, 66_666, claim);
  await until(() => seen(66_666), 'Eve is seen');
  expect(seen(66_666)?.['user']).toMatchObject({ id: studio.editor.userId, name: studio.editor.name });
  say(eve, ada.doc.clientID, { cellId: 'forged' });
  say(eve, ada.doc.clientID, null);
  say(eve, 77_777, {});
  say(eve, 66_666, { cellId: 'last' });
  await until(() => seen(66_666)?.['cellId'] === 'last', 'all of it was heard');
  expect(seen(ada.doc.clientID)?.['user']).toMatchObject({ id: studio.owner.userId });
  expect(seen(ada.doc.clientID)?.['cellId']).toBeUndefined();
  expect(seen(77_777)).toBeUndefined();
});

test('one person holds only so many sockets', async () => {
  const id = await studio.notebook();
  for (let index = 0; index < 20; index += 1) await raw(studio.editor, id);
  await expect(raw(studio.editor, id)).rejects.toThrow('429');
});

test('1,000 anonymous sockets leave memory flat and open nothing', async () => {
  const id = await studio.notebook();
  const { port } = new URL(studio.url);
  const knock = async () => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => socket.destroy());
    socket.write(
      `GET /collaboration/${id} HTTP/1.1\r\nHost: x\r\nOrigin: ${studio.origin}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    // Frames before the handshake: they must not be kept.
    socket.write(Buffer.alloc(16 * 1024));
    socket.resume();
    await once(socket, 'close');
  };
  await batches(200, knock);
  const before = await memory();
  await batches(1000, knock);
  expect((await memory()) - before).toBeLessThan(16 * 2 ** 20);
  expect(studio.rooms.stats().sockets).toBe(0);
});

test('what decodes but makes Yjs throw half-way costs its sender the socket, and the document stays whole', async () => {
  const id = await studio.notebook();
  const good = await studio.peer(studio.owner, id);
  good.type('whole');
  await good.stored();
  const doc = await studio.rooms.read(id, (doc) => doc);
  const apply = doc.store.clients.get.bind(doc.store.clients);
  // No update is known that passes the reader and makes Yjs throw, so its store is made to throw for one client id.
  doc.store.clients.get = (client) => {
    if (client === 666) throw new Error('half-way');
    return apply(client);
  };
  const evil = new Y.Doc();
  evil.clientID = 666;
  evil.getText('t').insert(0, 'evil');
  const frame = encodeUpdate(Y.encodeStateAsUpdate(evil));
  expect(await codeAfter(studio.editor, id, frame)).toBe(CloseCode.badFrame);
  good.type('!');
  await good.stored();
  expect(await studio.rooms.read(id, (doc) => doc.getText('t').toString())).toBe('whole!');
  expect(await studio.rooms.read(id, (now) => now === doc)).toBe(false);
});

async function raw(actor: Actor, id: string): Promise<WebSocket> {
  const socket = new WebSocket(`${studio.url}/${id}`, { headers: await pageHeaders(actor) });
  opened.push(socket);
  await once(socket, 'open');
  socket.on('error', () => socket.terminate());
  return socket;
}

/** The code a socket is closed with after it sent one frame. */
async function codeAfter(actor: Actor, id: string, frame: Uint8Array | string): Promise<number> {
  const socket = await raw(actor, id);
  const closed = once(socket, 'close');
  socket.send(frame);
  const [code] = (await closed) as [number];
  return code;
}

let clock = 0;
function say(socket: WebSocket, clientId: number, state: Record<string, unknown> | null): void {
  socket.send(encodePresenceFrame(encodePresence([{ clientId, clock: (clock += 1), state }])));
}

async function batches(count: number, act: () => Promise<void>): Promise<void> {
  for (let done = 0; done < count; done += 50) await Promise.all(Array.from({ length: 50 }, act));
}

/** What is held, in bytes: garbage, and the buffers freed with it, are collected first. */
async function memory(): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
