import { tableFromArrays, tableFromIPC, tableToIPC } from 'apache-arrow';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { decodeEvents, eventsMediaType } from '#kernels/events.ts';
import { concat, encodeFrame } from '#kernels/frame.ts';
import type { Done, KernelEvent } from '#kernels/kernel.ts';
import { broughtKinds } from '#kernels/remote.ts';
import { newId } from '#lib/notebook/id.ts';
import type { Actor } from '#lib/server/access.ts';
import { addConnection, admin, startConnected, type Connected } from '#lib/testing/connected.ts';
import { bearerHeaders, makeActor, makeMember, makeProject } from '#lib/testing/people.ts';

/* Queries on a real Trino over HTTP: every form of answer, what goes along, and answers that were kept. */

let connected: Connected;
let clock = new Date('2026-11-21T10:00:00Z');
const cluster = admin();

beforeAll(async () => {
  connected = await startConnected(
    { limits: { cache: 600 } },
    { config: { ALLOW_PRIVATE_ADDRESSES: '127.0.0.1' }, now: () => clock },
  );
});
afterAll(async () => {
  await connected.close();
  await cluster.close();
});

interface Rows {
  columns: { name: string; type: string }[];
  rows: unknown[][];
  complete: boolean;
  asOf: string;
  engine: string;
  cachedAt?: string;
  warnings?: string[];
  cluster?: { queryId: string; link: string };
}

async function rows(sql: string, more: object = {}, actor: Actor = connected.owner): Promise<Rows> {
  const response = await connected.query(actor, sql, more);
  const body = (await response.json()) as Rows & { detail?: string };
  expect([response.status, body.detail]).toEqual([200, undefined]);
  return body;
}

async function events(response: Response): Promise<KernelEvent[]> {
  const all: KernelEvent[] = [];
  for await (const event of decodeEvents(response.body!)) all.push(event);
  return all;
}

const accepting = (accept: string) => ({ headers: { accept } });

describe('an answer', () => {
  const sql = `SELECT nationkey, name, CAST(1.50 AS decimal(38,2)) AS d FROM nation ORDER BY nationkey LIMIT 2`;

  test('as JSON, no digit lost, with what the cluster says of it', async () => {
    const answer = await rows(sql);
    expect(answer).toMatchObject({
      columns: [
        { name: 'nationkey', type: 'BIGINT' },
        { name: 'name', type: 'VARCHAR' },
        { name: 'd', type: 'DECIMAL(38,2)' },
      ],
      rows: [
        ['0', 'ALGERIA', '1.50'],
        ['1', 'ARGENTINA', '1.50'],
      ],
      complete: true,
      engine: 'trino',
    });
    expect(answer.cluster!.link).toContain(answer.cluster!.queryId);
  });

  test('as CSV', async () => {
    const response = await connected.query(connected.owner, sql, {}, accepting('text/csv'));
    expect(await response.text()).toBe('nationkey,name,d\r\n0,ALGERIA,1.50\r\n1,ARGENTINA,1.50\r\n');
  });

  test('as Arrow', async () => {
    const response = await connected.query(connected.owner, sql, {}, accepting('application/vnd.apache.arrow.stream'));
    const table = tableFromIPC(new Uint8Array(await response.arrayBuffer()));
    expect(table.getChild('nationkey')!.toArray()).toEqual(new BigInt64Array([0n, 1n]));
  });

  test('as events, with the cluster’s progress', async () => {
    const response = await connected.query(connected.owner, sql, { fresh: true }, accepting(eventsMediaType));
    const all = await events(response);
    const progress = all.find((event) => event.type === 'progress');
    expect(progress).toMatchObject({ cluster: { queryId: expect.stringMatching(/^\d{8}_/) } });
    expect(all.at(-1)).toMatchObject({ type: 'done', rows: 2, complete: true, cluster: { state: 'FINISHED' } });
  });

  test('of what is wrong is a problem with its place', async () => {
    const response = await connected.query(connected.owner, 'SELECT name,\nnme FROM nation');
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ code: 'unknown-name', position: { line: 2, column: 1 } });
  });

  test('of what would write is a refusal, and nothing is written', async () => {
    const name = `w_${newId()}`;
    for (const sql of [
      `CREATE TABLE memory.default.${name} AS SELECT 1 AS n`,
      `EXPLAIN ANALYZE CREATE TABLE memory.default.${name} AS SELECT 1 AS n`,
    ])
      expect((await connected.query(connected.owner, sql)).status).toBe(403);
    expect(await cluster.run(`SHOW TABLES FROM memory.default LIKE '${name}'`)).toEqual([]);
  });

  test('needs a connection, and one of this project', async () => {
    const { owner, query, lodestar } = connected;
    expect(await (await query(owner, 'SELECT 1', { connection: undefined })).json()).toMatchObject({
      code: 'connection-needed',
    });
    const other = await makeProject(owner);
    const foreign = await addConnection(lodestar, other.id, owner);
    expect((await query(owner, 'SELECT 1', { connection: foreign.id })).status).toBe(404);
  });
});

