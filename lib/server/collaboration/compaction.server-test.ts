import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { openStudio, type Studio } from '#lib/testing/collaboration.ts';
import { until } from '#lib/testing/until.ts';
import type { ExecuteSql } from '#lib/server/database/open.ts';
import { createLog } from './log.ts';

let studio: Studio;

beforeAll(async () => {
  studio = await openStudio({ limits: { compactRows: 10, graceMs: 20 } });
});
afterEach(() => studio.hangUp());
afterAll(() => studio.close());

test('a long log becomes a snapshot that reads the same, and the log goes', async () => {
  const id = await studio.notebook();
  const peer = await studio.peer(studio.owner, id);
  await typeRows(peer, 12);
  await until(async () => (await count(id)).snapshots === 1, 'a snapshot is written');
  expect((await count(id)).updates).toBeLessThan(12);
  expect(await read(id)).toBe('x'.repeat(12));
});

test('people go on typing while it is compacted', async () => {
  const id = await studio.notebook();
  const peers = [await studio.peer(studio.owner, id), await studio.peer(studio.editor, id)];
  await Promise.all(peers.map((peer) => typeRows(peer, 40)));
  await until(async () => (await count(id)).snapshots === 1, 'a snapshot is written');
  expect(await read(id)).toBe('x'.repeat(80));
});

test('what was deleted is not in the snapshot', async () => {
  const id = await studio.notebook();
  await studio.rooms.edit(id, null, (doc) => doc.getText('t').insert(0, 'a secret that was deleted'));
  await studio.rooms.edit(id, null, (doc) => doc.getText('t').delete(0, 25));
  await createLog(studio.lodestar.executeSql).compact(id);
  const { data } = await studio.lodestar.db.snapshot.findUniqueOrThrow({ where: { notebookId: id } });
  expect(Buffer.from(data).includes('secret')).toBe(false);
});

test('updates that wait for one that is missing survive', async () => {
  const id = await studio.notebook();
  const log = createLog(studio.lodestar.executeSql);
  const [first, second] = twoUpdates();
  await log.append([{ notebookId: id, data: second }]);
  await log.compact(id);
  await log.append([{ notebookId: id, data: first }]);
  expect(await read(id)).toBe('ab');
});

test('a crash before the statement, in it, or after it loses nothing', async () => {
  const id = await studio.notebook();
  await studio.rooms.edit(id, null, (doc) => doc.getText('t').insert(0, 'all of it'));
  const { executeSql } = studio.lodestar;
  const isReplacing = (text: string) => text.includes('INSERT INTO "Snapshot"');
  const before: ExecuteSql = async (text, values) => {
    if (isReplacing(text)) throw new Error('crash before');
    return executeSql(text, values);
  };
  const within: ExecuteSql = async (text, values) =>
    isReplacing(text) ? executeSql(`${text} RETURNING 1 / 0`, values) : executeSql(text, values);
  const after: ExecuteSql = async (text, values) => {
    const answer = await executeSql(text, values);
    if (isReplacing(text)) throw new Error('crash after');
    return answer;
  };
  for (const crashing of [before, within, after]) {
    await expect(createLog(crashing).compact(id)).rejects.toThrow();
    expect(await fromStore(id)).toBe('all of it');
  }
  await createLog(executeSql).compact(id);
  expect(await fromStore(id)).toBe('all of it');
  expect(await count(id)).toEqual({ snapshots: 1, updates: 0 });
});

test('an older compaction that comes late does not replace a newer one', async () => {
  const id = await studio.notebook();
  const { executeSql } = studio.lodestar;
  await studio.rooms.edit(id, null, (doc) => doc.getText('t').insert(0, 'old'));
  let goOn = () => {};
  const late = createLog(async (text, values) => {
    if (text.includes('INSERT INTO "Snapshot"')) await new Promise<void>((resolve) => (goOn = resolve));
    return executeSql(text, values);
  }).compact(id);
  await studio.rooms.edit(id, null, (doc) => doc.getText('t').insert(3, ' and new'));
  await createLog(executeSql).compact(id);
  goOn();
  await late;
  expect(await fromStore(id)).toBe('old and new');
});

test('a store that fails for a while keeps edits in memory and acknowledges nothing', async () => {
  const id = await studio.notebook();
  const peer = await studio.peer(studio.owner, id);
  await peer.synced();
  let isAnswered = false;
  await studio.lodestar.executeSql(`ALTER TABLE "Update" ADD CONSTRAINT broken CHECK (false) NOT VALID`);
  peer.type('typed while it failed');
  peer.provider.messageHandlers[100] = () => (isAnswered = true);
  peer.provider.ws?.send(Uint8Array.of(100, 1));
  const other = await studio.peer(studio.editor, id);
  await until(() => other.provider.wsconnected, 'the other is connected');
  expect(isAnswered).toBe(false);
  expect(other.read()).toBe('');
  await studio.lodestar.executeSql(`ALTER TABLE "Update" DROP CONSTRAINT broken`);
  await until(() => isAnswered, 'the store is tried again');
  await until(() => other.read() === 'typed while it failed', 'the other hears it');
});

test('a room whose notebook is gone does not hold up the others', async () => {
  const [gone, there] = [await studio.notebook(), await studio.notebook()];
  const [left, stays] = [await studio.peer(studio.owner, gone), await studio.peer(studio.owner, there)];
  await Promise.all([left.synced(), stays.synced()]);
  await studio.lodestar.db.notebook.delete({ where: { id: gone } });
  left.type('into the void');
  stays.type('stored');
  await stays.stored();
  expect(await fromStore(there)).toBe('stored');
  expect((await left.closed()).code).toBe(4404);
});

async function typeRows(peer: { type(letters: string): void; stored(): Promise<void> }, rows: number): Promise<void> {
  for (let row = 0; row < rows; row += 1) {
    peer.type('x');
    await peer.stored();
  }
}

function twoUpdates(): [Uint8Array, Uint8Array] {
  const updates: Uint8Array[] = [];
  const doc = new Y.Doc();
  doc.on('update', (update: Uint8Array) => updates.push(update));
  doc.getText('t').insert(0, 'a');
  doc.getText('t').insert(1, 'b');
  return [updates[0]!, updates[1]!];
}

function read(id: string): Promise<string> {
  return studio.rooms.read(id, (doc) => doc.getText('t').toString());
}

async function fromStore(id: string): Promise<string> {
  return (await createLog(studio.lodestar.executeSql).load(id)).doc.getText('t').toString();
}

async function count(id: string): Promise<{ snapshots: number; updates: number }> {
  const { db } = studio.lodestar;
  const where = { notebookId: id };
  return { snapshots: await db.snapshot.count({ where }), updates: await db.update.count({ where }) };
}
