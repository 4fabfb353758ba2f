import { open, readFile, readdir, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { newId } from '#lib/notebook/id.ts';
import type { Check } from '#lib/job/spec.ts';
import { startLodestar, type TestLodestar } from '#lib/testing/lodestar.ts';
import { makeActor, makeProject } from '#lib/testing/people.ts';
import { createWarehouse } from './create.ts';
import type { Build, Built } from './warehouse.ts';

let lodestar: TestLodestar;
let clock = new Date('2026-11-21T12:00:00Z');
let project: string;
let dataset: string;

beforeAll(async () => {
  lodestar = await startLodestar({ now: () => clock, warehouse: (world) => createWarehouse(world) });
  project = (await makeProject(await makeActor())).id;
  dataset = newId();
  await lodestar.db.dataset.create({ data: { id: dataset, projectId: project, name: 'daily', kind: 'job' } });
});
afterAll(() => lodestar.close());

const never = () => new AbortController().signal;

function request(sql: string | string[], more: Partial<Build> = {}): Build {
  const texts = [sql].flat();
  const steps = texts.map((text, at) => ({
    name: at === texts.length - 1 ? 'last' : `step_${at}`,
    engine: 'browser' as const,
    sql: text,
  }));
  return { steps, parameters: {}, relations: {}, checks: [], stamp: {}, preview: 100, log: () => undefined, ...more };
}

async function build(sql: string | string[], more: Partial<Build> = {}): Promise<Extract<Built, { ok: true }>> {
  const built = await lodestar.warehouse.build(request(sql, more), never());
  if (!built.ok) throw new Error(built.error.message);
  return built;
}

async function publish(key: string, built: Extract<Built, { ok: true }>): Promise<void> {
  const file = await lodestar.warehouse.settle(built.file);
  const windowStart = new Date(key);
  await lodestar.db.$transaction((tx) =>
    lodestar.warehouse.publish(tx, {
      datasetId: dataset,
      key,
      file,
      columns: built.columns,
      windowStart,
      windowEnd: null,
      runId: null,
    }),
  );
}

async function rows(sql: string): Promise<unknown> {
  return (await build(sql, { relations: await lodestar.warehouse.relations(project, ['daily']) })).preview!.rows;
}

describe('building a window', () => {
  test('steps read those before them; parameters are bound; the stamp comes last', async () => {
    const built = await build(
      ['SELECT range AS n FROM range(10)', 'SELECT n, {{word}} AS word FROM step_0 WHERE n >= {{least}} ORDER BY n'],
      {
        parameters: { least: { type: 'number', value: 8 }, word: { type: 'text', value: `it's` } },
        stamp: { window_start: { type: 'TIMESTAMP', value: '2026-11-20 00:00:00' } },
      },
    );
    expect(built.columns).toEqual([
      { name: 'n', type: 'BIGINT' },
      { name: 'word', type: 'VARCHAR' },
      { name: 'window_start', type: 'TIMESTAMP' },
    ]);
    expect(built.preview).toMatchObject({
      complete: true,
      rows: [
        ['8', `it's`, '2026-11-20 00:00:00'],
        ['9', `it's`, '2026-11-20 00:00:00'],
      ],
    });
    expect(built.file.rows).toBe(2);
  });

  test('a column the query gives itself is not stamped over', async () => {
    const stamp = { day: { type: 'TIMESTAMP' as const, value: '2026-11-20 00:00:00' } };
    expect((await build(`SELECT 'mine' AS "Day"`, { stamp })).preview!.rows).toEqual([['mine']]);
  });

  test('a sum of BIGINT, which Parquet would round, keeps every digit in the file', async () => {
    const built = await build('SELECT sum(n) AS total FROM (VALUES (9223372036854775807), (9223372036854775807)) v(n)');
    expect(built.columns).toEqual([{ name: 'total', type: 'DECIMAL(38,0)' }]);
    await publish('2026-01-01T00:00:00.000Z', built);
    expect(await rows('SELECT total FROM daily')).toEqual([['18446744073709551614']]);
    await lodestar.db.partition.deleteMany({ where: { datasetId: dataset } });
  });

  test('wrong SQL is a failure that names the step and the place, and leaves no file', async () => {
    const staging = join(lodestar.config.DATA_DIR, 'warehouse', 'staging');
    const before = (await readdir(staging)).length;
    const built = await lodestar.warehouse.build(request(['SELECT 1 AS n', 'SELECT\n m FROM step_0']), never());
    expect(built).toMatchObject({ ok: false, error: { code: 'unknown-name', position: { line: 2, column: 2 } } });
    expect(!built.ok && built.error.message).toContain('last');
    expect(await readdir(staging)).toHaveLength(before);
  });

  test('a step that writes is refused', async () => {
    for (const sql of ['DROP TABLE x', 'SELECT 1; SELECT 2', `COPY (SELECT 1) TO '/tmp/x.csv'`]) {
      expect(await lodestar.warehouse.build(request(sql), never()), sql).toMatchObject({
        ok: false,
        error: { code: 'refused' },
      });
    }
  });

  test('a PIVOT without IN is a step like others', async () => {
    const { preview } = await build([
      `SELECT * FROM (VALUES ('a', 1), ('b', 2)) v(k, n)`,
      'PIVOT step_0 ON k USING sum(n)',
    ]);
    expect(preview!.columns.map((column) => column.name)).toEqual(['a', 'b']);
  });

  test('stopping ends the engine', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 200);
    const endless = 'SELECT count(*) AS n FROM range(1000000000) a, range(1000000000) b WHERE a.range * b.range = -1';
    expect(await lodestar.warehouse.build(request(endless), stop.signal)).toMatchObject({
      ok: false,
      error: { code: 'cancelled' },
    });
  });
});