describe('what goes along', () => {
  test('other cells as their text, which is never cut', async () => {
    const queries = { line: 'SELECT * FROM lineitem', bulky: 'SELECT * FROM line WHERE quantity >= {{least}}' };
    const answer = await rows('SELECT count(*) AS n FROM bulky', { queries, parameters: { least: 50 } });
    const [[expected]] = (await cluster.run('SELECT count(*) FROM tpch.tiny.lineitem WHERE quantity >= 50')) as [
      [string],
    ];
    expect(answer.rows).toEqual([[expected]]);
  });

  test('rows of the page, beside tables of the cluster', async () => {
    const query = {
      sql: 'SELECT name FROM nation JOIN wanted ON nationkey = key ORDER BY 1',
      engine: 'trino',
      connection: connected.connection.id,
      tables: ['wanted'],
    };
    const wanted = tableToIPC(tableFromArrays({ key: new Int32Array([3, 7]) }), 'stream');
    const frames = [
      encodeFrame(broughtKinds.query, new TextEncoder().encode(JSON.stringify(query))),
      encodeFrame(broughtKinds.table, wanted),
    ];
    const headers = { ...(await bearerHeaders(connected.owner)), 'content-type': eventsMediaType, accept: 'text/csv' };
    const url = new URL(`/api/projects/${connected.projectId}/query/with-tables`, connected.lodestar.publicUrl);
    const response = await connected.lodestar.api(new Request(url, { method: 'POST', headers, body: concat(frames) }));
    expect(await response.text()).toBe('name\r\nCANADA\r\nGERMANY\r\n');
  });
});

describe('an answer that was kept', () => {
  const random = () => `SELECT random() AS r, '${newId()}' AS mark`;
  let sql: string;
  beforeEach(() => {
    sql = random();
    clock = new Date('2026-11-21T10:00:00Z');
  });

  test('is given again, with its age and as of when it was read', async () => {
    const first = await rows(sql);
    clock = new Date('2026-11-21T10:09:00Z');
    const second = await rows(sql);
    expect(first.cachedAt).toBeUndefined();
    expect(second).toEqual({ ...first, cachedAt: '2026-11-21T10:00:00.000Z' });
  });

  test('is not given when it is too old, nor past it', async () => {
    const first = await rows(sql);
    const second = await rows(sql, { fresh: true });
    expect(second.rows).not.toEqual(first.rows);
    expect((await rows(sql)).rows).toEqual(second.rows);
    clock = new Date('2026-11-21T10:10:01Z');
    expect((await rows(sql)).rows).not.toEqual(second.rows);
  });

  test('is one person’s: another gets their own, though they ask the same', async () => {
    const other = await makeActor();
    await makeMember(connected.projectId, other, 'reader');
    const whoAmI = `SELECT current_user AS me, '${newId()}' AS mark`;
    const mine = await rows(whoAmI);
    const theirs = await rows(whoAmI, {}, other);
    expect(theirs.cachedAt).toBeUndefined();
    expect(mine.rows[0]![0]).toBe(connected.owner.email.split('@')[0]);
    expect(theirs.rows[0]![0]).toBe(other.email.split('@')[0]);
  });

  test('is not of another’s, though both are one user there', async () => {
    const other = await makeActor();
    await makeMember(connected.projectId, other, 'reader');
    const identity = {
      kind: 'none',
      becomes: 'email',
      exceptions: { [other.email]: 'same', [connected.owner.email]: 'same' },
    };
    const shared = await addConnection(connected.lodestar, connected.projectId, connected.owner, { identity });
    const mine = await rows(sql, { connection: shared.id });
    const theirs = await rows(sql, { connection: shared.id }, other);
    expect(theirs.cachedAt).toBeUndefined();
    expect(theirs.rows).not.toEqual(mine.rows);
  });

  test('is not given after the connection was changed, nor for other values or another limit', async () => {
    const { connection, lodestar, owner, projectId } = connected;
    const own = await addConnection(lodestar, projectId, owner);
    const given = { connection: own.id, parameters: { n: 1 } };
    const text = `${sql}, {{n}} AS n`;
    await rows(text, given);
    expect((await rows(text, given)).cachedAt).toBeDefined();
    expect((await rows(text, { ...given, parameters: { n: 2 } })).cachedAt).toBeUndefined();
    expect((await rows(text, { ...given, limit: 5 })).cachedAt).toBeUndefined();
    expect((await rows(text, { ...given, connection: connection.id })).cachedAt).toBeUndefined();
    await lodestar.db.connection.update({ where: { id: own.id }, data: { version: 2 } });
    expect((await rows(text, given)).cachedAt).toBeUndefined();
  });

  test('is nothing for who may no longer read in the project', async () => {
    const other = await makeActor();
    await makeMember(connected.projectId, other, 'reader');
    await rows(sql, {}, other);
    await connected.lodestar.db.member.deleteMany({ where: { userId: other.userId } });
    expect((await connected.query(other, sql)).status).toBe(404);
  });

  test('is none that failed, or that was left', async () => {
    const folder = join(connected.lodestar.config.DATA_DIR, 'results');
    const before = (await readdir(folder)).length;
    expect((await connected.query(connected.owner, 'SELECT 1 / (nationkey - nationkey) FROM nation')).status).toBe(422);
    const response = await connected.query(
      connected.owner,
      'SELECT * FROM tpch.sf1.lineitem',
      {},
      accepting(eventsMediaType),
    );
    await response.body!.getReader().cancel();
    await expect.poll(async () => (await readdir(folder)).length).toBe(before);
  });
});

