import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TrinoKernel, ask } from '#kernels/server.ts';
import { KernelFailure } from '#kernels/failure.ts';
import { markOf, nameOf, stageOf, type Table } from '#lib/job/lake.ts';
import type { Check } from '#lib/job/spec.ts';
import { makeTarget } from '#lib/testing/trino-target.ts';
import type { Cluster } from './cluster.ts';
import { failureOf } from './failure.ts';
import { replaceOn, type Replaced, type Replacement } from './replace.ts';

/** A window of an Iceberg table, replaced on a real Trino. */

const target = makeTarget();
const cluster: Cluster = {
  name: 'lake',
  kernel: new TrinoKernel(target),
  ask: (sql, options) => ask(target, sql, options),
};
const schema = `t_replace_${randomUUID().slice(0, 8)}`;
const write = (sql: string) => ask(target, sql, { access: 'write' });
const read = async (sql: string) => (await ask(target, sql)).rows;
const { signal } = new AbortController();
let table: Table;

beforeAll(() => write(`CREATE SCHEMA iceberg.${schema}`));
beforeEach(() => void (table = { catalog: 'iceberg', schema, table: `daily_${randomUUID().slice(0, 6)}` }));
afterAll(async () => {
  await write(`DROP SCHEMA IF EXISTS iceberg.${schema} CASCADE`);
  await cluster.kernel.close();
});

const days = ['2026-11-20', '2026-11-21'] as const;

/** `rows` numbered rows of a day, unless the query is another. */
function asked(more: Partial<Replacement> & { day?: string; rows?: number } = {}): Replacement {
  const { day = days[0], rows = 5, ...given } = more;
  const start = new Date(`${day}T00:00:00Z`);
  const datasetId = given.datasetId ?? table.table;
  const stage = stageOf(table, datasetId, start, randomUUID().slice(-12));
  return {
    table,
    stage,
    windowStart: start,
    mark: markOf(table.table, start),
    window: `${day} 00:00:00`,
    datasetId,
    query: `SELECT DATE '${day}' AS day, n FROM UNNEST(sequence(1, ${rows})) AS numbers(n)`,
    texts: [],
    parameters: {},
    checks: [],
    live: async () => new Set([stage.table]),
    fence: async () => undefined,
    signal,
    log: () => undefined,
    ...given,
  };
}

const replace = (more: Parameters<typeof asked>[0] = {}) => replaceOn(cluster, asked(more));
const good = (replaced: Replaced) => {
  if (!replaced.ok) throw new Error(replaced.failure.message);
  return replaced;
};
const standing = () => read(`SELECT window_start, count(*), sum(n) FROM ${nameOf(table)} GROUP BY 1 ORDER BY 1`);
/** As if all attempts had their leases. */
const everyStage = async () => new Set((await stages()).flatMap((name) => name ?? []));
const stages = async () =>
  (await read(`SHOW TABLES FROM iceberg.${schema}`)).flat().filter((name) => name?.includes('__stage_'));

describe('a window', () => {
  it('is written, then replaced, each time as one snapshot of its own', async () => {
    const first = good(await replace({ rows: 5 }));
    const again = good(await replace({ rows: 3 }));
    good(await replace({ day: days[1], rows: 2 }));
    expect(await standing()).toEqual([
      ['2026-11-20 00:00:00', '3', '6'],
      ['2026-11-21 00:00:00', '2', '3'],
    ]);
    expect([first.rows, again.rows]).toEqual([5, 3]);
    expect(again.bytes).toBeGreaterThan(0);
    const snapshots = await read(
      `SELECT snapshot_id FROM iceberg.${schema}."${table.table}$snapshots" WHERE operation = 'overwrite'`,
    );
    expect(snapshots.flat()).toHaveLength(3);
    expect(snapshots.flat()).toEqual(expect.arrayContaining([String(first.snapshot), String(again.snapshot)]));
    expect(await stages()).toEqual([]);
  });

  it('may be empty, and become so', async () => {
    expect(good(await replace({ rows: 5 })).snapshot).not.toBeNull();
    const none = { query: `SELECT DATE '2026-11-20' AS day, 1 AS n WHERE false` };
    expect(good(await replace(none))).toMatchObject({ rows: 0 });
    expect(await standing()).toEqual([]);
    expect(good(await replace(none))).toMatchObject({ rows: 0, snapshot: null });
  });

  it('is one partition of the table', async () => {
    good(await replace());
    good(await replace({ day: days[1] }));
    expect(
      await read(
        `SELECT partition.window_start, file_count FROM iceberg.${schema}."${table.table}$partitions" ORDER BY 1`,
      ),
    ).toEqual([
      ['2026-11-20 00:00:00', '1'],
      ['2026-11-21 00:00:00', '1'],
    ]);
  });

  it('takes its parameters and the steps before it along', async () => {
    const { rows } = good(
      await replace({
        query: 'SELECT day, n FROM few WHERE n > {{least}};',
        texts: [
          { name: 'many', sql: `SELECT DATE '2026-11-20' AS day, n FROM UNNEST(sequence(1, 9)) AS numbers(n) -- all` },
          { name: 'few', sql: 'SELECT * FROM many WHERE n < {{most}}' },
        ],
        parameters: { least: { type: 'number', value: 2 }, most: { type: 'number', value: 6 } },
      }),
    );
    expect(rows).toBe(3);
    expect(await standing()).toEqual([['2026-11-20 00:00:00', '3', '12']]);
  });

  it('keeps every type that Iceberg has', async () => {
    const query = `SELECT DECIMAL '12345678901234567890123456789012345.678' AS d, TIMESTAMP '2026-11-20 01:02:03.123456' AS t,
      TIMESTAMP '2026-11-20 01:02:03.123456 UTC' AS z, X'00ff' AS b, ARRAY[1, NULL] AS a, MAP(ARRAY['k'], ARRAY[1.5]) AS m,
      CAST(ROW(1, 'x') AS row(i integer, s varchar)) AS r, UUID '12151fd2-7586-11e9-8f9e-2a86e4085a59' AS u, nan() AS f, 7 AS n`;
    good(await replace({ query }));
    good(await replace({ query }));
    const [row] = await read(`SELECT d, t, z, b, a[1], m['k'], r.s, u, f FROM ${nameOf(table)}`);
    expect(row?.slice(0, 2)).toEqual(['12345678901234567890123456789012345.678', '2026-11-20 01:02:03.123456']);
    expect(await read(`SELECT count(*) FROM ${nameOf(table)}`)).toEqual([['1']]);
  });
});

