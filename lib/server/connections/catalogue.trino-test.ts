import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Estimate, Found, TableDetail, TableList } from '#lib/connection/view.ts';
import { newId } from '#lib/notebook/id.ts';
import { admin, startConnected, type Connected } from '#lib/testing/connected.ts';
import { makeActor, makeMember } from '#lib/testing/people.ts';

/* What a real Trino shows: its catalogue, what a text is, and what it would read. */

let connected: Connected;
const cluster = admin();
const schema = `t_${newId()}`;
const odd = `odd " name' %_;`;

beforeAll(async () => {
  connected = await startConnected();
  await cluster.run(`CREATE SCHEMA iceberg.${schema}`);
  await cluster.run(`CREATE TABLE iceberg.${schema}.purchase (
    paid_at timestamp(6) with time zone COMMENT 'when it was paid', region varchar, amount decimal(18,2)
  ) COMMENT 'Paid purchases' WITH (partitioning = ARRAY['day(paid_at)', 'region'])`);
  await cluster.run(`INSERT INTO iceberg.${schema}.purchase VALUES
    (TIMESTAMP '2026-11-20 10:00:00 UTC', 'de', 1.10), (TIMESTAMP '2026-11-21 10:00:00 UTC', NULL, 2.20)`);
  const columns = Array.from({ length: 25 }, (_, index) => `c${index} bigint`).join(', ');
  await cluster.run(`CREATE TABLE iceberg.${schema}.wide (${columns})`);
  await cluster.run(`CREATE TABLE memory.default."${odd.replaceAll('"', '""')}" (n bigint)`);
});
afterAll(async () => {
  await cluster.run(`DROP TABLE IF EXISTS memory.default."${odd.replaceAll('"', '""')}"`);
  await cluster.run(`DROP SCHEMA IF EXISTS iceberg.${schema} CASCADE`);
  await cluster.close();
  await connected.close();
});

async function get<T>(path: string, more: Record<string, string> = {}): Promise<T> {
  const { call, owner, connection } = connected;
  const response = await call(owner, `/api/connections/${connection.id}/${path}?${new URLSearchParams(more)}`);
  return (await response.json()) as T;
}

async function post<T>(path: string, body: object): Promise<T> {
  const { call, owner, connection } = connected;
  return (await call(owner, `/api/connections/${connection.id}/${path}`, body)).json() as Promise<T>;
}

describe('the catalogue', () => {
  test('lists catalogs, schemas and tables, and says when it asked', async () => {
    const catalogs = await get<{ items: string[]; readAt: string }>('catalogs');
    expect(catalogs.items).toEqual(expect.arrayContaining(['iceberg', 'memory', 'system', 'tpch']));
    expect((await get<{ items: string[] }>('schemas', { catalog: 'tpch' })).items).toContain('tiny');
    const tables = await get<TableList>('tables', { catalog: 'tpch', schema: 'tiny' });
    expect(tables.items).toContainEqual({ catalog: 'tpch', schema: 'tiny', name: 'nation' });
    expect((await get<TableList>('tables', { catalog: 'tpch', schema: 'tiny' })).readAt).toBe(tables.readAt);
  });

  test('tells all that Trino knows of an Iceberg table', async () => {
    const detail = await get<TableDetail>('table', { catalog: 'iceberg', schema, table: 'purchase' });
    expect(detail).toMatchObject({
      comment: 'Paid purchases',
      columns: [
        { name: 'paid_at', type: 'timestamp(6) with time zone', comment: 'when it was paid' },
        { name: 'region', type: 'varchar', comment: '' },
        { name: 'amount', type: 'decimal(18,2)', comment: '' },
      ],
      partitioning: ['day(paid_at)', 'region'],
      rows: 2,
      files: 2,
    });
    expect(detail.bytes).toBeGreaterThan(0);
    expect(new Date(detail.snapshotAt!).getTime()).toBeLessThanOrEqual(Date.now());
    const amount = detail.statistics.find(({ column }) => column === 'amount')!;
    expect(amount).toMatchObject({ nulls: 0, low: '1.1', high: '2.2' });
    expect(detail.statistics.find(({ column }) => column === 'region')!.nulls).toBe(0.5);
  });

  test('leaves out what a connector does not know', async () => {
    const detail = await get<TableDetail>('table', { catalog: 'tpch', schema: 'tiny', table: 'nation' });
    expect(detail).toMatchObject({ rows: 25, bytes: null, files: null, snapshotAt: null, partitioning: [] });
    expect(detail.columns.map(({ name }) => name)).toEqual(['nationkey', 'name', 'regionkey', 'comment']);
  });

  test('finds a table whatever it is called, and reads it', async () => {
    const place = { catalog: 'memory', schema: 'default', table: odd };
    const { items } = await get<TableList>('tables', { catalog: 'memory', schema: 'default', fresh: 'true' });
    expect(items.map(({ name }) => name)).toContain(odd);
    expect((await get<TableDetail>('table', place)).columns).toEqual([{ name: 'n', type: 'bigint', comment: '' }]);
    expect(await get('sample', place)).toMatchObject({ columns: [{ name: 'n', type: 'BIGINT' }], rows: [] });
    expect((await get<Found>('search', { q: '%_;', fresh: 'true' })).items).toEqual([
      { catalog: 'memory', schema: 'default', name: odd },
    ]);
  });

  test('says what is wrong with a name that is none, and runs nothing of it', async () => {
    const wrong = await get<{ status: number; detail: string }>('schemas', { catalog: `tpch"; DROP SCHEMA x --` });
    expect(wrong.status).toBe(422);
    const none = await get<{ status: number }>('table', { catalog: 'tpch', schema: 'tiny', table: 'nowhere' });
    expect(none.status).toBe(422);
  });

  test('searches all catalogs, nearest first', async () => {
    const found = await get<Found>('search', { q: 'purchase', fresh: 'true' });
    expect(found.items[0]).toMatchObject({ name: 'purchase' });
    expect(found.missing).toEqual([]);
    expect(found.total).toBeGreaterThan(found.matches);
  });

  test('samples a few rows', async () => {
    const sample = await get<{ rows: unknown[][]; complete: boolean; engine: string }>('sample', {
      catalog: 'tpch',
      schema: 'tiny',
      table: 'lineitem',
    });
    expect(sample.rows).toHaveLength(20);
    expect(sample.engine).toBe('trino');
  });

  test('is kept for one person and not for another', async () => {
    const other = await makeActor();
    await makeMember(connected.projectId, other, 'reader');
    const path = `/api/connections/${connected.connection.id}/catalogs`;
    const mine = await get<{ readAt: string }>('catalogs');
    const theirs = (await (await connected.call(other, path)).json()) as { readAt: string };
    expect(theirs.readAt).not.toBe(mine.readAt);
  });
});

