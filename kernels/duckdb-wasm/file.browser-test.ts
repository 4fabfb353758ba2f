import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gather } from '#kernels/contract.ts';
import type { Kernel, KernelError } from '#kernels/kernel.ts';
import { openBench, type KernelBench } from '#lib/testing/kernel-bench.ts';
import { pageKernel } from '#lib/testing/page-kernel.ts';
import { toRows } from '#lib/table/text.ts';

/* Files people drop: each kind becomes a table with every digit, and what is not what it says gets a clear sentence. */

let bench: KernelBench;
let page: Page;
let kernel: Kernel;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lodestar-files-'));
  bench = await openBench();
  page = await bench.page();
  await page.evaluate(() => {
    const input = document.createElement('input');
    input.type = 'file';
    document.body.append(input);
  });
  kernel = await pageKernel(page, 'browser');
});

afterAll(async () => {
  await bench.close();
  await rm(folder, { recursive: true });
});

interface Added {
  table?: { rows: number; columns: { name: string; type: string }[]; bytes: number };
  error?: KernelError;
  progress: number[];
}

async function add(name: string, path: string): Promise<Added> {
  await page.setInputFiles('input', path);
  return page.evaluate(async (name) => {
    const progress: number[] = [];
    const { browser } = (globalThis as unknown as { kernels: { browser: import('#kernels/browser.ts').BrowserKernel } })
      .kernels;
    const file = document.querySelector('input')!.files![0]!;
    return browser
      .addFile(name, file, (fraction) => progress.push(fraction))
      .then(
        ({ rows, columns, bytes }) => ({ table: { rows, columns, bytes }, progress }),
        (failure) => ({ error: failure.error ?? { code: 'bug', message: String(failure) }, progress }),
      );
  }, name);
}

async function texts(sql: string): Promise<(string | null)[][]> {
  const ran = await gather(kernel, { name: 'cell', source: sql }, { parameters: {}, relations: {} });
  expect(ran.error).toBeNull();
  return toRows(ran.batches);
}

async function file(name: string, body: string | Uint8Array): Promise<string> {
  await writeFile(join(folder, name), body);
  return join(folder, name);
}

/** Lets the server's DuckDB write a file. */
async function written(name: string, sql: string, options = ''): Promise<string> {
  const connection = await (await DuckDBInstance.create()).connect();
  await connection.run(`SET TimeZone = 'UTC'`);
  await connection.run(`COPY (${sql}) TO '${join(folder, name)}' ${options}`);
  connection.closeSync();
  return join(folder, name);
}

/** Every type once as a value, once as NULL. */
const corpus = `SELECT * FROM (VALUES
  (1, true, 9223372036854775807::BIGINT, 18446744073709551615::UBIGINT, 12345678901234567890.123456789::DECIMAL(38,9), 0.1::DOUBLE, 'é''x'::VARCHAR,
   DATE '2024-02-29', TIMESTAMP '2024-02-29 12:34:56.789012', TIMESTAMPTZ '2024-02-29 12:34:56.789012+00', TIME '12:34:56.789012',
   '0123abcd-0000-4000-8000-0123456789ab'::UUID, 'a'::BLOB, 1.5::FLOAT, (-7)::TINYINT, 1.25::DECIMAL(9,2), TIMESTAMP_NS '2024-02-29 12:34:56.789012345'),
  (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
) t(id, flag, big, unsigned, decimal, double, text, date, stamp, zoned, time, uuid, blob, float, tiny, money, nano)`;

