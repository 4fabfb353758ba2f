import { tableFromIPC, tableToIPC, Table } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gather } from '#kernels/contract.ts';
import type { Relation } from '#kernels/kernel.ts';
import { columnsOf } from '#lib/table/column.ts';
import { toRows } from '#lib/table/text.ts';
import { WarehouseKernel } from './kernel.ts';

/*
 * SECURITY 14: numbers, times and all else are exact. Every type goes engine → Arrow → text and must read as DuckDB's own
 * CAST to VARCHAR of the same value; then it goes back into the engine as a relation and must still read so.
 */

const kernel = new WarehouseKernel();
afterAll(() => kernel.close());

const corpus: [type: string, values: string[]][] = [
  ['BOOLEAN', ['true', 'false']],
  ['TINYINT', ['-128', '127']],
  ['SMALLINT', ['-32768', '32767']],
  ['INTEGER', ['-2147483648', '2147483647']],
  ['BIGINT', ['-9223372036854775808', '9223372036854775807', '9007199254740993']],
  ['UTINYINT', ['0', '255']],
  ['USMALLINT', ['65535']],
  ['UINTEGER', ['4294967295']],
  ['UBIGINT', ['18446744073709551615']],
  ['HUGEINT', ['170141183460469231731687303715884105727', '-170141183460469231731687303715884105727']],
  ['UHUGEINT', ['340282366920938463463374607431768211455', '0']],
  ['FLOAT', ['0.1', `'nan'`, `'inf'`, `'-inf'`, '3.4028235e38', '-0.0', '1e-45']],
  ['DOUBLE', ['0.1', `'nan'`, `'inf'`, `'-inf'`, '1e308', '5e-324', '123456789.123456789', '1e15', '1e16', '-0.0']],
  ['DECIMAL(4,2)', ['99.99', '-99.99', '0.05']],
  ['DECIMAL(9,3)', ['999999.999', '-0.001']],
  ['DECIMAL(18,2)', ['9999999999999999.99', '-0.01']],
  ['DECIMAL(38,10)', ['1234567890123456789012345678.0123456789', '-0.0000000001']],
  ['DECIMAL(38,0)', ['99999999999999999999999999999999999999']],
  ['DECIMAL(38,37)', [`'1.2345678901234567890123456789012345678'`, `'-0.0000000000000000000000000000000000001'`]],
  ['DATE', [`'2024-02-29'`, `'0001-01-01'`, `'1969-12-31'`, `'9999-12-31'`, `'0044-03-15 (BC)'`]],
  ['TIME', [`'00:00:00'`, `'23:59:59.999999'`, `'12:34:56.5'`]],
  ['TIME WITH TIME ZONE', [`'12:34:56.7+02:00'`, `'00:00:00-11:30'`]],
  ['TIMESTAMP', [`'2024-02-29 12:34:56.123456'`, `'1969-12-31 23:59:59.999999'`, `'2024-01-01'`, `'infinity'`]],
  ['TIMESTAMP_S', [`'2024-02-29 12:34:56'`]],
  ['TIMESTAMP_MS', [`'2024-02-29 12:34:56.123'`]],
  ['TIMESTAMP_NS', [`'2024-02-29 12:34:56.123456789'`]],
  ['TIMESTAMP WITH TIME ZONE', [`'2024-02-29 12:34:56.123456+00'`, `'2024-07-01 00:00:00+02'`]],
  ['INTERVAL', [`'1 month 2 days 3 seconds'`, `'-1 year'`, `'0.000001 seconds'`, `'400 days 25 hours'`]],
  [
    'VARCHAR',
    [
      `''`,
      `'a'`,
      `'twelve bytes'`,
      `'thirteen byte'`,
      `'ünïcödé 🦆 and longer than twelve'`,
      `'line' || chr(10) || 'two'`,
    ],
  ],
  ['BLOB', [`''::BLOB`, `'\\xAA\\x00'::BLOB`, `'a long enough blob to lie elsewhere'::BLOB`]],
  ['UUID', [`'550e8400-e29b-41d4-a716-446655440000'`, `'ffffffff-ffff-ffff-ffff-ffffffffffff'`]],
  [`ENUM('a', 'b', 'longer than twelve bytes')`, [`'a'`, `'longer than twelve bytes'`]],
  ['JSON', [`'{"a": [1, null]}'`]],
  ['BIT', [`'10101'`, `'0'`, `'111111111'`]],
  ['BIGNUM', ['123456789012345678901234567890123456789012345', '-1']],
  ['INTEGER[]', ['[1, 2, NULL]', '[]']],
  ['VARCHAR[]', [`['a', 'a much longer item', NULL, '']`]],
  ['INTEGER[][]', ['[[1], [], NULL, [2, 3]]']],
  ['INTEGER[3]', ['[1, 2, 3]', '[NULL, 5, 6]']],
  ['DECIMAL(5,2)[]', ['[1.5, NULL]']],
  ['STRUCT(a INTEGER, b VARCHAR)', [`{'a': 1, 'b': 'x'}`, `{'a': NULL, 'b': NULL}`]],
  ['STRUCT(a INTEGER, b STRUCT(c DATE)[])', [`{'a': 1, 'b': [{'c': DATE '2024-01-01'}]}`]],
  ['MAP(VARCHAR, INTEGER)', [`MAP {'k': 1, 'l': NULL}`, 'MAP {}']],
  ['UNION(num INTEGER, str VARCHAR)', [`union_value(num := 2)`, `union_value(str := 'two')`]],
];