describe('checks', () => {
  const checks: Check[] = [
    { type: 'not-null', column: 'day' },
    { type: 'unique', columns: ['n'] },
    { type: 'rows', min: 1 },
    { type: 'range', column: 'n', min: 1, max: 5 },
    { type: 'sql', name: 'own window', sql: 'SELECT * FROM output WHERE window_start <> {{window_start}}' },
  ];
  const parameters = { window_start: { type: 'timestamp', value: '2026-11-20 00:00:00' } } as const;

  it('are asked of the very rows that are published', async () => {
    const { checks: found } = good(await replace({ checks, parameters }));
    expect(found.map(({ passed, found }) => [passed, found])).toEqual([
      [true, 'no row without day'],
      [true, 'no row more than once by n'],
      [true, '5 rows'],
      [true, 'no row with n out of range'],
      [true, 'no row returned by “own window”'],
    ]);
  });

  it('stop publishing when one fails, also when it cannot be asked', async () => {
    good(await replace());
    const failed = await replace({ rows: 7, checks, parameters });
    expect(failed).toMatchObject({
      ok: false,
      failure: { code: 'check-failed', message: expect.stringMatching(/2 rows with n out of range/) },
    });
    const unasked = await replace({ checks: [{ type: 'not-null', column: 'gone' }] });
    expect(unasked).toMatchObject({ ok: false, failure: { code: 'check-failed' } });
    expect(await standing()).toEqual([['2026-11-20 00:00:00', '5', '15']]);
    expect(await stages()).toEqual([]);
  });
});

describe('columns', () => {
  const day = `DATE '2026-11-21' AS day`;
  const next = (query: string) => replace({ day: days[1], query });

  it('are added and widened, and say so; those left out are null', async () => {
    good(await next(`SELECT ${day}, 7 AS n`));
    const more = good(await next(`SELECT ${day}, BIGINT '7' AS n, 'a' AS shop`));
    expect(more.drift).toBe('The columns are not those of the windows before: + shop varchar, now n bigint.');
    const less = good(await next('SELECT 8 AS n'));
    expect(less.drift).toContain('− day date');
    expect(
      await read(`SELECT day, n, shop FROM ${nameOf(table)} WHERE window_start = TIMESTAMP '2026-11-21 00:00:00'`),
    ).toEqual([[null, '8', null]]);
  });

  it('that cannot be stop publishing, in words', async () => {
    good(await next(`SELECT ${day}, 7 AS n`));
    expect(await next(`SELECT ${day}, 'seven' AS n`)).toMatchObject({
      ok: false,
      failure: {
        code: 'columns-changed',
        message: expect.stringMatching(/n is integer there and varchar here.*Cast them/),
      },
    });
    expect(await standing()).toHaveLength(1);
  });

  it('Iceberg does not know are refused by it, and nothing is left', async () => {
    const failed = await next(`SELECT JSON '{}' AS j`).catch((error: unknown) => failureOf(error));
    expect(failed).toMatchObject({ message: expect.stringMatching(/json/i) });
    expect(await stages()).toEqual([]);
  });

  it('named window_start must be the window’s own', async () => {
    good(await next(`SELECT DATE '2026-11-21' AS window_start, 1 AS n`));
    expect(await standing()).toEqual([['2026-11-21 00:00:00', '1', '1']]);
    expect(await next(`SELECT DATE '2026-11-20' AS window_start, 1 AS n`)).toMatchObject({
      ok: false,
      failure: { code: 'other-window', message: expect.stringMatching(/1 row says another window_start/) },
    });
  });
});

