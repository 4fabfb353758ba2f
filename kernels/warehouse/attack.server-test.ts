import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { gather } from '#kernels/contract.ts';
import type { Relation } from '#kernels/kernel.ts';
import { toRows } from '#lib/table/text.ts';
import { WarehouseKernel } from './kernel.ts';

/*
 * SECURITY 1, 2 and 17: what people may try with SQL on the server. Each vector must fail, leave no file, reach no
 * listener, change no granted file, and leave the next query answering.
 */

let directory: string;
let secret: string;
let granted: string;
let server: Server;
let heard: string[] = [];
let address: string;
const kernel = new WarehouseKernel({ limits: { memory: 256 * 2 ** 20, threads: 2 } });

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lodestar-attack-'));
  secret = join(directory, 'secret.csv');
  granted = join(directory, 'granted.parquet');
  await writeFile(secret, 'word\nhush-hush\n');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (SELECT range AS n FROM range(3)) TO '${granted}' (FORMAT parquet)`);
  server = createServer((request, response) => {
    heard.push(request.url ?? '');
    response.end('word\nheard\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await kernel.close();
  server.close();
  await rm(directory, { recursive: true });
});

const shop = (): Record<string, Relation> => ({
  shop: { kind: 'parquet', hash: '1', complete: true, files: [granted], columns: [] },
});
const run = (source: string, timeout = 30_000) =>
  gather(kernel, { name: 'attack', source }, { parameters: {}, relations: shop() }, { timeout });

async function expectUnharmed(files: string[], before: Buffer): Promise<void> {
  expect(await readdir(directory)).toEqual(files);
  expect((await readFile(granted)).equals(before)).toBe(true);
  expect(heard).toEqual([]);
  const next = await run('SELECT sum(n) FROM shop');
  expect(toRows(next.batches)).toEqual([['3']]);
}

async function expectFails(make: () => string[]): Promise<void> {
  const files = await readdir(directory);
  const before = await readFile(granted);
  for (const source of make()) {
    const { error, batches } = await run(source);
    expect(error, `${source} must fail; it gave ${JSON.stringify(toRows(batches))}`).not.toBeNull();
    expect(JSON.stringify(toRows(batches))).not.toContain('hush-hush');
  }
  await expectUnharmed(files, before);
}

describe('reach', () => {
  test('no file but the granted ones is read, however it is asked for', () =>
    expectFails(() => [
      `SELECT * FROM read_csv('${secret}')`,
      `SELECT * FROM '${secret}'`,
      `SELECT * FROM read_text('${secret}')`,
      `SELECT * FROM read_blob('${secret}')`,
      `SELECT * FROM read_csv('/etc/passwd', header = false)`,
      `SELECT * FROM read_csv(['/etc/' || 'passwd'])`,
      `SELECT * FROM read_json('${secret}')`,
      `SELECT * FROM sniff_csv('${secret}')`,
      `SELECT * FROM query('SELECT * FROM read_text(''${secret}'')')`,
      `SELECT * FROM query_table('${secret}')`,
      `FROM json_execute_serialized_sql(json_serialize_sql('SELECT * FROM read_text(''${secret}'')'))`,
      `SELECT * FROM read_parquet('${granted}/../secret.csv')`,
      `SELECT * FROM read_parquet('${directory}/*.parquet')`,
      `SELECT * FROM read_text('/proc/self/environ')`,
      `SELECT getenv('PATH')`,
    ]));

  test('a glob finds nothing outside', async () => {
    const { error, batches } = await run(`SELECT count(*) FROM glob('${directory}/*')`);
    if (!error) expect(toRows(batches)).toEqual([['0']]);
  });

  test('no network is reached and no extension loaded', () =>
    expectFails(() => [
      `SELECT * FROM read_csv('${address}/x.csv')`,
      `SELECT * FROM '${address}/x.parquet'`,
      `SELECT * FROM read_text('s3://bucket/x')`,
      `INSTALL httpfs`,
      `INSTALL httpfs FROM '${address}'`,
      `LOAD httpfs`,
      `LOAD '${secret}'`,
      `ATTACH '${address}/x.db'`,
    ]));
});

describe('writing', () => {
  test('nothing is written, also not through a granted file', () =>
    expectFails(() => [
      `COPY shop TO '${directory}/out.csv'`,
      `COPY (SELECT 1) TO '${granted}' (FORMAT parquet)`,
      `EXPLAIN ANALYZE COPY (SELECT 1) TO '${granted}' (FORMAT parquet)`,
      `/* */ EXPLAIN /* */ ANALYZE COPY (SELECT 1) TO '${granted}' (FORMAT parquet)`,
      `EXPORT DATABASE '${directory}/all'`,
      `ATTACH '${directory}/new.db'`,
      `ATTACH '${granted}' AS other`,
      `CREATE SECRET s (TYPE s3)`,
      `CREATE PERSISTENT SECRET s (TYPE s3)`,
      `SELECT * FROM enable_profiling(save_location = '${directory}/profile.json')`,
      `PRAGMA enable_profiling('json')`,
      `CALL enable_logging(storage = 'file', storage_config = {'path': '${directory}/log'})`,
    ]));

  test('enable_logging, which is a table function, leaves no file and harms no other run', async () => {
    const files = await readdir(directory);
    const before = await readFile(granted);
    await run(`SELECT * FROM enable_logging(storage = 'file', storage_path = '${directory}/log')`);
    await run(
      `SELECT * FROM enable_logging('QueryLog', storage = 'file', storage_config = {'path': '${directory}/log'})`,
    );
    await run('SELECT * FROM enable_logging()');
    await expectUnharmed(files, before);
  });
});

describe('read-only means the engine says so', () => {
  test('whatever hides a change is refused', () =>
    expectFails(() => [
      'DROP VIEW shop',
      'CREATE TABLE t AS SELECT 1',
      'CREATE OR REPLACE VIEW shop AS SELECT 1 AS n',
      'CREATE MACRO sum(x) AS 1',
      'SELECT 1; DROP VIEW shop',
      'SELECT 1;;;DROP VIEW shop',
      `SELECT ';'; DROP VIEW shop`,
      `SELECT $$;$$; DROP VIEW shop`,
      'SELECT 1 -- \n; DROP VIEW shop',
      'SELECT 1 /* ; */; DROP VIEW shop',
      'PIVOT shop ON n USING sum(n); DROP VIEW shop',
      'WITH x AS (SELECT 1) INSERT INTO shop SELECT * FROM x',
      'WITH x AS (DELETE FROM shop RETURNING *) SELECT * FROM x',
      'EXPLAIN ANALYZE DROP VIEW shop',
      'PREPARE p AS DROP VIEW shop',
      'EXECUTE p',
      'BEGIN',
      'CHECKPOINT',
      'VACUUM',
      'USE memory',
    ]));

  test('settings cannot be changed', () =>
    expectFails(() => [
      'SET enable_external_access = true',
      'SET lock_configuration = false',
      'RESET enable_external_access',
      `PRAGMA memory_limit = '64GB'`,
      `SET GLOBAL allowed_directories = ['/']`,
      `SET VARIABLE x = 1`,
    ]));

  test('reading in every form is allowed', async () => {
    const reads = [
      'FROM shop',
      'VALUES (1)',
      'DESCRIBE shop',
      'SUMMARIZE shop',
      'SHOW TABLES',
      'EXPLAIN SELECT * FROM shop',
    ];
    for (const source of [...reads, 'EXPLAIN ANALYZE FROM shop', 'PIVOT shop ON n USING sum(n)', 'SELECT 1; -- done']) {
      expect((await run(source)).error, source).toBeNull();
    }
  });
});

describe('starving', () => {
  test('memory bombs end as `memory`, and only the one who threw them', async () => {
    const files = await readdir(directory);
    const before = await readFile(granted);
    const bombs = [
      `SELECT list(a.range || repeat('x', 1000)) FROM range(3000) a, range(3000) b`,
      `SELECT string_agg(repeat('x', 100000), '') FROM range(100000)`,
      `SELECT length(repeat(repeat('x', 1000000), 4000))`,
      `SELECT * FROM (SELECT a.range + b.range AS n FROM range(100000) a, range(100000) b) ORDER BY n DESC`,
    ];
    const ends = await Promise.all(bombs.map((source) => run(source, 60_000)));
    for (const { error } of ends) expect(['memory', 'runtime', 'timeout']).toContain(error?.code);
    expect(ends.filter(({ error }) => error?.code === 'memory').length).toBeGreaterThanOrEqual(2);
    await expectUnharmed(files, before);
  });

  test('endless recursion and endless products are stopped by the clock', async () => {
    const files = await readdir(directory);
    const before = await readFile(granted);
    const endless = [
      'WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n FROM r) SELECT count(*) FROM r',
      'SELECT count(*) FROM range(1000000000) a, range(1000000000) b WHERE a.range * b.range = -1',
    ];
    for (const source of endless) expect(['timeout', 'memory']).toContain((await run(source, 1500)).error?.code);
    await expectUnharmed(files, before);
  });

  test('deep nesting ends in an error, not in the parser of others', async () => {
    const deep = `SELECT ${'('.repeat(20_000)}1${')'.repeat(20_000)}`;
    expect((await run(deep)).error).not.toBeNull();
    expect(await kernel.reads(deep)).toEqual([]);
    expect(await kernel.reads('SELECT * FROM shop')).toEqual(['shop']);
  });

  test('a child that is killed is `lost`, and the next run answers', async () => {
    const running = run('SELECT count(*) FROM range(1000000000) a, range(1000000000) b WHERE a.range * b.range = -1');
    await vi.waitUntil(() => kernel.pool.pids.length === 1);
    process.kill(kernel.pool.pids[0]!, 'SIGKILL');
    expect((await running).error?.code).toBe('lost');
    expect((await run('SELECT 1')).error).toBeNull();
  });
});