/** Each value twice, NULLs between and around, in an order that tells rows apart. */
function source(type: string, values: string[], index: number): string {
  const rows = [...values, 'NULL', ...values, 'NULL'].map((value, at) => `(${at}, CAST(${value} AS ${type}))`);
  const columns = `v AS v${index}, CAST(v AS VARCHAR) AS t${index}`;
  return `(SELECT ${columns} FROM (VALUES ${rows.join(', ')}) x(i, v) ORDER BY i)`;
}

async function run(sql: string, relations: Record<string, Relation> = {}) {
  const { batches, schema, error } = await gather(kernel, { name: 'cell', source: sql }, { parameters: {}, relations });
  expect(error, sql).toBeNull();
  return { batches, schema, texts: toRows(batches), types: columnsOf(schema!).map((column) => column.type) };
}

type Ran = Awaited<ReturnType<typeof run>>;
let direct: Ran;
let again: Ran;
beforeAll(async () => {
  const all = corpus.map(([type, values], index) => source(type, values, index)).join(' POSITIONAL JOIN ');
  direct = await run(`SELECT * FROM ${all}`);
  const ipc = tableToIPC(tableFromIPC(tableToIPC(new Table(direct.batches))), 'stream');
  const sent: Relation = { kind: 'arrow', hash: '', complete: true, ipc: () => Promise.resolve(ipc) };
  const back = corpus.map((_, index) => `v${index}, CAST(v${index} AS VARCHAR), t${index}`).join(', ');
  again = await run(`SELECT ${back} FROM sent`, { sent });
});

const cases = corpus.map(([type, values], index) => ({ type, rows: values.length * 2 + 2, index }));
const plain = (type: string) => type.toUpperCase().replaceAll('"', '');

describe('a value reads the same in Arrow as in the engine', () => {
  test.each(cases)('$type', ({ type, rows, index }) => {
    const values = direct.texts.slice(0, rows).map((row) => row[index * 2]);
    expect(values.filter((value) => value === null)).toHaveLength(2);
    expect(values).toEqual(direct.texts.slice(0, rows).map((row) => row[index * 2 + 1]));
    expect(plain(direct.types[index * 2]!)).toBe(plain(type));
  });
});

describe('and still does when it was sent to the engine again', () => {
  /** ENUM comes back as text, UNION as the text of its value. */
  const isText = /^(UNION|ENUM)/;
  test.each(cases)('$type', ({ type, rows, index }) => {
    const texts = again.texts.slice(0, rows);
    expect(texts.map((row) => row[index * 3 + 1])).toEqual(texts.map((row) => row[index * 3 + 2]));
    const expected = isText.test(type) ? 'VARCHAR' : type === 'HUGEINT' ? 'DECIMAL(38,0)' : type;
    expect(plain(again.types[index * 3]!)).toBe(plain(expected));
  });
});

describe('many rows', () => {
  test('validity, text and lists stay in step over chunks and batches', async () => {
    const { batches } = await run(`
      SELECT CAST(v AS VARCHAR), CAST(v AS VARCHAR) FROM (
        SELECT CASE WHEN i % 7 = 0 THEN NULL ELSE {
          's': CASE WHEN i % 3 = 0 THEN NULL ELSE repeat('x', (i % 30)::INT) || i END,
          'l': CASE WHEN i % 5 = 0 THEN NULL ELSE range(i % 4) END,
          'b': i % 2 = 0 } END AS v
        FROM range(70001) t(i))`);
    expect(toRows(batches)).toHaveLength(70_001);
    const direct = await run(`
      SELECT s, CAST(s AS VARCHAR), l, CAST(l AS VARCHAR), b, CAST(b AS VARCHAR) FROM (
        SELECT CASE WHEN i % 3 = 0 THEN NULL ELSE repeat('x', (i % 30)::INT) || i END AS s,
          CASE WHEN i % 5 = 0 THEN NULL ELSE range(i % 4) END AS l,
          CASE WHEN i % 11 = 0 THEN NULL ELSE i % 2 = 0 END AS b
        FROM range(70001) t(i)) WHERE hash(s) % 3 <> 0 OR s IS NULL`);
    const rows = toRows(direct.batches);
    expect(rows.length).toBeGreaterThan(40_000);
    const differing = rows.filter((row) => row[0] !== row[1] || row[2] !== row[3] || row[4] !== row[5]);
    expect(differing).toEqual([]);
  });

  test('two columns of one name are told apart', async () => {
    const { schema } = await run('SELECT 1 AS a, 2 AS a, 3 AS "A"');
    expect(schema!.names).toEqual(['a', 'a_1', 'A_2']);
  });
});
