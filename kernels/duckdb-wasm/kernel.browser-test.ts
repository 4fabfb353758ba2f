import { Table, tableToIPC } from 'apache-arrow';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gather, numbers, type Ran } from '#kernels/contract.ts';
import type { Inputs, Kernel, Relation, RunOptions } from '#kernels/kernel.ts';
import type { BrowserKernel } from '#kernels/browser.ts';
import { columnsOf } from '#lib/table/column.ts';
import { toRows } from '#lib/table/text.ts';
import { openBench, type KernelBench } from '#lib/testing/kernel-bench.ts';
import { openListener, type Listener } from '#lib/testing/listener.ts';
import { pageKernel } from '#lib/testing/page-kernel.ts';

let bench: KernelBench;
let page: Page;
let kernel: Kernel;
let listener: Listener;
const requests: string[] = [];

beforeAll(async () => {
  bench = await openBench();
  listener = await openListener();
  page = await bench.page();
  page.on('request', (request) => requests.push(request.url()));
  kernel = await pageKernel(page, 'browser');
});

afterAll(async () => {
  await bench.close();
  await listener.close();
});

function run(source: string, given: Partial<Inputs> = {}, options: Partial<RunOptions> = {}): Promise<Ran> {
  return gather(kernel, { name: 'cell', source }, { parameters: {}, relations: {}, ...given }, options);
}

async function texts(source: string, given: Partial<Inputs> = {}): Promise<(string | null)[][]> {
  const { batches, error } = await run(source, given);
  expect(error).toBeNull();
  return toRows(batches);
}

/** The rows of a run as a relation, and how often it was asked for. */
function relationOf(ran: Ran, hash: string): Relation & { asked: () => number } {
  let asked = 0;
  const bytes = tableToIPC(new Table(ran.schema!, ran.batches), 'stream');
  const ipc = () => {
    asked++;
    return Promise.resolve(bytes);
  };
  return { kind: 'arrow', hash, complete: true, ipc, asked: () => asked };
}

async function relation(source: string, hash: string = source) {
  return relationOf(await run(source), hash);
}

const corpus: [expression: string, text: string, type: string][] = [
  ['9223372036854775807::BIGINT', '9223372036854775807', 'BIGINT'],
  ['18446744073709551615::UBIGINT', '18446744073709551615', 'UBIGINT'],
  ['(-170141183460469231731687303715884105727)::HUGEINT', '-170141183460469231731687303715884105727', 'HUGEINT'],
  [
    '12345678901234567890123456789.123456789::DECIMAL(38,9)',
    '12345678901234567890123456789.123456789',
    'DECIMAL(38,9)',
  ],
  ['(-0.05)::DECIMAL(4,2)', '-0.05', 'DECIMAL(4,2)'],
  ['0.1::DOUBLE', '0.1', 'DOUBLE'],
  ["'é ''x'", "é 'x", 'VARCHAR'],
  ["DATE '0001-01-01'", '0001-01-01', 'DATE'],
  ["TIMESTAMP '2024-02-29 12:34:56.789012'", '2024-02-29 12:34:56.789012', 'TIMESTAMP'],
  ["TIMESTAMP_NS '2024-02-29 12:34:56.789012345'", '2024-02-29 12:34:56.789012345', 'TIMESTAMP_NS'],
  ["TIMESTAMPTZ '2024-02-29 12:34:56.789012+00'", '2024-02-29 12:34:56.789012+00', 'TIMESTAMP WITH TIME ZONE'],
  ["TIME '12:34:56.789012'", '12:34:56.789012', 'TIME'],
  ["INTERVAL '14 months 3 days 04:05:06.5'", '1 year 2 months 3 days 04:05:06.5', 'INTERVAL'],
  ["INTERVAL '-1 days -00:00:01'", '-1 day -00:00:01', 'INTERVAL'],
  ['[1, NULL, 3]', '[1, NULL, 3]', 'INTEGER[]'],
  ["{'a': 1, 'b': 'x'}", "{'a': 1, 'b': x}", 'STRUCT(a INTEGER, b VARCHAR)'],
  ["MAP {'k': 9007199254740993}", '{k=9007199254740993}', 'MAP(VARCHAR, BIGINT)'],
  ["'b'::ENUM ('a', 'b')", 'b', 'VARCHAR'],
  ['true', 'true', 'BOOLEAN'],
  ["'\\xFF'::BLOB", '\\xFF', 'BLOB'],
];

