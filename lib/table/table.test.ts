import { beforeAll, describe, expect, it, vi } from 'vitest';
import { openDuckDB, type TestDuckDB } from '#lib/testing/duckdb.ts';
import { csvHeader, csvLines } from './csv.ts';
import { formatBytes, formatCount, formatDuration, formatNumber, formatText, groupDigits } from './format.ts';
import { hashTable, hashText } from './hash.ts';
import { kindOf } from './kind.ts';
import { profileColumn } from './profile.ts';
import { numberReader } from './value.ts';

vi.setConfig({ hookTimeout: 120_000, testTimeout: 60_000 }); // DuckDB is compiled first, on a machine that may be busy

let duckdb: TestDuckDB;
beforeAll(async () => {
  duckdb = await openDuckDB();
});

const hashOf = (sql: string) => {
  const table = duckdb.query(sql);
  return hashTable(table.schema, table.batches);
};

describe('hashTable', () => {
  it('does not depend on how rows are cut into batches', () => {
    const table = duckdb.query("SELECT i, 'r' || i AS s, if(i % 7 = 0, NULL, i / 3) AS d FROM range(3000) t(i)");
    const whole = hashTable(table.schema, table.batches);
    const cut = table.batches.flatMap((batch) => [batch.slice(0, 1), batch.slice(1, 1500), batch.slice(1500)]);
    expect(hashTable(table.schema, cut)).toBe(whole);
    expect(whole).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is the same for an enum and the text it stands for, but for its type', () => {
    const rows = "(VALUES ('a'), ('b'), (NULL))";
    expect(hashOf(`SELECT x::ENUM('b','a') AS x FROM ${rows} t(x)`)).toBe(hashOf(`SELECT x FROM ${rows} t(x)`));
  });

  it.each([
    ['a value', 'SELECT 1 AS a', 'SELECT 2 AS a'],
    ['a type', 'SELECT 1 AS a', 'SELECT 1::BIGINT AS a'],
    ['a name', 'SELECT 1 AS a', 'SELECT 1 AS b'],
    ['the order', 'SELECT * FROM (VALUES (1), (2)) t(a)', 'SELECT * FROM (VALUES (2), (1)) t(a)'],
    ['NULL and the text NULL', "SELECT 'NULL' AS a", 'SELECT NULL::VARCHAR AS a'],
    ['where one value ends', "SELECT 'a' AS a, 'bc' AS b", "SELECT 'ab' AS a, 'c' AS b"],
    ['the last digit of a BIGINT', 'SELECT 9007199254740993 AS a', 'SELECT 9007199254740992 AS a'],
    ['one microsecond', "SELECT TIMESTAMP '2026-01-01 00:00:00.000001' AS a", "SELECT TIMESTAMP '2026-01-01' AS a"],
  ])('tells apart %s', (_, one, other) => {
    expect(hashOf(one)).not.toBe(hashOf(other));
  });

  it('gives the SHA-256 everyone knows', () => {
    expect(hashText('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

describe('CSV', () => {
  const csv = (sql: string) => {
    const table = duckdb.query(sql);
    return csvHeader(table.schema) + table.batches.map(csvLines).join('');
  };

  it('quotes what needs it, and tells NULL from an empty text', () => {
    expect(csv(`SELECT 'a,b' AS "x,y", 'say "hi"' AS q, 'two\nlines' AS l, NULL AS n, '' AS e, ' s' AS s`)).toBe(
      '"x,y",q,l,n,e,s\r\n"a,b","say ""hi""","two\nlines",,""," s"\r\n',
    );
  });

  it('guards text and names against being formulas', () => {
    expect(csv(`SELECT '=1+1' AS "=a", '+x' AS b, '-x' AS c, '@x' AS d, '\tx' AS e, ['=1'] AS f`)).toBe(
      `'=a,b,c,d,e,f\r\n'=1+1,'+x,'-x,'@x,'\tx,['=1']\r\n`,
    );
  });

  it('keeps numbers and times exact', () => {
    expect(
      csv("SELECT -9007199254740993 AS a, -1.10::DECIMAL(38,2) AS b, DATE '0044-03-15 (BC)' AS c, -0.5::DOUBLE AS d"),
    ).toBe('a,b,c,d\r\n-9007199254740993,-1.10,0044-03-15 (BC),-0.5\r\n');
  });
});

describe('profileColumn', () => {
  const profile = (expression: string, rows: number, limit?: number) =>
    profileColumn(duckdb.query(`SELECT ${expression} AS v FROM range(${rows}) t(i)`).batches, 0, limit);

  it('counts nulls, different values and the most frequent', () => {
    expect(profile("if(i % 4 = 0, NULL, if(i % 4 = 1, 'odd', 'rest'))", 1000)).toMatchObject({
      rows: 1000,
      seen: 1000,
      nulls: 250,
      distinct: 2,
      isDistinctExact: true,
      top: [
        { text: 'rest', count: 500 },
        { text: 'odd', count: 250 },
      ],
      min: null,
      bins: [],
    });
  });

  it('gives exact ends of big numbers and bins that hold every value', () => {
    const found = profile('9007199254740993 + i', 1000);
    expect(found).toMatchObject({ min: '9007199254740993', max: '9007199254741992', distinct: 1000 });
    expect(found.bins).toHaveLength(24);
    expect(found.bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(1000);
  });

  it('gives a small range of whole numbers a bin each', () => {
    expect(profile('i % 3', 9).bins).toEqual(
      [0, 1, 2].map((value) => ({ from: value, to: Math.min(2, value + 1), count: 3 })),
    );
  });

  it('says when it looked at some of the rows only', () => {
    const found = profile('i', 10_000, 1000);
    expect(found).toMatchObject({ rows: 10_000, seen: 1000, min: '0', max: '9990' });
  });

  it('stops counting different values where it would cost too much, and says so', () => {
    expect(profile("'v' || i", 20_000)).toMatchObject({ distinct: 10_000, isDistinctExact: false, top: [] });
  });

  it('leaves NaN and infinity out of the bins, and takes decimals and times', () => {
    expect(profile("if(i = 0, 'nan'::DOUBLE, if(i = 1, 'inf'::DOUBLE, i))", 5)).toMatchObject({
      min: '2.0',
      max: '4.0',
      distinct: 5,
    });
    expect(profile('(i / 2)::DECIMAL(38,2)', 3)).toMatchObject({ min: '0.00', max: '1.00' });
    const days = profile("DATE '2026-01-01' + i::INT", 10);
    expect(days).toMatchObject({ min: '2026-01-01', max: '2026-01-10' });
    expect(days.bins[0]!.from).toBe(Date.UTC(2026, 0, 1));
  });

  it('has nothing to say of no rows', () => {
    expect(profile('i', 0)).toMatchObject({ rows: 0, seen: 0, min: null, bins: [], top: [] });
  });
});

describe('numberReader', () => {
  it('reads decimals with their point and times in milliseconds', () => {
    const table = duckdb.query(
      "SELECT 1.25::DECIMAL(38,2) AS a, TIMESTAMP '1970-01-01 00:00:01.5' AS b, DATE '1970-01-02' AS c, 'x' AS d, NULL::INT AS e, 7 AS f",
    );
    const values = table.batches[0]!.data.children.map((data) => numberReader(data)(0));
    expect(values).toEqual([1.25, 1500, 86_400_000, null, null, 7]);
  });
});

describe('for people', () => {
  it.each([
    ['1234567.50', '1,234,567.50'],
    ['-1234', '-1,234'],
    ['999', '999'],
    ['170141183460469231731687303715884105727', '170,141,183,460,469,231,731,687,303,715,884,105,727'],
    ['1e+16', '1e+16'],
    ['nan', 'nan'],
    ['2026-01-02', '2026-01-02'],
  ])('%s is grouped as %s', (text, grouped) => {
    expect(groupDigits(text)).toBe(grouped);
  });

  it('shows a timestamp at midnight as its day, and text as it is', () => {
    expect(formatText('2026-01-02 00:00:00', 'TIMESTAMP')).toBe('2026-01-02');
    expect(formatText('2026-01-02 00:00:00+00', 'TIMESTAMP WITH TIME ZONE')).toBe('2026-01-02');
    expect(formatText('12345', 'VARCHAR')).toBe('12345');
    expect(formatText('12345', 'BIGINT')).toBe('12,345');
  });

  it('says counts, sizes, durations and numbers', () => {
    expect([formatCount(1, 'row'), formatCount(12_000, 'row')]).toEqual(['1 row', '12,000 rows']);
    expect([formatBytes(0), formatBytes(512), formatBytes(1536), formatBytes(5e9)]).toEqual([
      '0 B',
      '512 B',
      '1.5 KB',
      '4.7 GB',
    ]);
    expect([formatDuration(12.4), formatDuration(1500), formatDuration(125_000)]).toEqual([
      '12 ms',
      '1.5 s',
      '2 min 5 s',
    ]);
    expect([formatNumber(1234.5), formatNumber(0.1234), formatNumber(12)]).toEqual(['1,235', '0.123', '12']);
  });

  it.each([
    ['BIGINT', 'number'],
    ['DECIMAL(18,2)', 'number'],
    ['TIMESTAMP WITH TIME ZONE', 'time'],
    ['DATE', 'time'],
    ['TIME', 'text'],
    ['INTERVAL', 'text'],
    ['INTEGER[]', 'nested'],
    ['STRUCT(a INTEGER)', 'nested'],
    ['BOOLEAN', 'boolean'],
    ['VARCHAR', 'text'],
  ])('%s is %s', (type, kind) => {
    expect(kindOf(type)).toBe(kind);
  });
});
