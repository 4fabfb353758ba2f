import { RecordBatch, Schema, Table, tableToIPC } from 'apache-arrow';
import { schemaOf } from '#kernels/trino/arrow/field.ts';
import { unpack } from '#kernels/trino/arrow/pack.ts';
import { readPage } from '#kernels/trino/arrow/page.ts';

/** A column of every Trino type as its protocol tells it: two values, and the texts they have everywhere in Lodestar. */
export const everyType: [type: string, shown: string, values: unknown[], texts: string[]][] = [
  ['boolean', 'BOOLEAN', [true, false], ['true', 'false']],
  ['tinyint', 'TINYINT', [-128, 127], ['-128', '127']],
  ['smallint', 'SMALLINT', [-32768, 32767], ['-32768', '32767']],
  ['integer', 'INTEGER', [-2147483648, 2147483647], ['-2147483648', '2147483647']],
  ['bigint', 'BIGINT', [-9007199254740991, 42], ['-9007199254740991', '42']],
  ['real', 'FLOAT', [0.1, 'NaN'], ['0.1', 'nan']],
  ['double', 'DOUBLE', [5e-324, '-Infinity'], ['5e-324', '-inf']],
  ['decimal(4, 2)', 'DECIMAL(4,2)', ['99.99', '-0.05'], ['99.99', '-0.05']],
  ['decimal(38, 0)', 'DECIMAL(38,0)', ['9'.repeat(38), `-${'9'.repeat(38)}`], ['9'.repeat(38), `-${'9'.repeat(38)}`]],
  [
    'decimal(38, 10)',
    'DECIMAL(38,10)',
    ['1234567890123456789012345678.0123456789', '-0.0000000001'],
    ['1234567890123456789012345678.0123456789', '-0.0000000001'],
  ],
  ['varchar', 'VARCHAR', ['', 'ünï 🦆 "\\\n'], ['', 'ünï 🦆 "\\\n']],
  ['char(5)', 'CHAR(5)', ['a    ', '     '], ['a    ', '     ']],
  ['varbinary', 'BLOB', ['AP8=', ''], ['\\x00\\xFF', '']],
  ['date', 'DATE', ['-0044-03-15', '+12345-01-01'], ['0045-03-15 (BC)', '12345-01-01']],
  ['time(6)', 'TIME', ['23:59:59.999999', '00:00:00.000000'], ['23:59:59.999999', '00:00:00']],
  ['time(9)', 'TIME(9)', ['23:59:59.999999999', '00:00:00.000000000'], ['23:59:59.999999999', '00:00:00.000000000']],
  [
    'time(3) with time zone',
    'TIME WITH TIME ZONE',
    ['12:34:56.700+05:30', '00:00:00.000-11:00'],
    ['12:34:56.7+05:30', '00:00:00-11'],
  ],
  [
    'timestamp(6)',
    'TIMESTAMP',
    ['2024-02-29 12:34:56.123456', '-0044-03-15 00:00:00.000000'],
    ['2024-02-29 12:34:56.123456', '0045-03-15 (BC) 00:00:00'],
  ],
  [
    'timestamp(9)',
    'TIMESTAMP_NS',
    ['2024-02-29 12:34:56.123456789', '1677-09-22 00:00:00.000000001'],
    ['2024-02-29 12:34:56.123456789', '1677-09-22 00:00:00.000000001'],
  ],
  [
    'timestamp(9)',
    'TIMESTAMP(9)',
    ['9999-12-31 12:34:56.123456789', '2024-01-01 00:00:00.000000000'],
    ['9999-12-31 12:34:56.123456789', '2024-01-01 00:00:00.000000000'],
  ],
  [
    'timestamp(12)',
    'TIMESTAMP(12)',
    ['2024-02-29 12:34:56.123456789012', '-0044-03-15 00:00:00.000000000001'],
    ['2024-02-29 12:34:56.123456789012', '-0044-03-15 00:00:00.000000000001'],
  ],
  [
    'timestamp(3) with time zone',
    'TIMESTAMP WITH TIME ZONE',
    ['2020-07-01 12:00:00.123 Europe/Berlin', '2020-01-01 12:00:00.000 Europe/Berlin'],
    ['2020-07-01 10:00:00.123+00', '2020-01-01 11:00:00+00'],
  ],
  [
    'timestamp(3) with time zone',
    'TIMESTAMP(3) WITH TIME ZONE',
    ['2020-07-01 12:00:00.123 Europe/Berlin', '2020-01-01 12:00:00.000 +05:30'],
    ['2020-07-01 12:00:00.123 Europe/Berlin', '2020-01-01 12:00:00.000 +05:30'],
  ],
  ['interval year to month', 'INTERVAL', ['1-2', '-178956970-8'], ['1 year 2 months', '-178956970 years -8 months']],
  ['interval day to second', 'INTERVAL', ['-1 02:03:04.567', '0 00:00:00.000'], ['-1 day -02:03:04.567', '00:00:00']],
  ['json', 'JSON', ['{"a":[1,null]}', '"x"'], ['{"a":[1,null]}', '"x"']],
  [
    'uuid',
    'UUID',
    ['550e8400-e29b-41d4-a716-446655440000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
    ['550e8400-e29b-41d4-a716-446655440000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
  ],
  ['ipaddress', 'IPADDRESS', ['10.0.0.1', '2001:db8::1'], ['10.0.0.1', '2001:db8::1']],
  ['unknown', '"NULL"', [null, null], []],
  [
    'HyperLogLog',
    'HyperLogLog',
    ['AgwBAIADRAA=', 'AgwBAIADRAA='],
    ['\\x02\\x0C\\x01\\x00\\x80\\x03D\\x00', '\\x02\\x0C\\x01\\x00\\x80\\x03D\\x00'],
  ],
  ['Geometry', 'Geometry', ['POINT (1 2)', 'POINT EMPTY'], ['POINT (1 2)', 'POINT EMPTY']],
  ['array(integer)', 'INTEGER[]', [[1, null, 3], []], ['[1, NULL, 3]', '[]']],
  [
    'array(uuid)',
    'UUID[]',
    [['550e8400-e29b-41d4-a716-446655440000', null], []],
    ['[550e8400-e29b-41d4-a716-446655440000, NULL]', '[]'],
  ],
  [
    'array(timestamp(9))',
    'TIMESTAMP_NS[]',
    [['2024-02-29 12:34:56.123456789', null], []],
    [`['2024-02-29 12:34:56.123456789', NULL]`, '[]'],
  ],
  [
    'array(decimal(38, 2))',
    'DECIMAL(38,2)[]',
    [['-123456789012345678901234567890123456.78'], [null]],
    ['[-123456789012345678901234567890123456.78]', '[NULL]'],
  ],
  ['map(varchar, double)', 'MAP(VARCHAR, DOUBLE)', [{ a: 1.5, b: null }, {}], ['{a=1.5, b=NULL}', '{}']],
  [
    'map(date, array(boolean))',
    'MAP(DATE, BOOLEAN[])',
    [{ '2020-01-01': [true, null] }, {}],
    ['{2020-01-01=[true, NULL]}', '{}'],
  ],
  [
    'row(a bigint, "b c" varchar)',
    'STRUCT(a BIGINT, "b c" VARCHAR)',
    [
      [1, 'x'],
      [null, null],
    ],
    [`{'a': 1, 'b c': x}`, `{'a': NULL, 'b c': NULL}`],
  ],
  [
    'row(integer, row(x json, "1" interval day to second))',
    'STRUCT(field0 INTEGER, field1 STRUCT(x JSON, "1" INTERVAL))',
    [
      [1, ['{"a":1}', '1 00:00:00.000']],
      [2, null],
    ],
    [`{'field0': 1, 'field1': {'x': '{"a":1}', '1': 1 day}}`, `{'field0': 2, 'field1': NULL}`],
  ],
  [
    'array(row(b bigint, "2" varchar, "1" decimal(5, 2)))',
    'STRUCT(b BIGINT, "2" VARCHAR, "1" DECIMAL(5,2))[]',
    [[[1, 'x', '0.05'], null], []],
    [`[{'b': 1, '2': x, '1': 0.05}, NULL]`, '[]'],
  ],
];

/** All of them in one batch: the first values, the second, a row of nulls. */
export function everyTypeBatch(): { schema: Schema; batch: RecordBatch; texts: (string | null)[][]; shown: string[] } {
  const columns = everyType.map(([type], index) => ({ name: `v${index}`, type }));
  const rows = [0, 1].map((row) => everyType.map(([, , values]) => values[row])).concat([everyType.map(() => null)]);
  const page = new TextEncoder().encode(JSON.stringify({ columns, data: rows }));
  const { chosen, batches } = readPage(page, null);
  const schema = schemaOf(columns, chosen!.picks);
  const texts = [0, 1]
    .map((row) => everyType.map(([, , , texts]) => texts[row] ?? null))
    .concat([everyType.map(() => null)]);
  return { schema, batch: unpack(schema, batches[0]!), texts, shown: everyType.map(([, shown]) => shown) };
}

/** The batch as Arrow IPC, as a relation travels. */
export function everyTypeIpc(): Uint8Array {
  const { schema, batch } = everyTypeBatch();
  return tableToIPC(new Table(schema, [batch]), 'stream');
}