describe('checks', () => {
  const table = `SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (2, NULL)) v(n, word)`;
  const cases: [Check, boolean, string][] = [
    [{ type: 'not-null', column: 'n' }, true, 'no row without n'],
    [{ type: 'not-null', column: 'word' }, false, '1 row without word'],
    [{ type: 'unique', columns: ['n'] }, false, '1 row more than once by n'],
    [{ type: 'unique', columns: ['n', 'word'] }, true, 'no row more than once by n, word'],
    [{ type: 'rows', min: 3, max: 3 }, true, '3 rows'],
    [{ type: 'rows', min: 4 }, false, '3 rows'],
    [{ type: 'range', column: 'n', min: 1, max: 2 }, true, 'no row with n out of range'],
    [{ type: 'range', column: 'n', max: 1 }, false, '2 rows with n out of range'],
    [{ type: 'sql', name: 'small', sql: 'SELECT * FROM output WHERE n > 5' }, true, 'no row returned by “small”'],
    [{ type: 'sql', name: 'two', sql: 'SELECT * FROM output WHERE n = 2' }, false, '2 rows returned by “two”'],
  ];

  test('each says what it found', async () => {
    const checks = cases.map(([check]) => check);
    const expected = cases.map(([check, passed, found]) => ({ check, passed, found }));
    expect((await build(table, { checks })).checks).toEqual(expected);
  });

  test('a check that cannot be asked has not passed', async () => {
    const checks: Check[] = [
      { type: 'not-null', column: 'nothing' },
      { type: 'sql', name: 'x', sql: 'DROP TABLE output' },
    ];
    expect((await build(table, { checks })).checks.map((check) => check.passed)).toEqual([false, false]);
  });
});

describe('publishing', () => {
  const window = (key: string, n: number) =>
    build(`SELECT ${n} AS n, '${key}' AS k`).then((built) => publish(key, built));

  test('a window published again replaces and never doubles', async () => {
    await window('2026-11-18T00:00:00.000Z', 1);
    await window('2026-11-19T00:00:00.000Z', 2);
    await window('2026-11-18T00:00:00.000Z', 3);
    expect(await rows('SELECT n FROM daily ORDER BY k')).toEqual([['3'], ['2']]);
    expect((await lodestar.db.dataset.findUniqueOrThrow({ where: { id: dataset } })).version).toBe(4);
  });

  test('a transaction that fails publishes nothing', async () => {
    const built = await build('SELECT 99 AS n, 1 AS k');
    const file = await lodestar.warehouse.settle(built.file);
    const place = { datasetId: dataset, key: 'x', windowStart: null, windowEnd: null, runId: null };
    const failing = lodestar.db.$transaction(async (tx) => {
      await lodestar.warehouse.publish(tx, { ...place, file, columns: built.columns });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await rows('SELECT count(*) FROM daily WHERE n = 99')).toEqual([['0']]);
  });

  test('a settled file lies where its content says; settling again is fine', async () => {
    const built = await build('SELECT 5 AS n');
    const settled = await lodestar.warehouse.settle(built.file);
    expect(settled.path).toContain(settled.sha256);
    expect(await lodestar.warehouse.settle(settled)).toEqual(settled);
    expect((await readFile(settled.path)).length).toBe(settled.bytes);
  });

  test('what stands under that name, and may be named, is replaced only by what is safe on the disk', async () => {
    const [one, again] = [await build('SELECT 6 AS n'), await build('SELECT 6 AS n')];
    expect(again.file.sha256).toBe(one.file.sha256);
    const { path } = await lodestar.warehouse.settle(one.file);
    const { ino } = await stat(path);
    const handle = await open(path);
    const files = Object.getPrototypeOf(handle) as typeof handle;
    await handle.close();
    const standing: number[] = [];
    const { sync } = files;
    const spy = vi.spyOn(files, 'sync').mockImplementation(async function (this: typeof handle) {
      standing.push((await stat(path)).ino);
      return sync.call(this);
    });
    await lodestar.warehouse.settle(again.file);
    spy.mockRestore();
    expect(standing[0]).toBe(ino);
    expect((await stat(path)).ino).not.toBe(ino);
  });

  test('a table without partitions still has its columns', async () => {
    const columns = [
      { name: 'a', type: 'DECIMAL(18,2)' },
      { name: 'b', type: 'INTEGER[]' },
    ];
    const id = newId();
    await lodestar.db.dataset.create({ data: { id, projectId: project, name: 'empty', kind: 'job', columns } });
    const relations = await lodestar.warehouse.relations(project, ['EMPTY']);
    const built = await build('SELECT * FROM EMPTY', { relations });
    expect(built.columns).toEqual(columns);
    expect(built.file.rows).toBe(0);
  });
});

describe('sweeping', () => {
  test('keeps what is named, and what was named until an hour ago', async () => {
    const built = await build('SELECT 77 AS n, 1 AS k');
    const { path } = await lodestar.warehouse.settle(built.file);
    await publish('2026-11-17T00:00:00.000Z', { ...built, file: { ...built.file, path } });
    const exists = () =>
      stat(path).then(
        () => true,
        () => false,
      );
    await utimes(path, new Date('2026-11-01'), new Date('2026-11-01'));
    await lodestar.warehouse.sweep();
    await lodestar.db.partition.deleteMany({ where: { datasetId: dataset, key: '2026-11-17T00:00:00.000Z' } });
    await lodestar.warehouse.sweep();
    expect(await exists()).toBe(true);
    clock = new Date(clock.getTime() + 3_700_000);
    await lodestar.warehouse.sweep();
    expect(await exists()).toBe(false);
    expect(await rows('SELECT count(*) > 0 FROM daily')).toEqual([['true']]);
  });
});