describe('parquet', () => {
  for (const codec of ['uncompressed', 'snappy', 'zstd', 'gzip', 'lz4_raw']) {
    test(`every type keeps every digit (${codec})`, async () => {
      const name = `types_${codec}`;
      const added = await add(name, await written(`${name}.parquet`, corpus, `(FORMAT parquet, COMPRESSION ${codec})`));
      expect(added.error).toBeUndefined();
      expect(added.table!.rows).toBe(2);
      expect(await texts(`SELECT * FROM ${name} WHERE id = 1`)).toEqual([
        [
          '1',
          'true',
          '9223372036854775807',
          '18446744073709551615',
          '12345678901234567890.123456789',
          '0.1',
          "é'x",
          '2024-02-29',
          '2024-02-29 12:34:56.789012',
          '2024-02-29 12:34:56.789012+00',
          '12:34:56.789012',
          '0123abcd-0000-4000-8000-0123456789ab',
          'a',
          '1.5',
          '-7',
          '1.25',
          '2024-02-29 12:34:56.789012345',
        ],
      ]);
      expect((await texts(`SELECT * EXCLUDE (id) FROM ${name} WHERE id = 2`))[0]!.every((text) => text === null)).toBe(
        true,
      );
    });
  }

  test('many row groups arrive whole and in order', async () => {
    const path = await written(
      'groups.parquet',
      'SELECT range AS n, range % 7 AS g FROM range(300000)',
      '(FORMAT parquet, ROW_GROUP_SIZE 20000)',
    );
    const { table, progress } = await add('groups', path);
    expect(table!.rows).toBe(300_000);
    expect(progress.length).toBeGreaterThan(3);
    expect(await texts('SELECT count(*), sum(n)::BIGINT, count(DISTINCT n) FROM groups')).toEqual([
      ['300000', '44999850000', '300000'],
    ]);
  });

  test('no rows still make a table with its columns', async () => {
    const { table } = await add(
      'none',
      await written('none.parquet', "SELECT 1::BIGINT AS a, DATE '2024-01-01' AS b LIMIT 0", '(FORMAT parquet)'),
    );
    expect(table).toMatchObject({
      rows: 0,
      columns: [
        { name: 'a', type: 'BIGINT' },
        { name: 'b', type: 'DATE' },
      ],
    });
  });

  test('lists and structs come as JSON text', async () => {
    await add(
      'nested',
      await written(
        'nested.parquet',
        "SELECT [1, 2] AS list, {a: 'x', b: 9007199254740993} AS struct",
        '(FORMAT parquet)',
      ),
    );
    expect(await texts('SELECT * FROM nested')).toEqual([['[1,2]', '{"a":"x","b":"9007199254740993"}']]);
  });
});

describe('text files', () => {
  test('a CSV has its types found', async () => {
    const { table } = await add(
      'sales',
      await file('sales.csv', 'day,amount,shop\n2024-01-01,12.50,"a, b"\n2024-01-02,7,c\n'),
    );
    expect(table!.columns.map(({ type }) => type)).toEqual(['DATE', 'DOUBLE', 'VARCHAR']);
    expect(await texts('SELECT * FROM sales')).toEqual([
      ['2024-01-01', '12.5', 'a, b'],
      ['2024-01-02', '7.0', 'c'],
    ]);
  });

  test('a TSV is read by its tabs', async () => {
    await add('tabs', await file('tabs.tsv', 'a\tb\n1\tx,y\n'));
    expect(await texts('SELECT a, b FROM tabs')).toEqual([['1', 'x,y']]);
  });

  test('a CSV whose later rows break the guess is read again', async () => {
    const rows = Array.from({ length: 60_000 }, (_, n) => `${n},${n === 59_999 ? 'no number' : n}`);
    await add('late', await file('late.csv', `a,b\n${rows.join('\n')}\n`));
    expect(await texts('SELECT b FROM late WHERE a = 59999')).toEqual([['no number']]);
  });

  test('NDJSON keeps digits, empty text, NULL, dates and nested values', async () => {
    const lines = [
      '{"id": 9007199254740993, "text": "", "day": "2024-01-01", "nested": {"a": [12345678901234567890]}, "x": 1}',
      '{"id": 2, "text": null, "day": "2024-01-02", "x": 1.5, "late": "007"}',
    ];
    const { table } = await add('lines', await file('lines.ndjson', lines.join('\n')));
    expect(Object.fromEntries(table!.columns.map(({ name, type }) => [name, type]))).toEqual({
      id: 'BIGINT',
      text: 'VARCHAR',
      day: 'DATE',
      nested: 'VARCHAR',
      x: 'DOUBLE',
      late: 'VARCHAR',
    });
    expect(await texts('SELECT * FROM lines')).toEqual([
      ['9007199254740993', '', '2024-01-01', '{"a":[12345678901234567890]}', '1.0', null],
      ['2', null, '2024-01-02', null, '1.5', '007'],
    ]);
  });

  test('an array of objects is rows too', async () => {
    await add('list', await file('list.json', '[{"a": 1, "b": "x\\ny\\"z"}, {"a": 2, "b": true}]'));
    expect(await texts('SELECT * FROM list')).toEqual([
      ['1', 'x\ny"z'],
      ['2', 'true'],
    ]);
  });
});

