import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { KernelEvent } from '#kernels/kernel.ts';
import type { CellSpec } from '#lib/notebook/cell.ts';
import { toRows } from '#lib/table/text.ts';
import { approvePromotion, submitPromotion } from '#lib/server/data/approval.ts';
import { listDatasets, readDataset } from '#lib/server/data/dataset.ts';
import { readJob } from '#lib/server/data/job.ts';
import { readParquet } from '#lib/server/data/parquet.ts';
import { createPromotion } from '#lib/server/data/promote.ts';
import { Query, readRows, runQuery } from '#lib/server/data/query.ts';
import { readRun, startBackfill, startRun } from '#lib/server/data/run.ts';
import { answerFor, asking, outputOf, renew } from '#lib/testing/jobs.ts';
import { dailySales, makeConnection, makeLakeNotebook, startLake, type Lake } from '#lib/testing/lake.ts';

/** From cells on a cluster to jobs that write there, or here, and back through every door. */

let lake: Lake;
beforeAll(async () => void (lake = await startLake({ pause: () => 0 })));
beforeEach(async () => {
  await lake.lodestar.scheduler.idle();
  await renew(lake);
  lake.connectionId = await makeConnection(lake, { schema: lake.schema, writes: `iceberg.${lake.schema}` });
  await lake.sql(`DROP TABLE IF EXISTS iceberg.${lake.schema}.daily`);
});
afterAll(() => lake.close());

const { signal } = new AbortController();
const revenue = { name: 'revenue', source: dailySales };

/** A promotion of the last cell. */
async function promote(cells: Partial<CellSpec>[], more: object = {}) {
  const { id } = await makeLakeNotebook(lake, ...cells);
  return createPromotion(lake.lead, id, asking({ cell: cells.at(-1)?.name, target: 'daily', ...more }));
}

async function approved(cells: Partial<CellSpec>[], more: object = {}): Promise<string> {
  const { id, evidence } = await promote(cells, more);
  expect(evidence?.trial.error).toBeNull();
  await submitPromotion(lake.lead, id);
  return (await approvePromotion(lake.lead, id, { comment: '' })).jobId;
}

/** Runs a day of November and gives how it ended. */
async function run(jobId: string, day: number) {
  const { id } = await startRun(lake.lead, jobId, { windowStart: `2026-11-${String(day).padStart(2, '0')}` });
  await lake.lodestar.scheduler.idle();
  return readRun(lake.lead, id);
}

const table = (sql = 'SELECT CAST(day AS varchar), purchases, cents FROM daily ORDER BY day') =>
  lake.sql(sql.replace('FROM daily', `FROM iceberg.${lake.schema}.daily`));
const answers = (...days: number[]) =>
  answerFor(...days).map(({ day, purchases, cents }) => [day, String(purchases), String(cents)]);

async function rowsOf(events: AsyncIterable<KernelEvent>): Promise<(string | null)[][]> {
  const rows: (string | null)[][] = [];
  for await (const event of events) {
    if (event.type === 'failed') throw new Error(event.error.message);
    if (event.type === 'batch') rows.push(...toRows([event.batch]));
  }
  return rows;
}

const ask = async (sql: string, more: object = {}) =>
  rowsOf(await runQuery(lake.lead, lake.projectId, Query.parse({ sql, ...more }), signal));

