import { expressionInterpreter } from 'vega-interpreter';
import * as vega from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { ChartSpec, ChartType } from '#lib/notebook/cell.ts';
import { columnsOf } from '#lib/table/column.ts';
import { toRows } from '#lib/table/text.ts';
import { openDuckDB, type TestDuckDB } from '#lib/testing/duckdb.ts';
import { chartQuery, mostMarks, type Source } from './query.ts';
import { chartRows } from './rows.ts';
import { suggestChart } from './suggest.ts';
import { toVegaLite } from './vega.ts';

vi.setConfig({ hookTimeout: 120_000, testTimeout: 60_000 }); // DuckDB is compiled first, on a machine that may be busy

let duckdb: TestDuckDB;
let source: Source;

beforeAll(async () => {
  duckdb = await openDuckDB();
  duckdb.query(`CREATE TABLE sales AS SELECT DATE '2026-01-01' + (i % 60)::INT AS day, ['north', 'south', 'it''s "x"'][1 + i % 3] AS region,
    (i % 7)::BIGINT AS units, (i * 1.25)::DECIMAL(18,2) AS revenue, i AS id FROM range(6000) t(i)`);
  source = { columns: columnsOf(duckdb.query('SELECT * FROM sales LIMIT 0').schema), rows: 6000, complete: true };
});

const specOf = (given: Partial<ChartSpec>) => ChartSpec.parse({ from: 'sales', ...given });

function ask(given: Partial<ChartSpec>, about: Partial<Source> = {}) {
  const query = chartQuery(specOf(given), { ...source, ...about });
  if (!query.ok) throw new Error(query.reason);
  return { ...query, table: duckdb.query(query.sql) };
}

const texts = (given: Partial<ChartSpec>) => toRows(ask(given).table.batches);
const reason = (given: Partial<ChartSpec>) => {
  const query = chartQuery(specOf(given), source);
  return query.ok ? null : query.reason;
};

