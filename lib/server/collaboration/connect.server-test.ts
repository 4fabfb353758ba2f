import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { connectNotebook, type Connection } from '#lib/client/sync/connect.ts';
import type { Actor } from '#lib/server/access.ts';
import { openStudio, type Studio } from '#lib/testing/collaboration.ts';
import { withHeaders } from '#lib/testing/peer.ts';
import { pageHeaders } from '#lib/testing/people.ts';
import { until } from '#lib/testing/until.ts';

let studio: Studio;
const open: Connection[] = [];

beforeAll(async () => {
  studio = await openStudio({ limits: { standingMs: 20 } });
});
afterEach(async () => {
  for (const connection of open.splice(0)) connection.close();
  await studio.hangUp();
});
afterAll(() => studio.close());

test('an edit is storing until the server has it, then stored', async () => {
  const id = await studio.notebook();
  const { connection, doc } = await page(studio.owner, id);
  expect(connection.state().state).toBe('connecting');
  await until(() => connection.state().state === 'stored', 'stored');
  const seen: string[] = [];
  connection.subscribe(() => seen.push(connection.state().state));
  doc.getText('t').insert(0, 'hello');
  expect(connection.state()).toMatchObject({ state: 'storing', pending: 1 });
  await until(() => connection.state().state === 'stored', 'stored again');
  expect(connection.state().pending).toBe(0);
  expect(seen).toEqual(['storing', 'stored']);
  expect(await studio.lodestar.db.update.count({ where: { notebookId: id } })).toBe(1);
});

test('typing fast costs a barrier a round trip, not one a key', async () => {
  const id = await studio.notebook();
  const { connection, doc } = await page(studio.owner, id);
  await until(() => connection.state().state === 'stored', 'stored');
  let barriers = 0;
  const ws = connection.provider.ws!;
  const send = ws.send.bind(ws);
  ws.send = (data) => {
    if (new Uint8Array(data as unknown as ArrayBuffer)[0] === 100) barriers += 1;
    send(data);
  };
  for (let key = 0; key < 100; key += 1) doc.getText('t').insert(key, 'x');
  await until(() => connection.state().state === 'stored', 'all stored');
  expect(barriers).toBeLessThanOrEqual(3);
});

test('edits made offline are counted, and stored after the line is back', async () => {
  const id = await studio.notebook();
  const { connection, doc } = await page(studio.owner, id);
  await until(() => connection.state().state === 'stored', 'stored');
  connection.provider.disconnect();
  doc.getText('t').insert(0, 'a');
  doc.getText('t').insert(1, 'b');
  expect(connection.state()).toMatchObject({ state: 'offline', pending: 2 });
  connection.provider.connect();
  await until(() => connection.state().state === 'stored', 'stored');
  expect(await studio.rooms.read(id, (doc) => doc.getText('t').toString())).toBe('ab');
});

test('it comes back by itself after the server restarted', async () => {
  const id = await studio.notebook();
  const { connection, doc } = await page(studio.owner, id);
  await until(() => connection.state().state === 'stored', 'stored');
  await studio.restart();
  doc.getText('t').insert(0, 'x');
  await until(() => connection.state().state === 'stored' && connection.state().pending === 0, 'stored');
  expect(await studio.rooms.read(id, (doc) => doc.getText('t').toString())).toBe('x');
});

test('a session that ends is said in words, with what is not stored, and no more tries', async () => {
  const id = await studio.notebook();
  const ben = await studio.join('editor');
  const { connection, doc } = await page(ben, id);
  await until(() => connection.state().state === 'stored', 'stored');
  await studio.lodestar.db.session.update({ where: { id: ben.via.id }, data: { endedAt: new Date() } });
  await studio.rooms.recheck({ sessionId: ben.via.id });
  await until(() => connection.state().state === 'refused', 'refused');
  doc.getText('t').insert(0, 'x');
  expect(connection.state()).toMatchObject({ state: 'refused', pending: 1 });
  expect(connection.state().reason).toContain('Sign in again');
  expect(connection.provider.shouldConnect).toBe(false);
});

test('one refused before the handshake asks why over HTTP and says it', async () => {
  const id = await studio.notebook();
  const connection = connectNotebook({
    url: studio.url,
    notebookId: id,
    doc: new Y.Doc(),
    WebSocket: withHeaders({ origin: studio.origin }),
    whyRefused: async () => 'Your session has ended. Sign in again to go on.',
  });
  open.push(connection);
  await until(() => connection.state().state === 'refused', 'refused');
  expect(connection.state().reason).toContain('Sign in again');
});

test("a reader's edit is refused in words and never called stored", async () => {
  const id = await studio.notebook();
  const { connection, doc } = await page(studio.reader, id);
  await until(() => connection.state().state === 'stored', 'stored');
  doc.getText('t').insert(0, 'x');
  await until(() => connection.state().state === 'refused', 'refused');
  expect(connection.state()).toMatchObject({ pending: 1 });
  expect(connection.state().reason).toContain('not change it');
});

test('a line that is dead without knowing it is given up', async () => {
  const id = await studio.notebook();
  const { connection, doc } = await page(studio.owner, id, 50);
  await until(() => connection.state().state === 'stored', 'stored');
  const dead = connection.provider.ws!;
  dead.send = () => {};
  doc.getText('t').insert(0, 'x');
  await until(() => connection.provider.ws !== dead && connection.state().state === 'stored', 'a new line stored it');
  expect(await studio.rooms.read(id, (doc) => doc.getText('t').toString())).toBe('x');
});

async function page(
  actor: Actor,
  notebookId: string,
  patienceMs = 10_000,
): Promise<{ connection: Connection; doc: Y.Doc }> {
  const doc = new Y.Doc();
  const connection = connectNotebook({
    url: studio.url,
    notebookId,
    doc,
    WebSocket: withHeaders(await pageHeaders(actor)),
    whyRefused: async () => null,
    patienceMs,
  });
  open.push(connection);
  return { connection, doc };
}
