import { Table, tableToIPC } from 'apache-arrow';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gather, type Ran } from '#kernels/contract.ts';
import type { Inputs, Kernel, KernelEvent, Relation, RunOptions } from '#kernels/kernel.ts';
import { columnsOf } from '#lib/table/column.ts';
import { toRows } from '#lib/table/text.ts';
import { openBench, type KernelBench } from '#lib/testing/kernel-bench.ts';
import { pageKernel } from '#lib/testing/page-kernel.ts';

let bench: KernelBench;
let page: Page;
let kernel: Kernel;
let sql: Kernel;

beforeAll(async () => {
  bench = await openBench();
  page = await bench.page();
  kernel = await pageKernel(page, 'typescript');
  sql = await pageKernel(page, 'browser');
});

afterAll(() => bench.close());

function run(source: string, given: Partial<Inputs> = {}, options: Partial<RunOptions> = {}): Promise<Ran> {
  return gather(kernel, { name: 'cell', source }, { parameters: {}, relations: {}, ...given }, options);
}

function valuesOf({ events }: Ran): Record<string, string> {
  const values = events.filter((event): event is KernelEvent & { type: 'value' } => event.type === 'value');
  return Object.fromEntries(values.map(({ name, value }) => [name, `${value.type}: ${value.text}`]));
}

function logsOf({ events }: Ran): unknown[] {
  const logs = events.filter((event) => event.type === 'log');
  return logs.map(({ level, text, line }) => ({ level, text, line }));
}

async function relation(source: string): Promise<Extract<Relation, { kind: 'arrow' }> & { asked(): number }> {
  const inputs = { parameters: {}, relations: {} };
  const ran = await gather(sql, { name: 'given', source }, inputs);
  expect(ran.error).toBeNull();
  const bytes = tableToIPC(new Table(ran.schema!, ran.batches), 'stream');
  let asked = 0;
  const ipc = () => {
    asked++;
    return Promise.resolve(bytes);
  };
  return { kind: 'arrow', hash: source, complete: true, ipc, asked: () => asked };
}

describe('what a cell shows', () => {
  test('the value of its last expression, under its own name', async () => {
    expect(valuesOf(await run('const a: number = 1;\na + 1'))).toEqual({ a: 'number: 1', cell: 'number: 2' });
  });

  test('what it returns', async () => {
    expect(valuesOf(await run('if (true) return "early";\n1'))).toEqual({ cell: 'string: early' });
  });

  test('what it awaits', async () => {
    expect(valuesOf(await run('await new Promise((end) => setTimeout(() => end([1, { a: 2n }]), 5))'))).toEqual({
      cell: 'Array(2): [1, { a: 2n }]',
    });
  });

  test('an array of objects as a table', async () => {
    const ran = await run('[{ a: 1, b: "x" }, { a: 2.5, c: true }]');
    expect(columnsOf(ran.schema!)).toEqual([
      { name: 'a', type: 'DOUBLE' },
      { name: 'b', type: 'VARCHAR' },
      { name: 'c', type: 'BOOLEAN' },
    ]);
    expect(toRows(ran.batches)).toEqual([
      ['1.0', 'x', null],
      ['2.5', null, 'true'],
    ]);
  });

  test('the last table it declares, where it has no value', async () => {
    const ran = await run('const rows = table([{ n: 1n }]);\nfor (const row of rows) console.log(row.n)');
    expect(toRows(ran.batches)).toEqual([['1']]);
  });

  test('its logs with their lines', async () => {
    expect(logsOf(await run('const a = 1;\n\nconsole.log("a is", a);\nconsole.warn({ a })'))).toEqual([
      { level: 'log', text: 'a is 1', line: 3 },
      { level: 'warn', text: '{ a: 1 }', line: 4 },
    ]);
  });

  test('no more than a thousand logs', async () => {
    const logs = logsOf(await run('for (let i = 0; i < 5000; i++) console.log(i)'));
    expect(logs).toHaveLength(1001);
  });

  test('a promise that failed and nobody waited for', async () => {
    const logs = logsOf(
      await run('Promise.reject(new Error("lost"));\nawait new Promise((end) => setTimeout(end, 50))'),
    );
    expect(logs).toEqual([{ level: 'error', text: 'Error: lost', line: 1 }]);
  });
});