it('a table that the job did not make is left alone', async () => {
  await write(`CREATE TABLE ${nameOf(table)} AS SELECT 1 AS n, TIMESTAMP '2026-11-20 00:00:00.000000' AS window_start`);
  expect(await replace()).toMatchObject({ ok: false, failure: { code: 'target-taken' } });
  expect(await read(`SELECT n FROM ${nameOf(table)}`)).toEqual([['1']]);
});

it('what another dataset stages for the same table is left alone', async () => {
  good(await replace({ rows: 5 }));
  const theirs = stageOf(table, 'other', new Date(`${days[1]}T00:00:00Z`), randomUUID().slice(-12));
  await write(`CREATE TABLE ${nameOf(theirs)} AS SELECT 1 AS n`);
  expect(await replace({ datasetId: 'other' })).toMatchObject({ ok: false, failure: { code: 'target-taken' } });
  expect(await stages()).toEqual([theirs.table]);
  await write(`DROP TABLE ${nameOf(theirs)}`);
});

it('what another dataset stages for a table that neither has made yet is left alone', async () => {
  const theirs = stageOf(table, 'other', new Date(`${days[0]}T00:00:00Z`), randomUUID().slice(-12));
  await write(`CREATE TABLE ${nameOf(theirs)} AS SELECT 1 AS n`);
  good(await replace());
  expect(await stages()).toEqual([theirs.table]);
  await write(`DROP TABLE ${nameOf(theirs)}`);
});

it('a table whose name only begins like that of a staging table is left alone', async () => {
  const backup = { ...table, table: `${table.table}__stage_backup` };
  await write(`CREATE TABLE ${nameOf(backup)} AS SELECT 1 AS n`);
  good(await replace());
  expect(await stages()).toEqual([backup.table]);
  await write(`DROP TABLE ${nameOf(backup)}`);
});

describe('attempts that meet', () => {
  it('of one window leave the rows of one of them', async () => {
    good(await replace({ rows: 1 }));
    // As if neither knew of the other: each keeps the other's staging table and none is stopped.
    const attempts = [2, 3, 4].map((rows) =>
      replace({ rows, live: everyStage, mark: randomUUID() }).then(
        (replaced) => (replaced.ok ? 'published' : replaced.failure.code),
        (error: unknown) => failureOf(error).code,
      ),
    );
    const ends = await Promise.all(attempts);
    expect(ends).toContain('published');
    expect(ends.filter((end) => end !== 'published' && end !== 'conflict')).toEqual([]);
    const [[, count, sum]] = (await standing()) as [[string, string, string]];
    expect([2, 3, 4]).toContain(Number(count));
    expect(Number(sum)).toBe((Number(count) * (Number(count) + 1)) / 2);
  });

  it('of different windows all publish', async () => {
    const all = await Promise.all(
      [1, 2, 3].map((day) => replace({ day: `2026-11-0${day}`, rows: day, live: everyStage })),
    );
    expect(all.map((each) => each.ok)).toEqual([true, true, true]);
    expect((await standing()).map((row) => row[1])).toEqual(['1', '2', '3']);
  });

  it('a newer one takes away what an older one left, so that it cannot publish any more', async () => {
    good(await replace({ rows: 1 }));
    let reached: () => void = () => undefined;
    const atFence = new Promise<void>((resolve) => (reached = resolve));
    let go: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (go = resolve));
    let fences = 0;
    const old = replace({
      rows: 2,
      fence: async () => {
        fences += 1;
        if (fences < 2) return;
        reached();
        await held;
      },
    });
    const oldEnd = old.then(
      () => 'published',
      (error: unknown) => failureOf(error).message,
    );
    await atFence;
    good(await replace({ rows: 3 }));
    go();
    expect(await oldEnd).toMatch(/no table .*__stage_/);
    expect(await standing()).toEqual([['2026-11-20 00:00:00', '3', '6']]);
  });

  it('a query that an older one left running is stopped first', async () => {
    const slow = asked({ query: 'SELECT count(*) AS n FROM tpch.sf1.lineitem a CROSS JOIN tpch.sf1.lineitem b' });
    const left = replaceOn(cluster, slow).catch((error: unknown) => error);
    const running = () =>
      read(
        `SELECT query_id FROM system.runtime.queries WHERE state = 'RUNNING' AND query LIKE '%${slow.stage.table}%' AND query LIKE 'CREATE%'`,
      );
    await expect.poll(running, { timeout: 20_000 }).toHaveLength(1);
    const lines: string[] = [];
    good(await replace({ rows: 3, log: (line) => lines.push(line) }));
    expect(lines.join('\n')).toMatch(/Stopped \S+, which an earlier attempt had left running/);
    expect(await left).toBeInstanceOf(KernelFailure);
    expect(await running()).toEqual([]);
    expect(await stages()).toEqual([]);
  });

  it('one that lost its lease publishes nothing', async () => {
    good(await replace({ rows: 1 }));
    const lost = replace({ rows: 2, fence: () => Promise.reject(new Error('lost')) });
    await expect(lost).rejects.toThrow('lost');
    expect(await standing()).toEqual([['2026-11-20 00:00:00', '1', '1']]);
    expect(await stages()).toEqual([]);
  });
});
