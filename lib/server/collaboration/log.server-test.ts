import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { CloseCode } from '#lib/notebook/close-codes.ts';
import type { Actor } from '#lib/server/access.ts';
import { startLodestar, type TestLodestar } from '#lib/testing/lodestar.ts';
import { makeActor, makeMember, makeNotebookRow, makeProject } from '#lib/testing/people.ts';
import { startCluster, whyNoPostgres, type Cluster } from '#lib/testing/postgres.ts';
import { createLog } from './log.ts';
import { readStandings } from './standing.ts';

const why = await whyNoPostgres();
let cluster: Cluster | undefined;
beforeAll(async () => {
  if (!why) cluster = await startCluster();
});
afterAll(() => cluster?.close());

const kinds: [string, () => Promise<{ postgres?: string }>][] = [
  ['PGlite', async () => ({})],
  ['PostgreSQL', async () => ({ postgres: await cluster!.database() })],
];

for (const [name, address] of kinds)
  describe.skipIf(name === 'PostgreSQL' && why)(`${name}${name === 'PostgreSQL' && why ? `: ${why}` : ''}`, () => {
    let lodestar: TestLodestar;
    let owner: Actor;
    let projectId: string;
    beforeAll(async () => {
      lodestar = await startLodestar(await address());
      owner = await makeActor();
      projectId = (await makeProject(owner)).id;
    });
    afterAll(() => lodestar.close());

    test('rows of several notebooks are stored at once and read back in order', async () => {
      const log = createLog(lodestar.executeSql);
      const [one, two] = [(await makeNotebookRow(projectId, owner)).id, (await makeNotebookRow(projectId, owner)).id];
      const [first, second] = updates('a', 'b');
      const highest = await log.append([
        { notebookId: one, data: first! },
        { notebookId: two, data: first! },
        { notebookId: one, data: second! },
      ]);
      expect(highest.get(one)! > highest.get(two)!).toBe(true);
      expect(await read(one)).toEqual({ text: 'ab', logRows: 2 });
      expect(await read(two)).toEqual({ text: 'a', logRows: 1 });
    });

    test('a commit that fails stores none of its rows', async () => {
      const log = createLog(lodestar.executeSql);
      const { id } = await makeNotebookRow(projectId, owner);
      const [data] = updates('a');
      const rows = [id, 'nowhere'].map((notebookId) => ({ notebookId, data: data! }));
      await expect(log.append(rows)).rejects.toThrow();
      expect(await read(id)).toEqual({ text: '', logRows: 0 });
      expect([await log.exists(id), await log.exists('nowhere')]).toEqual([true, false]);
    });

    test('compacted, then edited, then compacted again reads the same', async () => {
      const log = createLog(lodestar.executeSql);
      const { id } = await makeNotebookRow(projectId, owner);
      const [first, second] = updates('a', 'b');
      await log.append([{ notebookId: id, data: first! }]);
      expect(await log.compact(id)).toMatchObject({ logRows: 0 });
      await log.append([{ notebookId: id, data: second! }]);
      expect(await read(id)).toEqual({ text: 'ab', logRows: 1 });
      await log.compact(id);
      expect(await read(id)).toEqual({ text: 'ab', logRows: 0 });
    });

    test('a row with an older id that another node commits late is read, and outlives a compaction', async () => {
      const log = createLog(lodestar.executeSql);
      const { id } = await makeNotebookRow(projectId, owner);
      const [first, second, third] = updates('a', 'b', 'c');
      const [late] = (await lodestar.executeSql(`SELECT nextval(pg_get_serial_sequence('"Update"', 'id')) AS id`)).rows;
      await log.append([{ notebookId: id, data: first! }]);
      await log.compact(id);
      const text = `INSERT INTO "Update" (id, "notebookId", data) VALUES ($1, $2, $3)`;
      await lodestar.executeSql(text, [String((late as { id: unknown }).id), id, second!]);
      expect(await read(id)).toEqual({ text: 'ab', logRows: 1 });
      await log.append([{ notebookId: id, data: third! }]);
      await Promise.all([log.compact(id), log.compact(id)]);
      expect((await read(id)).text).toBe('abc');
    });

    test('a compaction made from an older snapshot replaces nothing', async () => {
      const { executeSql } = lodestar;
      const log = createLog(executeSql);
      const { id } = await makeNotebookRow(projectId, owner);
      const [first, second] = updates('a', 'b');
      await log.append([{ notebookId: id, data: first! }]);
      let release = () => {};
      const isHeld = new Promise<void>((resolve) => (release = resolve));
      const slow = createLog(async (text, values) => {
        if (text.includes('INSERT INTO "Snapshot"')) await isHeld;
        return executeSql(text, values);
      });
      const late = slow.compact(id);
      await log.append([{ notebookId: id, data: second! }]);
      await log.compact(id);
      release();
      await late;
      expect(await read(id)).toEqual({ text: 'ab', logRows: 0 });
    });

    test('the standing of each kind of person, in the order asked', async () => {
      const { id: notebookId } = await makeNotebookRow(projectId, owner);
      const { id: deleted } = await makeNotebookRow(projectId, owner);
      await lodestar.db.notebook.update({ where: { id: deleted }, data: { deletedAt: new Date() } });
      const [reader, stranger, admin] = [await makeActor(), await makeActor(), await makeActor({ isAdmin: true })];
      await makeMember(projectId, reader, 'reader');
      const holders = [owner, reader, stranger, admin, withToken(owner, 'none')].map((actor) => ({
        actor,
        notebookId,
      }));
      const now = new Date();
      expect(
        await readStandings(lodestar.executeSql, [...holders, { actor: owner, notebookId: deleted }], now),
      ).toEqual([
        { role: 'owner', projectId },
        { role: 'reader', projectId },
        { refused: CloseCode.rightLost },
        { role: 'owner', projectId },
        { refused: CloseCode.sessionEnded },
        { refused: CloseCode.notebookGone },
      ]);
      const later = new Date(now.getTime() + 365 * 86_400_000);
      expect(await readStandings(lodestar.executeSql, holders.slice(0, 1), later)).toEqual([
        { refused: CloseCode.sessionEnded },
      ]);
    });

    test('a token stands until it is revoked or expires', async () => {
      const { id: notebookId } = await makeNotebookRow(projectId, owner);
      await lodestar.db.token.create({ data: { id: 'tok', userId: owner.userId, name: 't', hash: 'h', hint: 'h' } });
      const holders = [{ actor: withToken(owner, 'tok'), notebookId }];
      const standing = async () => (await readStandings(lodestar.executeSql, holders, new Date()))[0];
      expect(await standing()).toEqual({ role: 'owner', projectId });
      await lodestar.db.token.update({ where: { id: 'tok' }, data: { expiresAt: new Date(0) } });
      expect(await standing()).toEqual({ refused: CloseCode.sessionEnded });
      await lodestar.db.token.update({ where: { id: 'tok' }, data: { expiresAt: null, revokedAt: new Date() } });
      expect(await standing()).toEqual({ refused: CloseCode.sessionEnded });
    });

    test("titles are copied to the rooms' rows in one statement, and nobody's name is forgotten", async () => {
      const { id } = await makeNotebookRow(projectId, owner);
      await lodestar.rooms.edit(
        id,
        owner.userId,
        (doc) => void doc.getMap('meta').set('title', 'Ein Titel \u0000 mit Null'),
      );
      await lodestar.rooms.edit(id, null, (doc) => doc.getText('t').insert(0, 'x'));
      await lodestar.rooms.drain();
      const row = await lodestar.db.notebook.findUniqueOrThrow({ where: { id } });
      expect(row).toMatchObject({ title: 'Ein Titel  mit Null', editedBy: owner.userId });
    });

    async function read(id: string): Promise<{ text: string; logRows: number }> {
      const { doc, logRows } = await createLog(lodestar.executeSql).load(id);
      return { text: doc.getText('t').toString(), logRows };
    }
  });

function withToken(actor: Actor, id: string): Actor {
  return { ...actor, via: { kind: 'token', id } };
}

function updates(...letters: string[]): Uint8Array[] {
  const doc = new Y.Doc();
  const made: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => made.push(update));
  letters.forEach((letter, index) => doc.getText('t').insert(index, letter));
  return made;
}
