import { describe, expect, test } from 'vitest';
import { PageError } from './error.ts';
import { distinct, schemaOf } from './field.ts';
import { typeSql } from './sql.ts';
import { parseType } from './type.ts';

describe('a type is read', () => {
  const cases: [text: string, base: string, numbers: number[], sql?: string][] = [
    ['bigint', 'bigint', []],
    ['varchar(25)', 'varchar', [25]],
    ['decimal(38, 4)', 'decimal', [38, 4]],
    ['decimal', 'decimal', [38, 0]],
    ['timestamp', 'timestamp', [3]],
    ['timestamp(9)', 'timestamp', [9]],
    ['timestamp(9) with time zone', 'timestamp with time zone', [9]],
    ['timestamp with time zone', 'timestamp with time zone', [3], 'timestamp(3) with time zone'],
    ['time(0) with time zone', 'time with time zone', [0]],
    ['INTERVAL YEAR TO MONTH', 'interval year to month', []],
    ['INTERVAL DAY TO SECOND', 'interval day to second', []],
    ['HyperLogLog', 'hyperloglog', []],
    ['qdigest(bigint)', 'qdigest', []],
    ['array(timestamp(12))', 'array', []],
    ['map(varchar(1), array(integer))', 'map', []],
    ['row(a bigint, "b c" decimal(38, 4))', 'row', [], 'row("a" bigint, "b c" decimal(38, 4))'],
    ['row(bigint, varchar(1))', 'row', []],
    ['row("a""b,)(" bigint)', 'row', []],
    [
      'row(timestamp timestamp(3) with time zone, interval INTERVAL DAY TO SECOND)',
      'row',
      [],
      'row("timestamp" timestamp(3) with time zone, "interval" INTERVAL DAY TO SECOND)',
    ],
    ['row(timestamp(3) with time zone, INTERVAL YEAR TO MONTH)', 'row', []],
    [
      'row(map map(bigint, bigint), x row(y row(z date)))',
      'row',
      [],
      'row("map" map(bigint, bigint), "x" row("y" row("z" date)))',
    ],
  ];
  test.each(cases)('%s', (text, base, numbers, sql = text) => {
    const type = parseType(text);
    expect([type.base, type.numbers, type.text]).toEqual([base, numbers, text]);
    expect(typeSql(type)).toBe(sql);
  });

  test('with the names of its fields', () => {
    const { children } = parseType('row(a bigint, "b ""c" decimal(38, 4), date date, varchar(3), double)');
    expect(children.map(({ name, type }) => [name, type.text])).toEqual([
      ['a', 'bigint'],
      ['b "c', 'decimal(38, 4)'],
      ['date', 'date'],
      [null, 'varchar(3)'],
      [null, 'double'],
    ]);
  });
});

describe('what is no type is refused', () => {
  const bad = [
    '',
    '(',
    'array',
    'array()',
    'array(bigint',
    'array(bigint))',
    'map(bigint)',
    'row()',
    'row',
    'decimal(39, 0)',
    'decimal(5, 6)',
    'timestamp(13)',
    'bigint bigint',
    'row(a)b',
    "x'; DROP",
    'row("a bigint)',
    '5',
  ];
  test.each(bad)('%s', (text) => expect(() => parseType(text)).toThrow(PageError));

  test('one nested too deep', () => {
    expect(() => parseType(`${'array('.repeat(100_000)}bigint${')'.repeat(100_000)}`)).toThrow(/nested more than 100/);
  });
});

test('names are told apart as DuckDB does', () => {
  expect(distinct(['a', 'A', 'a_1', 'b', 'a'])).toEqual(['a', 'A_1', 'a_1_1', 'b', 'a_2']);
  const { names } = schemaOf([
    { name: 'n', type: 'bigint' },
    { name: 'N', type: 'date' },
  ]);
  expect(names).toEqual(['n', 'N_1']);
});
