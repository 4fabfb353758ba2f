import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CellSpec } from '#lib/notebook/cell.ts';
import { launchBrowser } from '#lib/testing/browser.ts';
import { openHarness, type Harness } from '#lib/testing/harness.ts';
import type { Seen } from '#lib/testing/store-page.ts';
import type { NotebookStore } from './store.ts';

/* The store on the engines people have: DuckDB-WASM in its worker and the sandbox, in Chromium. */

interface Globals {
  open(cells: CellSpec[], id: string): NotebookStore;
  when(store: NotebookStore, name: string, states: string[]): Promise<Seen>;
  store: NotebookStore;
}

let harness: Harness;
let browser: Browser;
let page: Page;
const faults: string[] = [];

beforeAll(async () => {
  [harness, browser] = await Promise.all([openHarness('lib/testing/store-page.ts'), launchBrowser()]);
  page = await browser.newPage();
  page.on('pageerror', (error) => faults.push(error.message));
  await page.goto(harness.url);
  await page.waitForFunction(() => 'open' in globalThis);
});

beforeEach(() => void faults.splice(0));

afterAll(async () => {
  await browser?.close();
  await harness?.close();
});

let count = 0;
const open = (cells: CellSpec[]) =>
  page.evaluate(
    ([cells, id]) => {
      const page = globalThis as unknown as Globals;
      page.store?.close();
      page.store = page.open(cells, id);
    },
    [cells, `n${count++}`] as const,
  );

const when = (name: string, ...states: string[]) =>
  page.evaluate(
    ([name, states]) => {
      const page = globalThis as unknown as Globals;
      return page.when(page.store, name, states);
    },
    [name, states] as const,
  );

/** Calls an act with a cell's id in place of its name. */
const act = (
  name: string,
  method: 'run' | 'stop' | 'setSource' | 'setInput' | 'setChart' | 'remove',
  ...given: unknown[]
) =>
  page.evaluate(
    ([name, method, given]) => {
      const { store } = globalThis as unknown as Globals;
      const { cell } = store.snapshot().cells.find((each) => each.cell.name === name)!;
      (store.act[method] as (...given: unknown[]) => void)(cell.id, ...given);
    },
    [name, method, given] as const,
  );

const sql = (name: string, source: string): CellSpec => ({ type: 'sql', name, source });

