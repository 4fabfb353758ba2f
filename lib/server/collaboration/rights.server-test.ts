import { request, type OutgoingHttpHeaders } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { CloseCode } from '#lib/notebook/close-codes.ts';
import type { Actor } from '#lib/server/access.ts';
import { openStudio, type Studio } from '#lib/testing/collaboration.ts';
import { openPeer } from '#lib/testing/peer.ts';
import { bearerHeaders, makeActor, pageHeaders } from '#lib/testing/people.ts';
import { until } from '#lib/testing/until.ts';

let studio: Studio;

beforeAll(async () => {
  studio = await openStudio({ limits: { standingMs: 20 } });
});
afterEach(() => studio.hangUp());
afterAll(() => studio.close());

test("a reader's update is dropped and answered with permission denied", async () => {
  const id = await studio.notebook();
  const [reader, editor] = [await studio.peer(studio.reader, id), await studio.peer(studio.editor, id)];
  let denied = '';
  reader.provider.messageHandlers[2] = () => (denied = 'denied');
  await Promise.all([reader.synced(), editor.synced()]);
  reader.type('smuggled');
  await until(() => denied, 'the reader is told');
  editor.type('fine');
  await editor.stored();
  expect(await stored(id)).toBe('fine');
});

test('a reader who comes with edits cannot bring them in', async () => {
  const id = await studio.notebook();
  const reader = await studio.peer(studio.reader, id);
  reader.type('made before the line opened');
  await reader.synced();
  await reader.stored();
  expect(await stored(id)).toBe('');
});

test('no barrier is answered on a socket whose edit was refused', async () => {
  const id = await studio.notebook();
  const reader = await studio.peer(studio.reader, id);
  await reader.synced();
  const answers: number[] = [];
  reader.provider.messageHandlers[100] = () => answers.push(1);
  reader.provider.messageHandlers[2] = () => answers.push(2);
  reader.type('x');
  reader.provider.ws?.send(Uint8Array.of(100, 1));
  reader.provider.ws?.send(Uint8Array.of(3));
  await until(() => answers.includes(2), 'the reader is told');
  const editor = await studio.peer(studio.editor, id);
  await editor.stored();
  expect(answers).toEqual([2]);
});

test('an editor made a reader is refused from then on, and an owner can give it back', async () => {
  const id = await studio.notebook();
  const ben = await studio.join('editor');
  const peer = await studio.peer(ben, id);
  peer.type('one ');
  await peer.stored();
  await setRole(ben, 'reader');
  await studio.rooms.recheck({ userId: ben.userId, projectId: studio.projectId });
  peer.type('two ');
  peer.provider.ws?.close();
  await peer.synced();
  expect(await stored(id)).toBe('one ');
  await setRole(ben, 'editor');
  await until(async () => (await stored(id)) === 'one two ', 'what was kept back is asked for');
});

test('a person put out of the project is closed out, without being told to recheck', async () => {
  const id = await studio.notebook();
  const ben = await studio.join('editor');
  const peer = await studio.peer(ben, id);
  await peer.synced();
  await studio.lodestar.db.member.delete({
    where: { projectId_userId: { projectId: studio.projectId, userId: ben.userId } },
  });
  expect((await peer.closed()).code).toBe(CloseCode.rightLost);
});

test('signing out closes the sockets of that session at once', async () => {
  const id = await studio.notebook();
  const ben = await studio.join('editor');
  const peer = await studio.peer(ben, id);
  await peer.synced();
  await studio.lodestar.db.session.update({ where: { id: ben.via.id }, data: { endedAt: new Date() } });
  await studio.rooms.recheck({ sessionId: ben.via.id });
  expect((await peer.closed()).code).toBe(CloseCode.sessionEnded);
});

test('a session that expires while connected is closed', async () => {
  const id = await studio.notebook();
  const ben = await studio.join('editor');
  const peer = await studio.peer(ben, id);
  await peer.synced();
  await studio.lodestar.db.session.update({ where: { id: ben.via.id }, data: { expiresAt: new Date(0) } });
  expect((await peer.closed()).code).toBe(CloseCode.sessionEnded);
});

test('a notebook deleted while open is closed for everyone', async () => {
  const id = await studio.notebook();
  const peer = await studio.peer(studio.editor, id);
  await peer.synced();
  await studio.lodestar.db.notebook.update({ where: { id }, data: { deletedAt: new Date() } });
  expect((await peer.closed()).code).toBe(CloseCode.notebookGone);
});

test('before the handshake: no session, an ended one, a stranger, an unknown notebook, another path', async () => {
  const id = await studio.notebook();
  const ended = await studio.join('editor');
  await studio.lodestar.db.session.update({ where: { id: ended.via.id }, data: { endedAt: new Date() } });
  expect(await knock(`/collaboration/${id}`, { origin: studio.origin })).toBe(401);
  expect(await knock(`/collaboration/${id}`, await pageHeaders(ended))).toBe(401);
  expect(await knock(`/collaboration/${id}`, await pageHeaders(await makeActor()))).toBe(404);
  expect(await knock('/collaboration/nowhere', await pageHeaders(studio.owner))).toBe(404);
  expect(await knock('/collaboration/', await pageHeaders(studio.owner))).toBe(404);
  expect(await knock(`/collaboration/${id}/../x`, await pageHeaders(studio.owner))).toBe(404);
});

test('a page of another site cannot open a socket with our cookie', async () => {
  const id = await studio.notebook();
  const { cookie } = await pageHeaders(studio.owner);
  for (const headers of [{ cookie }, { cookie, origin: 'null' }, { cookie, origin: 'http://evil.test' }])
    expect(await knock(`/collaboration/${id}`, headers)).toBe(403);
});

test('a script with a bearer token needs no origin', async () => {
  const id = await studio.notebook();
  const peer = openPeer({ url: studio.url, notebookId: id, headers: await bearerHeaders(studio.editor) });
  peer.type('from a script');
  await peer.stored();
  expect(await stored(id)).toBe('from a script');
  peer.close();
});

test('a workspace admin may open any notebook', async () => {
  const id = await studio.notebook();
  const admin = await makeActor({ isAdmin: true });
  const peer = await studio.peer(admin, id);
  peer.type('x');
  await peer.stored();
});

function stored(id: string): Promise<string> {
  return studio.rooms.read(id, (doc) => doc.getText('t').toString());
}

async function setRole(actor: Actor, role: string): Promise<void> {
  const where = { projectId_userId: { projectId: studio.projectId, userId: actor.userId } };
  await studio.lodestar.db.member.update({ where, data: { role } });
}

/** The HTTP status an upgrade is answered with. */
function knock(path: string, headers: OutgoingHttpHeaders): Promise<number | undefined> {
  const upgrade = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  };
  return new Promise((resolve, reject) => {
    const port = new URL(studio.url).port;
    const asked = request({ host: '127.0.0.1', port, path, headers: { ...upgrade, ...headers } });
    asked.on('response', (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.on('upgrade', (_response, socket) => {
      socket.destroy();
      resolve(101);
    });
    asked.on('error', reject);
    asked.end();
  });
}