describe('chartQuery', () => {
  it('sums groups in the engine', () => {
    expect(texts({ type: 'bar', x: 'region', y: 'units', aggregate: 'sum', sort: 'x' })).toEqual(
      toRows(duckdb.query('SELECT region, sum(units)::DOUBLE FROM sales GROUP BY 1 ORDER BY 1').batches),
    );
  });

  it('cuts times by their unit', () => {
    const rows = texts({ type: 'line', x: 'day', xUnit: 'month', y: 'revenue', aggregate: 'mean' });
    expect(rows.map(([x]) => x)).toEqual(['2026-01-01', '2026-02-01', '2026-03-01']);
  });

  it.each(['count', 'sum', 'mean', 'median', 'min', 'max', 'distinct'] as const)('knows %s', (aggregate) => {
    const words = {
      count: 'count(units)',
      sum: 'sum(units)',
      mean: 'avg(units)',
      median: 'median(units)',
      min: 'min(units)',
      max: 'max(units)',
      distinct: 'count(DISTINCT units)',
    };
    const [[, y]] = texts({ type: 'bar', x: 'region', y: 'units', aggregate, sort: 'x' }) as [[string, string]];
    expect([y]).toEqual(
      toRows(
        duckdb.query(`SELECT CAST(${words[aggregate]} AS DOUBLE) FROM sales GROUP BY region ORDER BY region LIMIT 1`)
          .batches,
      )[0],
    );
  });

  it('counts rows when no measure is chosen', () => {
    expect(texts({ type: 'bar', x: 'region', sort: '-y' }).map(([, y]) => y)).toEqual(['2000.0', '2000.0', '2000.0']);
  });

  it('bins numbers into round bins that hold every row', () => {
    const rows = chartRows(ask({ type: 'histogram', x: 'id' }).table.batches);
    expect(rows.reduce((sum, row) => sum + Number(row['y']), 0)).toBe(6000);
    expect(rows[0]).toEqual({ x: 0, x2: 500, y: 500 });
    expect(rows.length).toBe(12);
  });

  it('bins a constant, and leaves out NaN and infinity', () => {
    duckdb.query("CREATE OR REPLACE TABLE odd AS SELECT unnest([5.0::DOUBLE, 5.0, 'nan', 'inf', NULL]::DOUBLE[]) AS v");
    const query = chartQuery(specOf({ from: 'odd', type: 'histogram', x: 'v' }), {
      columns: [{ name: 'v', type: 'DOUBLE' }],
      rows: 5,
      complete: true,
    });
    expect(chartRows(duckdb.query(query.ok ? query.sql : '').batches).map((row) => row['y'])).toEqual([2]);
  });

  it('gives a box its five quantiles', () => {
    const [row] = chartRows(ask({ type: 'box', y: 'units' }).table.batches);
    expect(row).toEqual({ lo: 0, q1: 1, q2: 3, q3: 5, hi: 6, n: 6000 });
  });

  it('keeps a number exact', () => {
    const exact = duckdb.query('SELECT sum(revenue) FROM sales').batches;
    expect(texts({ type: 'number', y: 'revenue', aggregate: 'sum' })).toEqual(toRows(exact));
    expect(texts({ type: 'number' })).toEqual([['6000']]);
  });

  it('draws single rows as they are, up to a sample, and says so', () => {
    const { table, warnings } = ask({ type: 'point', x: 'units', y: 'revenue' });
    expect(table.numRows).toBe(mostMarks);
    expect(warnings).toEqual(['Drawn from a sample of 5,000 of 6,000 rows.']);
    expect(ask({ type: 'point', x: 'units', y: 'revenue' }, { rows: 100 }).warnings).toEqual([]);
  });

  it('never totals a truncated source without a word', () => {
    const cut = { complete: false, rows: 6000 };
    expect(ask({ type: 'bar', x: 'region', y: 'units', aggregate: 'sum' }, cut).warnings).toEqual([
      'sales holds its first 6,000 rows only: every sum here is of those, not of all.',
    ]);
    expect(ask({ type: 'number' }, cut).warnings[0]).toContain('every count');
    expect(ask({ type: 'bar', x: 'region', y: 'units', aggregate: 'sum' }).warnings).toEqual([]);
  });

  it('quotes whatever names a table and its columns have', () => {
    const evil = '"; DROP TABLE sales; --';
    duckdb.query(`CREATE TABLE "${evil.replaceAll('"', '""')}" AS SELECT 1 AS "${evil.replaceAll('"', '""')}"`);
    const query = chartQuery(specOf({ from: evil, type: 'bar', x: evil, y: evil, color: evil, aggregate: 'sum' }), {
      columns: [{ name: evil, type: 'INTEGER' }],
      rows: 1,
      complete: true,
    });
    expect(chartRows(duckdb.query(query.ok ? query.sql : '').batches)).toEqual([{ x: 1, color: '1', y: 1 }]);
    expect(duckdb.query('SELECT count(*) FROM sales').numRows).toBe(1);
  });

  it.each([
    [{ from: '' }, 'Choose the cell whose rows to draw.'],
    [{ type: 'line' }, 'Choose a column for X.'],
    [{ type: 'arc' }, 'Choose a column whose values become the slices.'],
    [{ type: 'box' }, 'Choose a column for Y.'],
    [{ type: 'line', x: 'gone' }, 'sales has no column gone (any more). Choose another.'],
    [{ type: 'bar', x: 'day', y: 'region', aggregate: 'sum' }, 'region is no number, so it has no sum.'],
  ] as [Partial<ChartSpec>, string][])('says what is missing: %o', (given, words) => {
    expect(reason(given)).toBe(words);
  });
});

/** Compiles and draws without a screen, as the page does: interpreted, with nothing to load from. */
async function draw(
  spec: TopLevelSpec,
): Promise<{ marks: Record<string, number>; warnings: string[]; labels: string[] }> {
  const warnings: string[] = [];
  const logger = {
    ...vega.logger(vega.None),
    level: () => logger,
    warn: (...words: unknown[]) => (warnings.push(words.join(' ')), logger),
  } as never;
  const loader = { load: () => Promise.reject(new Error('nothing may be loaded')) } as never;
  const view = new vega.View(
    vega.parse(compile({ ...spec, width: 400, height: 200 } as TopLevelSpec, { logger }).spec, undefined, {
      ast: true,
    }),
    {
      expr: expressionInterpreter,
      renderer: 'none',
      loader,
      logger,
    },
  );
  await view.runAsync();
  const marks: Record<string, number> = {};
  const labels: string[] = [];
  const walk = (item: { marktype?: string; role?: string; items?: unknown[] }) => {
    if (item.role === 'axis-label') labels.push(...(item.items as { text: string }[]).map(({ text }) => text));
    if (item.role === 'mark' && item.marktype)
      marks[item.marktype] = (marks[item.marktype] ?? 0) + (item.items?.length ?? 0);
    for (const child of item.items ?? []) walk(child as never);
  };
  walk((view.scenegraph() as unknown as { root: never }).root);
  view.finalize();
  return { marks, warnings, labels };
}