describe('errors', () => {
  test('come from the line they happened in', async () => {
    const { error } = await run('interface A { a: number }\nfunction f(): A {\n  throw new TypeError("bad");\n}\nf()');
    expect(error).toMatchObject({ code: 'runtime', message: 'TypeError: bad', position: { line: 3 } });
  });

  test('after an await too', async () => {
    const { error } = await run('await null;\nawait null;\nundefined.x');
    expect(error).toMatchObject({ code: 'runtime', position: { line: 3 } });
  });

  test('name what is not there', async () => {
    expect((await run('1;\nsaels.rows')).error).toMatchObject({
      code: 'unknown-name',
      message: 'There is no saels.',
      position: { line: 2 },
    });
  });

  test('refuse imports', async () => {
    expect((await run('import x from "x"')).error).toMatchObject({ code: 'refused', position: { line: 1 } });
  });

  test('may be thrown as anything', async () => {
    expect((await run('throw { a: 1 }')).error).toMatchObject({ code: 'runtime', message: '{ a: 1 }' });
    expect((await run('throw null')).error).toMatchObject({ code: 'runtime' });
  });

  test('of a value that cannot be looked at are the value’s', async () => {
    expect(valuesOf(await run('({ get a() { throw new Error("no") } })'))['cell']).toContain('cannot be shown');
  });
});

const corpus: [expression: string, shown: string, type: string][] = [
  ['9223372036854775807::BIGINT', 'bigint 9223372036854775807', 'BIGINT'],
  ['(-170141183460469231731687303715884105727)::HUGEINT', 'bigint -170141183460469231731687303715884105727', 'HUGEINT'],
  ['12345678901234567890.05::DECIMAL(38,2)', 'object 12345678901234567890.05', 'DECIMAL(38,2)'],
  ['7::INTEGER', 'number 7', 'INTEGER'],
  ['0.1::DOUBLE', 'number 0.1', 'DOUBLE'],
  ["'x'", 'string x', 'VARCHAR'],
  ['true', 'boolean true', 'BOOLEAN'],
  ["DATE '2024-02-29'", 'string 2024-02-29', 'DATE'],
  ["TIME '12:34:56.789012'", 'string 12:34:56.789012', 'TIME'],
  ["INTERVAL '3 days'", 'string 3 days', 'INTERVAL'],
];

describe('tables in a cell', () => {
  for (const [expression, shown, type] of corpus) {
    test(`${type} is ${shown}, and the table goes back as it came`, async () => {
      const given = await relation(`SELECT ${expression} AS v UNION ALL SELECT NULL`);
      const relations = { given };
      const look = await run('`${typeof given.rows[0].v} ${given.rows[0].v} ${given.get(1).v}`', { relations });
      expect(valuesOf(look)['cell']).toBe(`string: ${shown} null`);
      const back = await run('given', { relations });
      expect(columnsOf(back.schema!)).toEqual([{ name: 'v', type }]);
    });
  }

  test('a timestamp is a Date that keeps its microseconds on the way back', async () => {
    const given = await relation(`SELECT TIMESTAMP '2024-02-29 12:34:56.789012' AS t`);
    const ran = await run('given.map((row) => ({ t: row.t, iso: row.t.toISOString() }))', { relations: { given } });
    expect(toRows(ran.batches)).toEqual([['2024-02-29 12:34:56.789012', '2024-02-29T12:34:56.789Z']]);
  });

  test('decimals and bigints keep every digit on the way back', async () => {
    const given = await relation('SELECT 12345678901234567890.05::DECIMAL(38,2) AS d, 9223372036854775807 AS b');
    const ran = await run('given.map(({ d, b }) => ({ d, b, wide: b * 10n, sum: d + 1 }))', { relations: { given } });
    expect(toRows(ran.batches)).toEqual([
      ['12345678901234567890.05', '9223372036854775807', '92233720368547758070', '1.2345678901234567e+19'],
    ]);
  });

  test('lists, structs and maps are arrays, objects and Maps', async () => {
    const given = await relation("SELECT [1, 2] AS l, {'a': 'x'} AS s, MAP {'k': 1} AS m");
    const ran = await run('const { l, s, m } = given.rows[0];\n[l, s, m]', { relations: { given } });
    expect(valuesOf(ran)['cell']).toBe('Array(3): [[1, 2], { a: "x" }, { "k" => 1 }]');
  });

  test('columns, counts and array methods are there', async () => {
    const given = await relation('SELECT range AS n FROM range(5)');
    const source =
      '[given.numRows, given.columns[0].type, given.column("n").at(-1), given.filter((r) => r.n > 2n).length, [...given].length]';
    expect(valuesOf(await run(source, { relations: { given } }))['cell']).toBe('Array(5): [5, "BIGINT", 4n, 2, 5]');
  });

  test('a wrong column name says which there are', async () => {
    const given = await relation('SELECT 1 AS n');
    expect((await run('given.column("m")', { relations: { given } })).error!.message).toContain('there are n');
  });

  test('a table is asked for once for each hash, and only when it is read', async () => {
    const given = await relation('SELECT 42 AS once');
    await run('1', { relations: { given } });
    expect(given.asked()).toBe(0);
    for (let n = 0; n < 3; n++) await run('given.numRows', { relations: { given } });
    expect(given.asked()).toBe(1);
  });

  test('a table that was cut stays incomplete', async () => {
    const given = { ...(await relation('SELECT 1 AS n')), complete: false };
    expect((await run('given', { relations: { given } })).done).toMatchObject({ complete: false });
    expect(valuesOf(await run('given.complete', { relations: { given } }))['cell']).toBe('boolean: false');
  });

  test('inputs come by name', async () => {
    const parameters = {
      until: { type: 'date', value: '2024-01-01' },
      at: { type: 'timestamp', value: '2024-01-01 10:00:00' },
      limit: { type: 'number', value: 3 },
    } as const;
    expect(valuesOf(await run('[until, at, limit]', { parameters }))['cell']).toBe(
      'Array(3): ["2024-01-01", 2024-01-01T10:00:00.000Z, 3]',
    );
  });
});