describe('limits', () => {
  const limited = async (limits: object) =>
    (await addConnection(connected.lodestar, connected.projectId, connected.owner, { limits })).id;

  test('rows: what was cut says so, by which limit and who can change it', async () => {
    const connection = await limited({ rows: 10 });
    const answer = await rows('SELECT * FROM nation', { connection });
    expect(answer.rows).toHaveLength(10);
    expect(answer.complete).toBe(false);
    expect(answer.warnings).toEqual([
      expect.stringMatching(/^Cut at 10 rows, the most that c_\w+ gives .* An owner of the project/),
    ]);
    expect((await rows('SELECT * FROM nation', { connection, limit: 3 })).warnings).toBeUndefined();
    expect((await rows('SELECT * FROM region', { connection })).complete).toBe(true);
  });

  test('rows: a form that cannot say so breaks off, unless no more were asked for', async () => {
    const connection = await limited({ rows: 10 });
    const csv = (limit?: number) =>
      connected.query(connected.owner, 'SELECT * FROM nation', { connection, limit }, accepting('text/csv'));
    await expect(csv().then((response) => response.text())).rejects.toThrow('Only 10 rows may be given');
    expect((await (await csv(10)).text()).trim().split('\r\n')).toHaveLength(11);
  });

  test('bytes of an answer', async () => {
    const connection = await limited({ resultBytes: 100_000, rows: 1_000_000 });
    const answer = await rows('SELECT * FROM lineitem', { connection, limit: 60_000 });
    expect(answer.complete).toBe(false);
    expect(answer.rows.length).toBeGreaterThan(0);
    expect(answer.warnings).toEqual([expect.stringContaining('Cut at 97.7 KB, the most')]);
  });

  test('bytes to read: refused before it runs where the cluster knows, and not where it reads less', async () => {
    const connection = await limited({ scanBytes: 10_000 });
    const refused = await connected.query(connected.owner, 'SELECT sum(quantity) FROM tpch.sf1.lineitem', {
      connection,
    });
    expect(await refused.json()).toMatchObject({
      status: 403,
      code: 'refused',
      detail: expect.stringMatching(/^It would read about .* may read 9.8 KB\. It was not run\.$/),
      hint: expect.stringContaining('An owner of the project'),
    });
    expect((await rows('SELECT count(*) AS n FROM nation', { connection })).rows).toEqual([['25']]);
  });

  test('time', async () => {
    const connection = await limited({ time: 1 });
    const sql = `SELECT count(*) FROM UNNEST(sequence(1, 10000)) a (n), UNNEST(sequence(1, 10000)) b (n), UNNEST(sequence(1, 10000)) c (n) WHERE a.n + b.n + c.n < 0`;
    const stopped = await connected.query(connected.owner, sql, { connection });
    expect(await stopped.json()).toMatchObject({
      status: 504,
      detail: expect.stringMatching(/^Stopped after 1.0 s, the longest that a query may take on c_/),
      hint: expect.stringContaining('An owner of the project'),
    });
  });

  test('a Done that is complete has no word of a limit', async () => {
    const done = (await events(await connected.query(connected.owner, 'SELECT 1', {}, accepting(eventsMediaType)))).at(
      -1,
    ) as Done;
    expect(done.warnings).toBeUndefined();
  });
});