describe('every type keeps every digit', () => {
  for (const [expression, text, type] of corpus) {
    test(`${type}: ${text}`, async () => {
      const source = `SELECT ${expression} AS v UNION ALL SELECT NULL`;
      const first = await run(source);
      expect(first.error).toBeNull();
      expect(columnsOf(first.schema!)).toEqual([{ name: 'v', type }]);
      expect(toRows(first.batches).flat()).toEqual([text, null]);
      const again = await run('SELECT v FROM given', { relations: { given: relationOf(first, source) } });
      expect(toRows(again.batches).flat()).toEqual([text, null]);
      expect(columnsOf(again.schema!)).toEqual([{ name: 'v', type }]);
    });
  }

  test('an interval that came as text is an interval again', async () => {
    const given = await relation(`SELECT INTERVAL '1 day' AS v`);
    expect(await texts(`SELECT DATE '2024-02-28' + v FROM given`, { relations: { given } })).toEqual([
      ['2024-02-29 00:00:00'],
    ]);
  });
});

describe('relations', () => {
  test('are asked for once for each hash', async () => {
    const given = relationOf(await run('SELECT 1 AS n'), 'once');
    for (let n = 0; n < 3; n++) await run('SELECT * FROM given', { relations: { given } });
    expect(given.asked()).toBe(1);
  });

  test('that were given before are gone when they are not given', async () => {
    await texts('SELECT * FROM secret', { relations: { secret: await relation('SELECT 1 AS n') } });
    expect((await run('SELECT * FROM secret')).error!.code).toBe('unknown-name');
  });

  for (const name of ['with space', 'quote"d', 'select', 'Ünïcode', "it's"]) {
    test(`may be named ${name}`, async () => {
      const quoted = `"${name.replaceAll('"', '""')}"`;
      expect(
        await texts(`SELECT n FROM ${quoted}`, { relations: { [name]: await relation('SELECT 7 AS n', name) } }),
      ).toEqual([['7']]);
    });
  }

  test('with a broken body fail the run and leave the engine well', async () => {
    const ipc = () => Promise.resolve(Uint8Array.from([255, 255, 255, 255, 9, 9, 9, 9, 9]));
    const broken: Relation = { kind: 'arrow', hash: 'broken', complete: true, ipc };
    expect((await run('SELECT * FROM broken', { relations: { broken } })).error).not.toBeNull();
    expect(await texts('SELECT 1')).toEqual([['1']]);
  });
});

describe('stop', () => {
  const endless = 'SELECT count(*) FROM range(1000000000) a, range(1000000000) b WHERE a.range + b.range < 0';

  test('ends what does not listen, and tables come back by themselves', async () => {
    const given = relationOf(await run('SELECT 5 AS n'), 'kept');
    await page.evaluate(async () => {
      const file = new File(['a,b\n1,2\n'], 'kept.csv');
      await (globalThis as unknown as { kernels: { browser: BrowserKernel } }).kernels.browser.addFile(
        'kept_file',
        file,
      );
    });
    const stop = new AbortController();
    const running = run(endless, { relations: { given } }, { signal: stop.signal });
    setTimeout(() => stop.abort(), 200);
    expect((await running).error!.code).toBe('cancelled');
    expect(await texts('SELECT n FROM given', { relations: { given } })).toEqual([['5']]);
    expect(await texts('SELECT a, b FROM kept_file')).toEqual([['1', '2']]);
  });

  test('leaves tables where they are when the engine listens', async () => {
    const given = relationOf(await run('SELECT 5 AS n'), 'listening');
    await run('SELECT * FROM given', { relations: { given } });
    const stop = new AbortController();
    const slow = 'SELECT hash(range) % 100 AS h, count(*) FROM range(300000000) GROUP BY h';
    const running = run(slow, { relations: { given } }, { signal: stop.signal });
    setTimeout(() => stop.abort(), 200);
    expect((await running).error!.code).toBe('cancelled');
    await run('SELECT * FROM given', { relations: { given } });
    expect(given.asked()).toBe(1);
  });

  test('of a waiting run leaves the running one alone', async () => {
    const stop = new AbortController();
    const first = run('SELECT count(*) FROM range(20000000)');
    const second = run('SELECT 2', {}, { signal: stop.signal });
    stop.abort();
    expect((await second).error!.code).toBe('cancelled');
    expect((await first).error).toBeNull();
  });

  test('a limit ends an answer that has no end', async () => {
    const { done } = await run('SELECT range FROM range(1000000000000)', {}, { limit: 10 });
    expect(done).toMatchObject({ rows: 10, complete: false });
  });

  test('and so it does with parameters', async () => {
    const parameters = { least: { type: 'number', value: 5 } } as const;
    const source = 'SELECT range AS n FROM range(1000000000000) WHERE range >= {{least}}';
    const { rows, done } = await run(source, { parameters }, { limit: 2 });
    expect(rows.map((row) => Number(row['n']))).toEqual([5, 6]);
    expect(done).toMatchObject({ rows: 2, complete: false });
  });
});