describe('stop', () => {
  test('ends a loop that never lets go, and the page answers meanwhile', async () => {
    const stop = new AbortController();
    const running = run('while (true) {}', {}, { signal: stop.signal });
    const started = kernelIsBusy(running);
    for (let n = 0; n < 20; n++) expect(await page.evaluate(() => 1 + 1)).toBe(2);
    stop.abort();
    expect((await running).error!.code).toBe('cancelled');
    expect(await started).toBe(true);
    expect(valuesOf(await run('1'))).toEqual({ cell: 'number: 1' });
  });

  test('one of two leaves the other alone', async () => {
    const stop = new AbortController();
    const endless = run('while (true) {}', {}, { signal: stop.signal });
    expect(valuesOf(await run('2'))).toEqual({ cell: 'number: 2' });
    stop.abort();
    expect((await endless).error!.code).toBe('cancelled');
  });

  test('a flood of logs does not drown the page', async () => {
    const { error } = await run('while (true) console.log("x".repeat(10000))', {}, { timeout: 1000 });
    expect(error!.code).toBe('timeout');
    expect(await page.evaluate(() => 1 + 1)).toBe(2);
  });
});

test('a cell that fills its memory fails, the page lives on and the next cell runs', async () => {
  // Playwright gives a page up when any process of it dies; a page of its own tells the harness that it lives on.
  const own = await bench.page();
  await own.evaluate(() => {
    const { kernels } = globalThis as unknown as { kernels: Record<string, Kernel> };
    const ask = async (source: string) => {
      const given = { parameters: {}, relations: {} };
      for await (const event of kernels['typescript']!.run({ name: 'a', source }, given, {
        signal: new AbortController().signal,
      }))
        if (event.type === 'failed' || event.type === 'done')
          await fetch(`/told/${event.type === 'failed' ? event.error.code : 'done'}`);
    };
    void ask('const all = []; while (true) all.push(new Array(1e6).fill(Math.random()))').then(() => ask('1'));
  });
  const told = () => bench.harness.requests.filter((path) => path.startsWith('/told/'));
  await expect.poll(told, { timeout: 90_000, interval: 200 }).toEqual(['/told/memory', '/told/done']);
}, 100_000);

/** True when a run has not ended by itself within the time the page needs to answer a few times. */
async function kernelIsBusy(running: Promise<Ran>): Promise<boolean> {
  const ended = await Promise.race([
    running.then(() => true),
    page.evaluate(() => new Promise((end) => requestAnimationFrame(() => end(false)))),
  ]);
  return ended === false;
}