describe('a text that was not run', () => {
  const problem = async (sql: string, more: object = {}) =>
    (await post<{ problem: { code: string; position?: object } | null }>('validate', { sql, ...more })).problem;

  test('is good, also with parameters and other cells', async () => {
    expect(await problem('SELECT name FROM nation')).toBeNull();
    const more = { parameters: { least: 3 }, queries: { few: 'SELECT * FROM nation WHERE nationkey > {{least}}' } };
    expect(await problem('SELECT name FROM few', more)).toBeNull();
  });

  test('is wrong at its place', async () => {
    expect(await problem('SELECT name,\n  nme\nFROM nation')).toMatchObject({
      code: 'unknown-name',
      position: { line: 2, column: 3 },
    });
    expect(await problem('SELECT FROM nation')).toMatchObject({ code: 'syntax', position: { line: 1, column: 8 } });
  });

  test('is told what it would read', async () => {
    const estimate = await post<Estimate>('estimate', { sql: 'SELECT count(*) FROM lineitem WHERE quantity > 10' });
    expect(estimate).toMatchObject({
      tables: [{ catalog: 'tpch', schema: 'tiny', name: 'lineitem', columns: ['quantity'] }],
      hints: [],
    });
    expect(estimate.rows).toBeGreaterThan(0);
  });

  test.each<[string, string, string[]]>([
    ['reads a partitioned table whole', 'SELECT sum(amount) FROM iceberg.SCHEMA.purchase', ['no-partition']],
    ['restricts a partition', `SELECT sum(amount) FROM iceberg.SCHEMA.purchase WHERE region = 'de'`, []],
    [
      'restricts the time it is cut by',
      `SELECT sum(amount) FROM iceberg.SCHEMA.purchase WHERE paid_at >= TIMESTAMP '2026-11-21 00:00:00 UTC'`,
      [],
    ],
    ['takes all columns of a wide table', 'SELECT * FROM iceberg.SCHEMA.wide', ['select-star']],
    ['crosses without saying so', 'SELECT count(*) FROM nation a, lineitem b', ['cross-join']],
    [
      'says CROSS JOIN and means a join',
      'SELECT count(*) FROM nation a CROSS JOIN region b WHERE a.regionkey = b.regionkey',
      [],
    ],
    ['has no end', 'SELECT orderkey FROM tpch.sf1.lineitem', ['unlimited']],
    ['has an end', 'SELECT orderkey FROM tpch.sf1.lineitem LIMIT 10', []],
    ['counts', 'SELECT count(*) FROM tpch.sf1.lineitem', []],
  ])('hints at what %s', async (_, sql, codes) => {
    const { hints } = await post<Estimate>('estimate', { sql: sql.replaceAll('SCHEMA', schema) });
    expect(hints.map(({ code }) => code)).toEqual(codes);
  });

  test('cannot be estimated when it is wrong, with the place', async () => {
    const refused = await post<{ status: number; position: object }>('estimate', { sql: 'SELECT nme FROM nation' });
    expect(refused).toMatchObject({ status: 422, position: { line: 1, column: 8 } });
  });
});
