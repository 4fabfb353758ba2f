import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WarehouseKernel, buildInChild } from '#kernels/server.ts';
import type { Relation } from '#kernels/kernel.ts';
import type { Check } from '#lib/job/spec.ts';

const kernel = new WarehouseKernel({ most: 1 });
let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'sift-'))));
afterAll(async () => {
  await kernel.close();
  await rm(folder, { recursive: true, force: true });
});

const columns = [
  { name: 'shop', type: 'VARCHAR' },
  { name: '_offset', type: 'BIGINT' },
];
const shops: Relation = {
  kind: 'parquet',
  hash: 'shops',
  complete: true,
  files: [],
  columns: [{ name: 'shop', type: 'BIGINT' }],
};

interface Asked {
  count: number;
  isBad?: (at: number) => boolean;
  texts?: string[];
  checks?: Check[];
  from?: number;
  patience?: number;
}

/** Events from 0 on whose shop is their number, but for the bad ones. */
async function build({
  count,
  isBad = () => false,
  texts = [asNumber],
  checks = [],
  from = 0,
  patience = 60_000,
}: Asked) {
  const lines = join(folder, 'events.ndjson');
  const events = Array.from({ length: count }, (_, at) => ({ shop: isBad(at) ? 'x' : String(at), _offset: at }));
  await writeFile(lines, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  const bounds = { column: '_offset', from, below: count };
  const task = {
    steps: texts.map((sql, index) => ({ name: `step${index + 1}`, engine: 'warehouse' as const, sql })),
    result: `step${texts.length}`,
    parameters: {},
    relations: {
      shops,
      visits: { kind: 'parquet' as const, hash: 'visits', complete: true, files: [], lines: [lines], bounds, columns },
    },
    checks,
    stamp: {},
    preview: null,
    output: join(folder, 'output.parquet'),
    sift: { relation: 'visits', ...bounds, patience, output: join(folder, 'left.parquet') },
  };
  return buildInChild(kernel, task, { signal: AbortSignal.timeout(120_000), timeout: 120_000, person: 'test' });
}

const asNumber = 'SELECT _offset, CAST(shop AS BIGINT) AS shop FROM visits';

async function rowsOf(file: string, selected: string) {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const rows = await connection.runAndReadAll(`SELECT ${selected} FROM '${join(folder, file)}' ORDER BY 1`);
  instance.closeSync();
  return rows.getRows().map((row) => row.map(String));
}

it('rows that a query fails for are in a file of their own, with what was said of each', async () => {
  const built = await build({ count: 500, isBad: (at) => at === 0 || at % 100 === 7 });
  expect(built).toMatchObject({
    ok: true,
    value: {
      rows: 494,
      sifted: { below: 500, good: 499, left: { rows: 6, first: [{ at: 0 }, { at: 7 }, {}, {}, {}, {}] } },
    },
  });
  const left = await rowsOf('left.parquet', '_offset, shop, _error');
  expect(left.map(([at]) => at)).toEqual(['0', '7', '107', '207', '307', '407']);
  expect(left[0]).toEqual(['0', 'x', expect.stringMatching(/^step1: .*'x'/)]);
  expect(await rowsOf('output.parquet', 'count(*), min(shop), max(shop)')).toEqual([['494', '1', '499']]);
});

it('nothing is sifted where all goes well, and the checks say what they found', async () => {
  const built = await build({ count: 10, checks: [{ type: 'not-null', column: 'shop' }] });
  expect(built).toMatchObject({ ok: true, value: { rows: 10, sifted: null, checks: [{ passed: true }] } });
});

it('rows that a check fails for are left out as well', async () => {
  const built = await build({ count: 10, checks: [{ type: 'range', column: 'shop', max: 7 }] });
  expect(built).toMatchObject({ ok: true, value: { rows: 8, checks: [], sifted: { left: { rows: 2 } } } });
});

it('only those from the bounds on are judged, through the steps that read them', async () => {
  const built = await build({
    count: 40,
    from: 20,
    isBad: (at) => at % 2 === 0,
    texts: [
      'SELECT count(*) AS n FROM shops',
      'SELECT * FROM visits',
      'SELECT _offset, CAST(shop AS BIGINT) + n AS shop FROM step2, step1',
    ],
  });
  expect(built).toMatchObject({ ok: true, value: { rows: 10, sifted: { below: 40, good: 39, left: { rows: 10 } } } });
});

it('all of them failing leaves an empty file, and says that none went well', async () => {
  const built = await build({ count: 20, isBad: () => true });
  expect(built).toMatchObject({ ok: true, value: { rows: 0, sifted: { below: 20, good: null, left: { rows: 20 } } } });
});

it('what takes too long is left for another time, but the first row is judged', async () => {
  const built = await build({ count: 1000, isBad: (at) => at === 0 || at > 5, patience: 0 });
  expect(built).toMatchObject({ ok: true, value: { rows: 0, sifted: { below: 1, good: null, left: { rows: 1 } } } });
});

it('what the text says wrong is wrong for all, and no row is tried for it', async () => {
  expect(await build({ count: 5, texts: ['SELECT nothing FROM visits'] })).toMatchObject({
    ok: false,
    error: { code: 'unknown-name' },
  });
  expect(await build({ count: 5, texts: ["SELECT CAST('x' AS BIGINT) AS n FROM shops", asNumber] })).toMatchObject({
    ok: true,
  });
  const dataset = await build({
    count: 5,
    texts: ["SELECT CAST(concat('x', 1) AS BIGINT) AS n", 'SELECT shop, n FROM visits, step1'],
  });
  expect(dataset).toMatchObject({ ok: false, error: { message: expect.stringContaining('step1: ') } });
});

it('a step that no row had come to before is judged as a read, too', async () => {
  const built = await build({
    count: 4,
    isBad: (at) => at === 0,
    texts: [asNumber, `SELECT * FROM step1; COPY shops TO '${join(folder, 'events.ndjson')}' (USE_TMP_FILE false)`],
  });
  expect(built).toMatchObject({ ok: false, error: { code: 'refused', message: expect.stringContaining('step2: ') } });
  expect(await readFile(join(folder, 'events.ndjson'), 'utf8')).toMatch(/^{"shop":"x"/);
});

it('every other row of many costs a try or two each', async () => {
  const built = await build({ count: 600, isBad: (at) => at % 2 === 1 });
  expect(built).toMatchObject({ ok: true, value: { rows: 300, sifted: { below: 600, left: { rows: 300 } } } });
});
