import { Table as ArrowTable, tableToIPC } from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import { columnsOf } from '#lib/table/column.ts';
import { toRows } from '#lib/table/text.ts';
import { Decimal } from './decimal.ts';
import { show } from './show.ts';
import { Table, type Row } from './table.ts';
import { Timestamp } from './timestamp.ts';
import { toBatches } from './write.ts';

function written(rows: Row[], names?: string[]) {
  const batches = toBatches(rows, names);
  const columns = columnsOf(batches[0]!.schema).map(({ name, type }) => `${name} ${type}`);
  return { columns, rows: toRows(batches), batches };
}

describe('rows as Arrow', () => {
  const cases: [name: string, values: unknown[], type: string, texts: (string | null)[]][] = [
    ['numbers', [1, 2.5, null], 'DOUBLE', ['1.0', '2.5', null]],
    ['bigints', [1n, undefined, -(2n ** 63n)], 'BIGINT', ['1', null, '-9223372036854775808']],
    ['wide bigints', [2n ** 64n], 'HUGEINT', ['18446744073709551616']],
    ['numbers and bigints', [1, 2n], 'DOUBLE', ['1.0', '2.0']],
    ['text', ['', 'x'], 'VARCHAR', ['', 'x']],
    ['truth', [true, false, null], 'BOOLEAN', ['true', 'false', null]],
    ['dates', [new Date(Date.UTC(2024, 1, 29, 12)), new Date(NaN)], 'TIMESTAMP', ['2024-02-29 12:00:00', null]],
    ['microseconds', [new Timestamp(1_700_000_000_123_456_000n)], 'TIMESTAMP', ['2023-11-14 22:13:20.123456']],
    ['nanoseconds', [new Timestamp(1_700_000_000_123_456_789n)], 'TIMESTAMP_NS', ['2023-11-14 22:13:20.123456789']],
    ['decimals of two scales', [Decimal.from('1.5'), Decimal.from('-0.25')], 'DECIMAL(38,2)', ['1.50', '-0.25']],
    ['lists', [[1, 2n], { a: 1 }], 'VARCHAR', ['[1,"2"]', '{"a":1}']],
    ['mixed', [1, 'x', true], 'VARCHAR', ['1', 'x', 'true']],
    ['nothing', [null, undefined], 'VARCHAR', [null, null]],
  ];
  for (const [name, values, type, texts] of cases) {
    test(name, () => {
      const { columns, rows } = written(values.map((v) => ({ v })));
      expect(columns).toEqual([`v ${type}`]);
      expect(rows.flat()).toEqual(texts);
    });
  }

  test('keys come in the order they are first seen', () => {
    expect(written([{ b: 1 }, { a: 1, b: 2 }]).columns).toEqual(['b DOUBLE', 'a DOUBLE']);
  });

  test('no rows have the columns they were given', () => {
    expect(written([], ['n']).columns).toEqual(['n VARCHAR']);
  });

  test('many rows come in batches', () => {
    const { batches } = written(Array.from({ length: 100_000 }, (_, n) => ({ n })));
    expect(batches.map(({ numRows }) => numRows)).toEqual([65_536, 34_464]);
  });

  test('what was written reads back the same', () => {
    const rows = [{ b: 2n ** 62n, d: Decimal.from('12.50'), t: new Timestamp(-1n), s: 'x', f: 0.1, z: null }];
    const table = Table.fromIPC(tableToIPC(new ArrowTable(toBatches(rows)), 'stream'), true);
    const row = table.rows[0]!;
    expect([row['b'], String(row['d']), (row['t'] as Timestamp).nanoseconds, row['s'], row['f'], row['z']]).toEqual([
      2n ** 62n,
      '12.50',
      -1n,
      'x',
      0.1,
      null,
    ]);
  });
});

describe('Decimal', () => {
  test('keeps its digits as text and is a number in sums', () => {
    const value = Decimal.from('-12345678901234567890.05');
    expect(`${value}`).toBe('-12345678901234567890.05');
    expect(value.toString()).toBe('-12345678901234567890.05');
    expect(JSON.stringify({ value })).toBe('{"value":"-12345678901234567890.05"}');
    expect((Decimal.from('1.5') as unknown as number) * 2).toBe(3);
    expect(() => Decimal.from('x')).toThrow(RangeError);
  });
});

describe('Timestamp', () => {
  test('is the Date below it, also before 1970', () => {
    expect(new Timestamp(-1n).getTime()).toBe(-1);
    expect(new Timestamp(1_999_999n).getTime()).toBe(1);
  });

  test('forgets its nanoseconds when it is set anew', () => {
    const stamp = new Timestamp(1_500_000n);
    stamp.setTime(7);
    expect(stamp.nanoseconds).toBe(7_000_000n);
  });
});

describe('show', () => {
  const itself: Record<string, unknown> = { a: 1 };
  itself['self'] = itself;
  const cases: [value: unknown, type: string, text: string][] = [
    [1n, 'bigint', '1n'],
    [-0, 'number', '-0'],
    ['a\nb', 'string', 'a\nb'],
    [null, 'null', 'null'],
    [[1, 'x'], 'Array(2)', '[1, "x"]'],
    [new Map([['k', new Set([1])]]), 'Map(1)', '{ "k" => { 1 } }'],
    [itself, 'Object', '{ a: 1, self: (itself) }'],
    [Array.from({ length: 60 }, () => 0), 'Array(60)', `[${'0, '.repeat(50)}… 10 more]`],
    [{ 'odd key': { a: { b: { c: { d: 1 } } } } }, 'Object', '{ "odd key": { a: { b: { c: {…} } } } }'],
    [new Error('no'), 'Error', 'Error: no'],
    [Object.create(null), 'Object', '{}'],
    [
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('trap');
          },
        },
      ),
      'object',
      '(cannot be shown: trap)',
    ],
  ];
  for (const [value, type, text] of cases) test(text.slice(0, 60), () => expect(show(value)).toEqual({ type, text }));

  test('costs little, whatever it holds', () => {
    let looked = 0;
    const wide = new Proxy(
      {},
      {
        get: () => {
          looked++;
          return 1;
        },
        ownKeys: () => Array.from({ length: 10_000 }, (_, n) => `k${n}`),
        getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
      },
    );
    show(Array.from({ length: 1000 }, () => wide));
    expect(looked).toBeLessThan(1000);
  });
});
