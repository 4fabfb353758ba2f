import { describe, expect, test } from 'vitest';
import { hintsFor, many, wide, type Facts, type FactTable } from './hint.ts';

const purchase: FactTable = {
  name: 'iceberg.shop.purchase',
  columns: 6,
  partitioning: ['day(paid_at)'],
  restricted: ['paid_at'],
  rows: 9_841_206,
  bytes: 1_200_000_000,
};
const facts = (more: Partial<Facts> = {}): Facts => ({
  source: 'SELECT amount FROM iceberg.shop.purchase',
  tables: [purchase],
  rows: 10,
  plan: null,
  ...more,
});
const codes = (more: Partial<Facts>) => hintsFor(facts(more)).map((hint) => hint.code);
const of = (more: Partial<FactTable>) => ({ tables: [{ ...purchase, ...more }] });

test('nothing is said of a query that reads one part of a narrow table', () => {
  expect(hintsFor(facts())).toEqual([]);
});

describe('a partitioned table that is read whole', () => {
  test('is named, with what it is cut by, what that reads, and what to add', () => {
    expect(hintsFor(facts(of({ restricted: ['amount'] })))).toEqual([
      {
        code: 'no-partition',
        message:
          'iceberg.shop.purchase is cut by day(paid_at), and nothing restricts that: all of it is read, about 1.1 GB.',
        act: 'Add a condition on paid_at.',
      },
    ]);
  });

  test('is not, when one of the columns is restricted, however it is written', () => {
    expect(codes(of({ partitioning: ['region', 'day("Paid_At")'], restricted: ['PAID_AT'] }))).toEqual([]);
  });

  test('offers each column, and no size where none is known', () => {
    const [hint] = hintsFor(facts(of({ partitioning: ['region', 'hour(paid_at)'], restricted: [], bytes: null })));
    expect(hint).toMatchObject({ act: 'Add a condition on region or paid_at.' });
    expect(hint!.message).toMatch(/all of it is read\.$/);
  });

  test('is not, when the table is not cut', () => {
    expect(codes(of({ partitioning: [], restricted: [] }))).toEqual([]);
  });

  test('is each of two such tables', () => {
    const other = { ...purchase, name: 'iceberg.shop.visit', restricted: [] };
    expect(codes({ tables: [{ ...purchase, restricted: [] }, other] })).toEqual(['no-partition', 'no-partition']);
  });
});

describe('SELECT * of a wide table', () => {
  const wideTable = of({ columns: wide + 1 });
  test.each([
    'SELECT * FROM iceberg.shop.purchase',
    'select\n*\nfrom purchase',
    'SELECT DISTINCT * FROM shop."purchase"',
    'SELECT p.* FROM iceberg.shop.purchase p',
    'SELECT 1 AS one, * FROM n, purchase',
    'SELECT * FROM nation JOIN "iceberg"."shop"."purchase" USING (id)',
    "WITH x AS (SELECT '(' AS y) SELECT * FROM purchase -- (",
  ])('%s', (source) => {
    expect(hintsFor(facts({ source, ...wideTable }))).toMatchObject([
      { code: 'select-star', message: 'SELECT * reads all 21 columns of iceberg.shop.purchase.' },
    ]);
  });

  test.each([
    ['counts only', 'SELECT count(*) FROM purchase'],
    ['multiplies', 'SELECT amount * 2 FROM purchase'],
    ['is in a string', "SELECT 'SELECT *' FROM purchase"],
    ['is in a comment', 'SELECT amount /* SELECT * */ FROM purchase'],
    ['is within, where the engine leaves out what nobody asks for', 'SELECT amount FROM (SELECT * FROM purchase)'],
    ['is of something narrower', 'WITH x AS (SELECT amount FROM purchase) SELECT * FROM x'],
  ])('not when the star %s', (_, source) => {
    expect(codes({ source, ...wideTable })).toEqual([]);
  });

  test('not when the table is narrow or not known', () => {
    const source = 'SELECT * FROM purchase';
    expect(codes({ source, ...of({ columns: wide }) })).toEqual([]);
    expect(codes({ source, ...of({ columns: null }) })).toEqual([]);
  });
});

describe('a cross join', () => {
  test('is what the plan says, though the text does not', () => {
    const [hint] = hintsFor(facts({ source: 'SELECT 1 FROM a, b', plan: '{"name": "CrossJoin"}' }));
    expect(hint).toMatchObject({ code: 'cross-join', message: expect.stringContaining('The plan has a cross join') });
  });

  test('is not what only the text says, when the plan has made a join of it', () => {
    const source = 'SELECT 1 FROM a CROSS JOIN b WHERE a.id = b.id';
    expect(codes({ source, plan: '{"name": "InnerJoin"}' })).toEqual([]);
  });

  test('is what the text says where there is no plan', () => {
    const [hint] = hintsFor(facts({ source: 'SELECT 1 FROM a cross\njoin b' }));
    expect(hint!.message).toContain('The text has a CROSS JOIN');
  });

  test.each([
    'SELECT 1 FROM a CROSS JOIN UNNEST(a.items) AS t (item)',
    "SELECT 'CROSS JOIN' FROM a",
    'SELECT 1 FROM "cross" JOIN b USING (id)',
  ])('is not %s', (source) => {
    expect(codes({ source })).toEqual([]);
  });
});

describe('an answer without an end', () => {
  test('is named with its rows', () => {
    expect(hintsFor(facts({ rows: 9_841_206.4 }))).toMatchObject([
      { code: 'unlimited', message: 'The answer has about 9,841,206 rows and no LIMIT.' },
    ]);
  });

  test.each([
    ['has few rows', { rows: many - 1 }],
    ['has nobody knows how many', { rows: null }],
    ['is limited', { rows: many, source: 'SELECT 1 FROM purchase LIMIT 5000000' }],
    ['is limited otherwise', { rows: many, source: 'SELECT 1 FROM purchase FETCH FIRST 5 ROWS ONLY' }],
  ])('not when it %s', (_, more) => {
    expect(codes(more)).toEqual([]);
  });

  test('though something within it is limited, or is called so', () => {
    const within = 'SELECT 1 FROM purchase, (SELECT 1 LIMIT 1)';
    expect(codes({ rows: many, source: within })).toEqual(['unlimited']);
    expect(codes({ rows: many, source: 'SELECT "limit" FROM purchase' })).toEqual(['unlimited']);
  });
});

test('what reads most comes first', () => {
  const source = 'SELECT * FROM purchase CROSS JOIN b';
  expect(codes({ source, rows: many, ...of({ columns: 30, restricted: [] }) })).toEqual([
    'cross-join',
    'no-partition',
    'select-star',
    'unlimited',
  ]);
});