describe('a promotion of a cell on a cluster', () => {
  it('keeps its output there where jobs may write, and is tried without writing', async () => {
    const { spec, evidence, connections } = await promote([revenue]);
    expect(spec).toMatchObject({
      place: { connection: lake.connectionId, catalog: 'iceberg', schema: lake.schema },
      steps: [{ name: 'revenue', engine: 'trino', connection: lake.connectionId, sql: dailySales }],
    });
    expect(connections).toEqual({ [lake.connectionId]: 'lake' });
    expect(evidence?.trial).toMatchObject({ state: 'good', rows: 1, bytes: null, preview: { rows: answers(20) } });
    expect(evidence?.trial.scanned?.rows).toBeGreaterThan(0);
    expect(await lake.sql(`SHOW TABLES FROM iceberg.${lake.schema}`)).toEqual([['sale']]);
  });

  it('is compared with what the notebook shows, value by value', async () => {
    const columns = ['day', 'purchases', 'cents'].map((name) => ({ name, type: '' }));
    const shown = { columns, windowStart: '2026-11-20 00:00:00', windowEnd: '2026-11-21 00:00:00' };
    const same = await promote([revenue], { notebook: { ...shown, rows: answers(20) } });
    expect(same.evidence?.parity).toMatchObject({ state: 'equal', comparison: { compared: 1 } });
    const other = await promote([revenue], { notebook: { ...shown, rows: [['2026-11-20', '20', '211']] } });
    expect(other.evidence?.parity).toMatchObject({ state: 'differs' });
  });

  it('asks its checks of the trial’s rows there', async () => {
    const checks = [
      { type: 'unique', columns: ['day'] },
      { type: 'range', column: 'cents', max: 5 },
    ];
    const { evidence } = await promote([revenue], { checks });
    expect(evidence?.trial.checks.map(({ passed }) => passed)).toEqual([true, false]);
  });

  it('keeps its output here where that was chosen, or jobs may not write there', async () => {
    expect((await promote([revenue], { place: 'warehouse' })).spec.place).toBeUndefined();
    lake.connectionId = await makeConnection(lake, { schema: lake.schema, writes: '', name: 'closed' });
    expect((await promote([revenue])).spec.place).toBeUndefined();
    await expect(promote([revenue], { place: 'connection' })).rejects.toMatchObject({ code: 'no-place' });
  });

  it('says what the cluster says of a text that is wrong', async () => {
    const { evidence } = await promote([{ name: 'wrong', source: 'SELECT {{window_start}} AS a, nothing FROM sale' }]);
    expect(evidence?.trial).toMatchObject({ state: 'failed', error: { message: expect.stringContaining('nothing') } });
  });
});