describe('a file that is not what it says', () => {
  const hostile: [name: string, body: string | Uint8Array, message: RegExp][] = [
    ['fake.parquet', 'a,b\n1,2\n', /fake\.parquet is not Parquet: it holds text/],
    ['cut.parquet', Uint8Array.from([0x50, 0x41, 0x52, 0x31, 1, 2, 3]), /cut\.parquet cannot be read/],
    [
      'book.csv',
      Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0, 0]),
      /book\.csv is not CSV: it holds a ZIP archive or an Excel workbook/,
    ],
    ['noise.csv', Uint8Array.from([1, 0, 2, 0, 3]), /noise\.csv is not CSV: it holds bytes that are no text/],
    ['page.csv', '<!doctype html><p>', /page\.csv is not CSV: it holds a web page/],
    ['empty.csv', '', /empty\.csv is empty/],
    ['words.json', 'hello', /Line 1 of words\.json is not JSON/],
    ['numbers.json', '[1, 2]', /holds values that are no objects/],
    ['broken.ndjson', '{"a":1}\n{"a":', /Line 2 of broken\.ndjson is not JSON/],
    [
      'cut.arrow',
      Uint8Array.from([0x41, 0x52, 0x52, 0x4f, 0x57, 0x31, 0, 0, 9, 9]),
      /cut\.arrow cannot be read as Arrow/,
    ],
    ['what.xyz', 'a', /no ending that tells what it is/],
  ];
  for (const [name, body, message] of hostile) {
    test(`${name} is refused, and the next query answers`, async () => {
      const { error } = await add('bad', await file(name, body));
      expect(error!.message).toMatch(message);
      expect(error!.message).toContain(name);
      expect(await texts('SELECT 1')).toEqual([['1']]);
    });
  }
});

test('a CSV of 200 MB becomes a table, and the page stays alive meanwhile', async () => {
  const path = join(folder, 'big.csv');
  await bigCsv(path, 200 * 1024 * 1024);
  const answers = await answersWhile(async () => {
    const { table, error } = await add('big', path);
    expect(error).toBeUndefined();
    expect(table!.bytes).toBeGreaterThanOrEqual(200 * 1024 * 1024);
  });
  expect(answers).toBeGreaterThan(10);
  expect(await texts('SELECT count(*) = max(id) + 1 FROM big')).toEqual([['true']]);
}, 240_000);

/** How often the page answered while the work went on. */
async function answersWhile(work: () => Promise<void>): Promise<number> {
  const over = new AbortController();
  let answers = 0;
  const asking = (async () => {
    while (!over.signal.aborted) answers += await page.evaluate(() => 1);
  })();
  await work().finally(() => over.abort());
  await asking;
  return answers;
}

async function bigCsv(path: string, bytes: number): Promise<void> {
  const out = createWriteStream(path);
  out.write('id,day,amount,text\n');
  let written = 0;
  for (let id = 0; written < bytes;) {
    const lines = Array.from(
      { length: 10_000 },
      () => `${id++},2024-01-${10 + (id % 19)},${id * 0.25},some words that fill the line ${id % 1000}\n`,
    ).join('');
    written += lines.length;
    if (!out.write(lines)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}