describe('errors', () => {
  test('a misspelt column has its place and its cure', async () => {
    const given = await relation('SELECT 1 AS amount, 2 AS shop');
    const source = "SELECT 'é', shop,\n  amuont FROM given";
    const { error } = await run(source, { relations: { given } });
    expect(error).toMatchObject({
      code: 'unknown-name',
      position: { line: 2, column: 3, length: 6 },
      hint: 'Did you mean amount?',
    });
    const { from, to, text } = error!.fix!;
    expect(source.slice(0, from) + text + source.slice(to)).toBe("SELECT 'é', shop,\n  amount FROM given");
  });

  test('a misspelt relation has its place and its cure', async () => {
    const sales = await relation('SELECT 1 AS n');
    const { error } = await run('SELECT *\nFROM saels', { relations: { sales } });
    expect(error).toMatchObject({
      code: 'unknown-name',
      position: { line: 2, column: 6, length: 5 },
      fix: { text: 'sales' },
    });
  });

  test('places behind a parameter are those of the text people see', async () => {
    const parameters = { until: { type: 'date', value: '2024-01-01' } } as const;
    const { error } = await run('SELECT {{until}} AS a, nope', { parameters });
    expect(error).toMatchObject({ code: 'unknown-name', position: { line: 1, column: 24 } });
  });

  test('a value that does not fit is a failure while running', async () => {
    expect((await run(`SELECT CAST('x' AS INTEGER)`)).error).toMatchObject({ code: 'runtime' });
  });

  for (const [source, extension] of [
    [`SELECT * FROM read_parquet('x.parquet')`, 'parquet'],
    [`SELECT '{"a":1}'::JSON`, 'json'],
    [`SELECT now() AT TIME ZONE 'Europe/Rome'`, 'icu'],
    [`SELECT json_extract('{}', 'a')`, 'json'],
  ] as const) {
    test(`what needs an extension names it: ${source}`, async () => {
      const { error } = await run(source);
      expect(error).toMatchObject({ code: 'unsupported', hint: 'Run it on the warehouse, which has it built in.' });
      expect(error!.message).toContain(extension);
    });
  }

  test('a query too big for memory says so, and the next one answers', async () => {
    const { error } = await run('SELECT list(range) FROM range(4000000000)', {}, { timeout: 60_000 });
    expect(error!.code).toBe('memory');
    expect(error!.message).not.toMatch(/RuntimeError|unreachable/);
    expect(await texts('SELECT 1')).toEqual([['1']]);
  });

  test('a plan with parameters is refused in words', async () => {
    const { error } = await run('EXPLAIN SELECT {{n}}', { parameters: { n: { type: 'number', value: 1 } } });
    expect(error).toMatchObject({ code: 'unsupported' });
  });
});