describe('a notebook in the browser', () => {
  test('opens with its SQL, TypeScript and charts run, each on what the others gave', async () => {
    await open([
      { type: 'input', name: 'most', source: '3' },
      sql(
        'days',
        "SELECT DATE '2026-01-01' + i::INT AS day, 9007199254740993 + i AS big FROM range(10) t(i) WHERE i < {{most}}",
      ),
      {
        type: 'typescript',
        name: 'sums',
        source: 'const rows = days.toArray();\nexport const count = rows.length;\nconsole.log(count);',
      },
      { type: 'chart', name: 'line', chart: { from: 'days', type: 'line', x: 'day', y: 'big', aggregate: 'max' } },
    ]);
    const days = await when('days', 'good', 'failed');
    expect(days).toMatchObject({ state: 'good', error: null, rows: 3, complete: true });
    expect(days.texts[2]).toEqual(['2026-01-03', '9007199254740995']);
    expect(days.columns.map((column) => column.type)).toEqual(['DATE', 'BIGINT']);
    const line = await when('line', 'good', 'failed');
    expect(line).toMatchObject({ state: 'good', rows: 3 });
    const sums = await when('sums', 'good', 'failed');
    expect([sums.error, sums.logs]).toEqual([null, ['3']]);
    expect(faults).toEqual([]);
  });

  test('runs what reads an input again when it changes', async () => {
    await open([
      { type: 'input', name: 'n', source: '2' },
      sql('q', 'SELECT count(*) AS c FROM range({{n}})'),
      sql('other', 'SELECT random() AS r'),
    ]);
    expect((await when('q', 'good')).texts).toEqual([['2']]);
    const before = await when('other', 'good');
    await act('n', 'setInput', { value: 5 });
    await page.waitForFunction(async () => {
      const page = globalThis as unknown as Globals;
      return (await page.when(page.store, 'q', ['good'])).texts[0]?.[0] === '5';
    });
    expect((await when('other', 'good')).texts).toEqual(before.texts);
  });

  test('says where the text is wrong, in the words of people', async () => {
    await open([sql('q', 'SELECT a,\n  nope(1)\nFROM (SELECT 1 AS a)')]);
    const { state, error } = await when('q', 'failed', 'good');
    expect(state).toBe('failed');
    expect(error!.position!.line).toBe(2);
  });

  test('makes a dropped file a table, beside the cells', async () => {
    await open([sql('sales', 'SELECT 1')]);
    const file = await page.evaluate(() => {
      const { store } = globalThis as unknown as Globals;
      return store.act.addFile(new File(['day,v\n2026-01-01,1\n2026-01-02,2\n'], 'Sales.csv'), () => undefined);
    });
    expect(file).toMatchObject({ name: 'sales_2', rows: 2 });
    await page.evaluate(() => {
      const { store } = globalThis as unknown as Globals;
      const id = store.act.add({ type: 'sql', name: 'sum', source: 'SELECT sum(v) AS s FROM sales_2' }, {});
      store.act.run(id);
      const ts = store.act.add(
        { type: 'typescript', name: 'ts', source: 'export const n = sales_2.toArray().length;' },
        {},
      );
      store.act.run(ts);
    });
    expect((await when('sum', 'good', 'failed')).texts).toEqual([['3']]);
    const ts = await when('ts', 'good', 'failed');
    expect([ts.error, ts.values.map((each) => each.value.text)]).toEqual([null, ['2']]);
  });

  test('refuses a file that is not what its name says, and stays as it was', async () => {
    const error = await page.evaluate(() =>
      (globalThis as unknown as Globals).store.act
        .addFile(new File(['not parquet at all'], 'x.parquet'), () => undefined)
        .then(
          () => null,
          (error: unknown) => error as { code: string; message: string },
        ),
    );
    expect(error).toMatchObject({ code: expect.any(String), message: expect.any(String) });
  });

  test('stops a cell that runs for ever and keeps the tables of others', async () => {
    await open([sql('base', 'SELECT 42 AS v'), sql('next', 'SELECT v FROM base')]);
    await when('next', 'good');
    await page.evaluate(() => {
      const { store } = globalThis as unknown as Globals;
      store.act.run(
        store.act.add(
          { type: 'sql', name: 'ever', source: 'SELECT count(*) FROM range(100000000) a, range(1000000) b' },
          {},
        ),
      );
    });
    await when('ever', 'running');
    await act('ever', 'stop');
    expect(await when('ever', 'cancelled', 'failed', 'good')).toMatchObject({
      state: 'cancelled',
      error: { code: 'cancelled' },
    });
    await act('next', 'run');
    expect((await when('next', 'good', 'failed')).texts).toEqual([['42']]);
  });

  test('reads rows of another notebook with the same names never', async () => {
    await open([sql('base', "SELECT 'first' AS v"), sql('next', 'SELECT v FROM base')]);
    expect((await when('next', 'good')).texts).toEqual([['first']]);
    await open([sql('base', "SELECT 'second' AS v"), sql('next', 'SELECT v FROM base')]);
    expect((await when('next', 'good')).texts).toEqual([['second']]);
    await open([sql('next', 'SELECT v FROM base')]);
    await page.waitForFunction(() => (globalThis as unknown as Globals).store.snapshot().cells[0]!.problems.length > 0);
    await act('next', 'run');
    expect(await when('next', 'failed', 'good')).toMatchObject({ state: 'failed', error: { code: 'unknown-name' } });
  });

  test('keeps tables of a million rows, and charts them by summing in the engine', async () => {
    await open([
      sql('big', 'SELECT i % 100 AS k, i AS v FROM range(1000000) t(i)'),
      { type: 'chart', name: 'bars', chart: { from: 'big', type: 'bar', x: 'k', y: 'v', aggregate: 'sum' } },
    ]);
    expect(await when('big', 'good', 'failed')).toMatchObject({ rows: 1_000_000, complete: true });
    expect(await when('bars', 'good', 'failed')).toMatchObject({ state: 'good', rows: 100 });
  });
});