function drawn(given: Partial<ChartSpec>) {
  const { table } = ask(given);
  return draw(toVegaLite(specOf(given), columnsOf(table.schema), chartRows(table.batches)));
}

describe('toVegaLite', () => {
  it.each(ChartType.options.filter((type) => type !== 'number'))('draws %s without a complaint', async (type) => {
    const y = type === 'heat' ? 'region' : 'units';
    const { marks, warnings } = await drawn({
      type,
      x: type === 'box' || type === 'arc' ? 'region' : 'day',
      y,
      aggregate: type === 'heat' ? 'none' : 'sum',
      title: 'Sales',
    });
    expect(warnings).toEqual([]);
    expect(Object.values(marks).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
  });

  it.each(['line', 'bar', 'area', 'point', 'histogram', 'arc'] as const)('draws %s in colours', async (type) => {
    const { warnings } = await drawn({ type, x: 'day', y: 'units', aggregate: 'sum', color: 'region', stack: false });
    expect(warnings).toEqual([]);
  });

  it('writes the times of an axis with hours of 24', async () => {
    const { schema, batches } = duckdb.query(
      "SELECT TIMESTAMP '2026-11-21 21:48' + to_minutes(i) AS x, i AS y FROM range(4) t(i)",
    );
    const spec = specOf({ type: 'line', x: 'at', y: 'n' });
    const { labels, warnings } = await draw(toVegaLite(spec, columnsOf(schema), chartRows(batches)));
    expect(labels).toContain('21:50');
    expect(warnings).toEqual([]);
  });

  it('draws a bar a group', async () => {
    expect((await drawn({ type: 'bar', x: 'region', y: 'units', aggregate: 'sum' })).marks['rect']).toBe(3);
  });

  it('draws a bar a bin', async () => {
    expect((await drawn({ type: 'histogram', x: 'id' })).marks['rect']).toBe(12);
  });

  it('names a few lines at their ends, and many in a legend', async () => {
    const few = specOf({ type: 'line', x: 'day', y: 'units', aggregate: 'sum', color: 'region' });
    const { table } = ask(few);
    const rows = chartRows(table.batches);
    expect((await draw(toVegaLite(few, columnsOf(table.schema), rows))).marks['text']).toBe(3);
    const many = rows.flatMap((row) =>
      Array.from({ length: 4 }, (_, index) => ({ ...row, color: `${row['color']}${index}` })),
    );
    expect((await draw(toVegaLite(few, columnsOf(table.schema), many))).marks['text']).toBeUndefined();
  });

  it('takes words of people as words', async () => {
    const hostile = specOf({ type: 'bar', x: 'region', title: '{"url":"http://elsewhere"}', subtitle: 'datum.x' });
    const text = JSON.stringify(
      toVegaLite(
        hostile,
        [
          { name: 'x', type: 'VARCHAR' },
          { name: 'y', type: 'DOUBLE' },
        ],
        [{ x: '<img src=x onerror=1>', y: 1 }],
      ),
    );
    const parsed = JSON.parse(text) as Record<string, unknown>;
    delete parsed['$schema'];
    const keys = JSON.stringify(parsed, (key, value: unknown) =>
      ['url', 'href', 'signal', 'transform', 'params', 'usermeta'].includes(key) ? expect.fail(key) : value,
    );
    expect(keys).toBeTruthy();
  });
});

describe('suggestChart', () => {
  it.each([
    ['a measure over time', ['DATE', 'VARCHAR', 'BIGINT'], { type: 'line', x: 'c0', y: 'c2' }],
    ['a measure by group', ['VARCHAR', 'DOUBLE'], { type: 'bar', x: 'c0', y: 'c1', sort: '-y' }],
    ['two measures', ['DOUBLE', 'DOUBLE'], { type: 'point', x: 'c0', y: 'c1' }],
    ['one measure', ['DOUBLE'], { type: 'histogram', x: 'c0' }],
    ['rows by group', ['VARCHAR'], { type: 'bar', x: 'c0', aggregate: 'count' }],
  ])('%s', (_, types, expected) => {
    expect(
      suggestChart(
        't',
        types.map((type, index) => ({ name: `c${index}`, type })),
      ),
    ).toMatchObject({ from: 't', ...expected });
  });
});