describe('what may run', () => {
  for (const source of [
    'FROM given',
    'VALUES (1)',
    'DESCRIBE given',
    'SUMMARIZE given',
    'SHOW TABLES',
    'EXPLAIN SELECT 1',
    'TABLE given',
    'PIVOT given ON n USING count(*)',
    'WITH a AS (SELECT 1) SELECT * FROM a',
    '(SELECT 1)',
    '-- a comment\nSELECT 1;',
  ]) {
    test(source, async () => {
      const { error } = await run(source, { relations: { given: await relation('SELECT 1 AS n') } });
      expect(error).toBeNull();
    });
  }

  for (const source of [
    'WITH a AS (SELECT 9 AS n) INSERT INTO given SELECT n FROM a',
    'EXPLAIN ANALYZE INSERT INTO given VALUES (9)',
    'DELETE FROM given',
    'UPDATE given SET n = 9',
    'DROP TABLE given',
    'CREATE TEMP TABLE given2 AS FROM given',
    'SELECT 1; DELETE FROM given',
    'COMMIT',
    'BEGIN',
  ]) {
    test(`never writes: ${source}`, async () => {
      const relations = { given: await relation('SELECT 1 AS n') };
      await texts('SELECT * FROM given', { relations });
      expect((await run(source, { relations })).error!.code).toBe('refused');
      expect(await texts('SELECT * FROM given', { relations })).toEqual([['1']]);
    });
  }

  test('PIVOT with parameters asks for its values, as DuckDB does', async () => {
    const given = await relation("SELECT 'a' AS k, 1 AS n UNION ALL SELECT 'b', 2");
    const inputs = { relations: { given }, parameters: { least: { type: 'number', value: 0 } } } as const;
    const { error } = await run('PIVOT (SELECT * FROM given WHERE n > {{least}}) ON k USING sum(n)', inputs);
    expect(error).toMatchObject({ code: 'syntax' });
    expect(await texts("PIVOT (FROM given WHERE n > {{least}}) ON k IN ('a', 'b') USING sum(n)", inputs)).toEqual([
      ['1', '2'],
    ]);
  });
});

describe('reads', () => {
  for (const [source, names] of [
    ['SELECT * FROM a JOIN b USING (id)', ['a', 'b']],
    ['SELECT * FROM a NATURAL JOIN b', ['a', 'b']],
    ['PIVOT a ON x USING sum(y)', ['a']],
    ['WITH c AS (SELECT * FROM a) SELECT * FROM c, "My table"', ['a', 'My table']],
    ['SELECT * FROM b WHERE d < {{until}} AND n IN (SELECT n FROM a)', ['b', 'a']],
    ['FROM a SELECT x', ['a']],
    ['SELECT unknown_function(x) FROM a', ['a']],
    ["SELECT 'FROM x' -- FROM y", []],
    ['SELEC * FROM a', []],
  ] as const) {
    test(source, async () => expect(await kernel.reads(source)).toEqual(names));
  }
});

describe('nothing phones home', () => {
  test('whatever SQL asks for', async () => {
    requests.length = 0;
    const url = listener.http;
    for (const source of [
      `SELECT * FROM '${url}/x.csv'`,
      `SELECT * FROM read_csv('${url}/x.csv')`,
      `SELECT * FROM read_text('${url}/x')`,
      `SELECT * FROM glob('${url}/*')`,
      `SELECT * FROM read_csv('/sandbox/frame.html')`,
      `SELECT * FROM read_csv('${bench.harness.url}sandbox/frame.html')`,
      `SELECT * FROM read_parquet('${url}/x.parquet')`,
      `SELECT * FROM sniff_csv('${url}/x.csv')`,
      `INSTALL httpfs FROM '${url}'`,
      `ATTACH '${url}/x.db'`,
      `SELECT '{}'::JSON`,
    ]) {
      const { error } = await run(source);
      expect(error, source).not.toBeNull();
      expect(error!.message).not.toMatch(/RuntimeError|memory access|unreachable/);
    }
    expect(listener.heard).toEqual([]);
    expect(requests.filter((request) => !request.startsWith(bench.harness.url))).toEqual([]);
    expect(await texts('SELECT 1')).toEqual([['1']]);
  });

  test('and the worker could not, were DuckDB to ask', async () => {
    const worker = page.workers().findLast((each) => each.url().includes('duckdb'))!;
    const reached = await worker.evaluate(
      (url) =>
        fetch(url, { mode: 'no-cors' }).then(
          () => 'reached',
          () => 'refused',
        ),
      listener.http,
    );
    expect(reached).toBe('refused');
    expect(listener.heard).toEqual([]);
  });
});

test('closing twice is fine, and a closed kernel starts again when asked', async () => {
  await kernel.close();
  await kernel.close();
  expect(await texts('SELECT sum(n)::BIGINT FROM given', { relations: { given: await arrow(10) } })).toEqual([['45']]);
});

async function arrow(count: number): Promise<Relation> {
  const bytes = tableToIPC(numbers(count), 'stream');
  return { kind: 'arrow', hash: `numbers ${count}`, complete: true, ipc: () => Promise.resolve(bytes) };
}