describe('a job that writes there', () => {
  it('writes a window, replaces it, fills the past, each window once', async () => {
    const jobId = await approved([revenue]);
    const first = await run(jobId, 20);
    expect(first).toMatchObject({ state: 'good', rows: 1, snapshot: expect.stringMatching(/^\d+$/) });
    expect(first.lines.map(({ text }) => text).join('\n')).toMatch(/read 465 rows.*\n.*[\s\S]*Published 1 row /);
    const again = await run(jobId, 20);
    expect(again.snapshot).not.toBe(first.snapshot);
    await startBackfill(lake.lead, jobId, { from: '2026-11-16', to: '2026-11-21' });
    await lake.lodestar.scheduler.idle();
    expect(await table()).toEqual(answers(16, 17, 18, 19, 20));
    expect(await table("SELECT CAST(window_start AS varchar) FROM daily WHERE day = DATE '2026-11-20'")).toEqual([
      ['2026-11-20 00:00:00.000000'],
    ]);
    const { datasetId } = await readJob(lake.lead, jobId);
    const partitions = await lake.lodestar.db.partition.findMany({ where: { datasetId }, orderBy: { key: 'asc' } });
    expect(partitions.map(({ file, rows }) => [file, Number(rows)])).toEqual(Array.from({ length: 5 }, () => ['', 1]));
    const newest = await lake.lodestar.db.run.findFirstOrThrow({
      where: { jobId, windowStart: partitions[0]!.windowStart! },
    });
    expect(partitions[0]?.sha256).toBe(String(newest.snapshot));
    expect(await lake.sql(`SHOW TABLES FROM iceberg.${lake.schema} LIKE '%stage%'`)).toEqual([]);
  });

  it('publishes nothing when a check fails, and says which', async () => {
    const checks = [{ type: 'range', column: 'purchases', max: 19 }];
    const source = dailySales.replace('FROM sale', 'FROM (SELECT * FROM sale WHERE cents < {{most}}) AS few');
    const most = (value: number) => ({
      type: 'input' as const,
      name: 'most',
      input: { kind: 'number' as const, value },
    });
    const jobId = await approved([most(19), { ...revenue, source }], { checks });
    await run(jobId, 20);
    const before = await table();
    // What the trial saw is not what the window holds later.
    await lake.sql(
      `INSERT INTO iceberg.${lake.schema}.sale VALUES (TIMESTAMP '2026-11-20 23:00:00', 1), (TIMESTAMP '2026-11-20 23:30:00', 2)`,
    );
    const failed = await run(jobId, 20).finally(() =>
      lake.sql(
        `DELETE FROM iceberg.${lake.schema}.sale WHERE paid_at >= TIMESTAMP '2026-11-20 23:00:00' AND paid_at < TIMESTAMP '2026-11-21 00:00:00'`,
      ),
    );
    expect(failed).toMatchObject({
      state: 'failed',
      error: { code: 'check-failed', message: expect.stringContaining('1 row with purchases out of range') },
    });
    expect(await table()).toEqual(before);
  });

  it('takes more columns in and warns; one it cannot hold stops it', async () => {
    const jobId = await approved([revenue]);
    await run(jobId, 18);
    await approved([{ ...revenue, source: dailySales.replace('FROM sale', `, 'EUR' AS currency FROM sale`) }]);
    const warned = await run(jobId, 19);
    expect(warned).toMatchObject({
      state: 'warned',
      error: { code: 'columns-changed', message: expect.stringContaining('+ currency varchar') },
    });
    expect(await table('SELECT cents, currency FROM daily ORDER BY day')).toEqual([
      ['171', null],
      ['190', 'EUR'],
    ]);
    await approved([{ ...revenue, source: dailySales.replace('sum(cents)', `'many'`) }]);
    expect(await run(jobId, 20)).toMatchObject({ state: 'failed', error: { code: 'columns-changed' } });
    expect(await table('SELECT count(*) FROM daily')).toEqual([['2']]);
  });

  it('leaves a table alone that is not its own', async () => {
    await lake.sql(`CREATE TABLE iceberg.${lake.schema}.daily AS SELECT 1 AS mine`);
    const jobId = await approved([revenue]);
    expect(await run(jobId, 20)).toMatchObject({ state: 'failed', error: { code: 'target-taken' } });
    expect(await table('SELECT * FROM daily')).toEqual([['1']]);
  });

  it('keeps the place of the windows it has', async () => {
    const jobId = await approved([revenue]);
    await run(jobId, 20);
    await expect(promote([revenue], { place: 'warehouse' })).rejects.toMatchObject({ code: 'other-place' });
  });

  it('runs with its owner’s rights of today', async () => {
    const jobId = await approved([revenue]);
    await lake.lodestar.db.member.updateMany({ where: { userId: lake.lead.userId }, data: { role: 'reader' } });
    const place = {
      jobId,
      promotionId: (await lake.lodestar.db.job.findUniqueOrThrow({ where: { id: jobId } })).promotionId,
    };
    const window = { windowStart: new Date('2026-11-18T23:00:00Z'), windowEnd: new Date('2026-11-19T23:00:00Z') };
    const { id } = await lake.lodestar.db.run.create({
      data: { id: `run-${jobId}`, ...place, ...window, cause: 'manual' },
    });
    await lake.lodestar.scheduler.enqueue(id);
    await lake.lodestar.scheduler.idle();
    expect(await readRun(lake.lead, id)).toMatchObject({ state: 'failed', error: { code: 'forbidden' } });
  });

  it('writes no more where the right to was taken away after the approval', async () => {
    const jobId = await approved([revenue]);
    const { db } = lake.lodestar;
    const { settings } = await db.connection.findUniqueOrThrow({ where: { id: lake.connectionId } });
    const closed = { ...(settings as object), writes: '' };
    await db.connection.update({ where: { id: lake.connectionId }, data: { settings: closed } });
    expect(await run(jobId, 19)).toMatchObject({ state: 'failed', error: { code: 'no-place' } });
    expect(await lake.sql(`SHOW TABLES FROM iceberg.${lake.schema}`)).toEqual([['sale']]);
  });
});

describe('its dataset', () => {
  async function made() {
    const jobId = await approved([revenue]);
    await startBackfill(lake.lead, jobId, { from: '2026-11-18', to: '2026-11-21' });
    await lake.lodestar.scheduler.idle();
    return readJob(lake.lead, jobId);
  }

  it('is listed and described with its place, columns and rows', async () => {
    const { datasetId } = await made();
    const place = { connection: { id: lake.connectionId, name: 'lake' }, table: `iceberg.${lake.schema}.daily` };
    expect(await readDataset(lake.lead, datasetId)).toMatchObject({ place, rows: 3, partitions: 3, version: 3 });
    const { items } = await listDatasets(lake.lead, lake.projectId);
    expect(items.find(({ name }) => name === 'daily')?.columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'day date',
      'purchases bigint',
      'cents bigint',
      'window_start timestamp(6)',
    ]);
  });

  it('is read through every door', async () => {
    const { datasetId } = await made();
    const cents = (rows: (string | null)[][]) => rows.map((row) => Number(row[2])).sort((a, b) => a - b);
    expect(cents(await rowsOf(await readRows(lake.lead, datasetId, undefined, signal)))).toEqual([171, 190, 210]);
    expect(await ask('SELECT sum(cents) FROM daily')).toEqual([['571']]);
    expect(await ask('SELECT count(*) FROM daily JOIN purchase ON CAST(paid_at AS DATE) = day')).toEqual([['57']]);
    const there = { engine: 'trino', connection: lake.connectionId };
    expect(await ask('SELECT sum(cents) FROM Daily', there)).toEqual([['571']]);
    expect(await ask(`SELECT sum(cents) FROM iceberg.${lake.schema}.daily`, there)).toEqual([['571']]);
    const { bytes } = await readParquet(lake.lead, datasetId, undefined, signal);
    const parts: Uint8Array[] = [];
    for await (const part of bytes) parts.push(part);
    expect(Buffer.concat(parts).subarray(0, 4).toString()).toBe('PAR1');
  });

  it('is read as whoever asks, and not without the right', async () => {
    const { datasetId } = await made();
    await lake.lodestar.db.connection.update({
      where: { id: lake.connectionId },
      data: { settings: { catalog: 'iceberg', schema: lake.schema, writes: '', identity: { kind: 'person' } } },
    });
    await expect(readRows(lake.lead, datasetId, 10, signal)).rejects.toMatchObject({ code: 'account-needed' });
    await expect(ask('SELECT * FROM daily')).rejects.toMatchObject({ code: 'account-needed' });
  });

  it('is read by later jobs, there and here', async () => {
    await made();
    const window = 'WHERE day >= CAST({{window_start}} AS DATE) AND day < CAST({{window_end}} AS DATE)';
    const there = await approved([{ name: 'doubled', source: `SELECT day, cents * 2 AS cents FROM daily ${window}` }], {
      target: 'doubled',
    });
    expect(await run(there, 20)).toMatchObject({ state: 'good', rows: 1 });
    const here = await approved(
      [
        {
          name: 'tripled',
          engine: 'warehouse',
          source: `SELECT day, 1 AS purchases, cents * 3 AS cents FROM daily ${window}`,
        },
      ],
      { target: 'tripled' },
    );
    expect(await run(here, 20)).toMatchObject({ state: 'good', rows: 1, snapshot: null });
    expect(await outputOf(lake, here)).toEqual([{ day: '2026-11-20', purchases: 1, cents: 630 }]);
    await lake.sql(`DROP TABLE iceberg.${lake.schema}.doubled`);
  });
});

describe('a job that reads there and writes here', () => {
  it('brings the rows and keeps them in the warehouse', async () => {
    const jobId = await approved([revenue], { place: 'warehouse' });
    const done = await run(jobId, 20);
    expect(done).toMatchObject({ state: 'good', rows: 1, snapshot: null });
    expect(done.lines.map(({ text }) => text).join('\n')).toContain('revenue: 1 rows from lake');
    await run(jobId, 20);
    expect(await outputOf(lake, jobId)).toEqual(answerFor(20));
  });

  it('lets steps here read steps there, beside datasets', async () => {
    const raw = { name: 'raw', source: 'SELECT paid_at, cents FROM sale' };
    const windowed = {
      name: 'windowed',
      source: 'SELECT * FROM raw WHERE paid_at >= {{window_start}} AND paid_at < {{window_end}};',
    };
    const joined = {
      name: 'joined',
      engine: 'warehouse' as const,
      source: `SELECT CAST(w.paid_at AS DATE) AS day, count(*) AS purchases, sum(w.cents) AS cents
        FROM windowed w JOIN purchase p ON p.paid_at = w.paid_at AND p.cents = w.cents GROUP BY ALL`,
    };
    const jobId = await approved([raw, windowed, joined]);
    await startBackfill(lake.lead, jobId, { from: '2026-11-18', to: '2026-11-21' });
    await lake.lodestar.scheduler.idle();
    expect(await outputOf(lake, jobId)).toEqual(answerFor(18, 19, 20));
  });

  it('fails as the cluster fails, and keeps what stood', async () => {
    const jobId = await approved([revenue], { place: 'warehouse' });
    await run(jobId, 20);
    await lake.sql(`ALTER TABLE iceberg.${lake.schema}.sale RENAME TO iceberg.${lake.schema}.gone`);
    const failed = await run(jobId, 20).finally(() =>
      lake.sql(`ALTER TABLE iceberg.${lake.schema}.gone RENAME TO iceberg.${lake.schema}.sale`),
    );
    expect(failed).toMatchObject({ state: 'failed', error: { message: expect.stringContaining('sale') } });
    expect(await outputOf(lake, jobId)).toEqual(answerFor(20));
  });
});
