import {
  Binary,
  Bool,
  DateDay,
  Decimal,
  Dictionary,
  Field,
  Float32,
  Int32,
  Int8,
  List,
  Struct,
  TimeMicrosecond,
  TimeUnit,
  Timestamp,
  Uint64,
  Uint8,
  Utf8,
  makeData,
  vectorFromArray,
} from 'apache-arrow';
import type { Data, DataType } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { typeKey } from '#lib/table/column.ts';
import { everyType, everyTypeBatch } from '#lib/testing/trino-types.ts';
import { trinoDays, trinoInstant, trinoMonths, trinoTime, trinoZonedTime } from './instant.ts';
import { literalReader, literalType } from './literal.ts';
import { LiteralError, quoteText } from './sql.ts';

const field = (type: DataType, engine?: string) =>
  new Field('c', type, true, engine ? new Map([[typeKey, engine]]) : null);

/** The literal of the first row. */
function literalOf(type: DataType, values: unknown[], engine?: string): string {
  return literalReader(field(type, engine), vectorFromArray(values as never[], type).data[0] as Data)(0);
}

const words = (type: DataType, ...values: bigint[]) =>
  makeData({ type, length: values.length, nullCount: 0, data: BigInt64Array.from(values) } as never) as Data;

describe('a text stays in its quotes', () => {
  const cases: [string, string][] = [
    ["it's", "'it''s'"],
    ["'; DROP TABLE x; --", "'''; DROP TABLE x; --'"],
    ['\\', "'\\'"],
    ['a\0b', "U&'a\\+000000b'"],
    ["\\'\n", "U&'\\\\''\\+00000a'"],
    ['\u2028\u202e', "U&'\\+002028\\+00202e'"],
    ['🦆', "'🦆'"],
    ['', "''"],
  ];
  test.each(cases)('%j', (text, literal) => expect(quoteText(text)).toBe(literal));

  test('whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const literal = quoteText(text);
        const inner = literal.replace(/^(U&)?'/, '').slice(0, -1);
        expect(inner.replaceAll("''", '')).not.toContain("'");
        const read = literal.startsWith('U&')
          ? inner
              .replaceAll("''", "'")
              .replaceAll(/\\(\\|\+([0-9a-f]{6}))/g, (_, mark: string, hex?: string) =>
                hex ? String.fromCodePoint(Number.parseInt(hex, 16)) : mark,
              )
          : inner.replaceAll("''", "'");
        expect(read).toBe(text);
      }),
    );
  });

  test('half a character is refused, and so are bytes that are no text', () => {
    expect(() => quoteText('\ud83e')).toThrow(LiteralError);
    const data = makeData({
      type: new Utf8(),
      length: 1,
      nullCount: 0,
      valueOffsets: Int32Array.of(0, 1),
      data: Uint8Array.of(255),
    });
    expect(() => literalReader(field(new Utf8()), data)(0)).toThrow(LiteralError);
  });
});

describe('what DuckDB made', () => {
  const cases: [DataType, unknown, string, string][] = [
    [new Bool(), true, 'true', 'boolean'],
    [new Int8(), -128, "TINYINT '-128'", 'tinyint'],
    [new Uint8(), 255, "SMALLINT '255'", 'smallint'],
    [new Int32(), 5, "INTEGER '5'", 'integer'],
    [new Uint64(), 18446744073709551615n, "CAST(DECIMAL '18446744073709551615' AS decimal(20, 0))", 'decimal(20, 0)'],
    [new Float32(), 0.1, "REAL '0.1'", 'real'],
    [new Utf8(), 'x', "CAST('x' AS varchar)", 'varchar'],
    [new Dictionary(new Utf8(), new Int32()), 'x', "CAST('x' AS varchar)", 'varchar'],
    [new Binary(), Uint8Array.of(0, 255), "from_base64('AP8=')", 'varbinary'],
    [
      new List(new Field('l', new Int32())),
      [1, null],
      "CAST(ARRAY[INTEGER '1', CAST(NULL AS integer)] AS array(integer))",
      'array(integer)',
    ],
    [
      new Struct([new Field('a"b', new Int32())]),
      { 'a"b': 1 },
      `CAST(ROW(INTEGER '1') AS row("a""b" integer))`,
      'row("a""b" integer)',
    ],
  ];
  test.each(cases)('%s', (type, value, literal, name) => {
    expect(literalOf(type, [value])).toBe(literal);
    expect(literalType(field(type))).toBe(name);
    expect(literalReader(field(type), vectorFromArray([null], type).data[0] as Data)(0)).toBe(`CAST(NULL AS ${name})`);
  });

  test('times of each unit', () => {
    const at = (type: DataType, value: bigint) => literalReader(field(type), words(type, value))(0);
    expect(at(new Timestamp(TimeUnit.SECOND), 0n)).toBe("TIMESTAMP '1970-01-01 00:00:00'");
    expect(at(new Timestamp(TimeUnit.MILLISECOND), -1n)).toBe("TIMESTAMP '1969-12-31 23:59:59.999'");
    expect(at(new Timestamp(TimeUnit.NANOSECOND), 1n)).toBe("TIMESTAMP '1970-01-01 00:00:00.000000001'");
    expect(at(new Timestamp(TimeUnit.MICROSECOND, 'UTC'), 1n)).toBe("TIMESTAMP '1970-01-01 00:00:00.000001 UTC'");
    expect(at(new Timestamp(TimeUnit.MICROSECOND, 'Europe/Berlin'), 0n)).toBe(
      "at_timezone(TIMESTAMP '1970-01-01 00:00:00.000000 UTC', 'Europe/Berlin')",
    );
    expect(at(new TimeMicrosecond(), 1n)).toBe("TIME '00:00:00.000001'");
    const day = makeData({ type: new DateDay(), length: 1, nullCount: 0, data: Int32Array.of(-719_529) });
    expect(literalReader(field(new DateDay()), day)(0)).toBe("DATE '-0001-12-31'");
  });

  test('text by its engine type', () => {
    expect(literalOf(new Utf8(), ['{"a":1}'], 'JSON')).toBe(`json_parse('{"a":1}')`);
    expect(literalOf(new Utf8(), ['550e'], 'UUID')).toBe("CAST('550e' AS uuid)");
    expect(literalOf(new Utf8(), ['1 day'], 'INTERVAL')).toBe("CAST('1 day' AS varchar)");
    expect(literalOf(new Utf8(), ['12:00:00.5+02'], 'TIME WITH TIME ZONE')).toBe("TIME '12:00:00.500000+02:00'");
  });

  test('what Trino cannot hold is refused in words', () => {
    const infinity = new Timestamp(TimeUnit.MICROSECOND);
    expect(() => literalReader(field(infinity), words(infinity, 9223372036854775807n))(0)).toThrow(/infinity/);
    const huge = makeData({
      type: new Decimal(0, 38, 128),
      length: 1,
      nullCount: 0,
      data: Uint32Array.of(0, 0, 0, 0x7fffffff),
    });
    expect(() => literalReader(field(new Decimal(0, 38, 128)), huge)(0)).toThrow(/more than 38 digits/);
    expect(() =>
      literalReader(
        new Field('c', new Utf8(), true, new Map([['trino.type', 'BingTile']])),
        vectorFromArray(['{}'], new Utf8()).data[0]!,
      ),
    ).toThrow(/BingTile/);
    expect(() =>
      literalReader(
        new Field('c', new Utf8(), true, new Map([['trino.type', 'timestamp(12)']])),
        vectorFromArray(["'; SELECT 1"], new Utf8()).data[0]!,
      )(0),
    ).toThrow(LiteralError);
  });
});

describe('times go back into the words of Trino', () => {
  test.each([
    [trinoInstant('2024-02-29 12:34:56.5', 3), '2024-02-29 12:34:56.500'],
    [trinoInstant('0045-03-15 (BC) 00:00:00', 0), '-0044-03-15 00:00:00'],
    [trinoInstant('0001-01-01 (BC)', 0), '0000-01-01'],
    [trinoInstant('290001-01-01 (BC)', 0), '-290000-01-01'],
    [trinoTime('12:34:56', 6), '12:34:56.000000'],
    [trinoZonedTime('12:34:56.7-05:30', 1), '12:34:56.7-05:30'],
    [trinoMonths('-1 years -2 months'), '-1-2'],
    [trinoMonths('00:00:00'), '0-0'],
    [trinoMonths('11 months'), '0-11'],
    [trinoDays('-1 day -02:03:04.567'), '-1 02:03:04.567'],
    [trinoDays('-00:00:01'), '-0 00:00:01.000'],
    [trinoDays('400 days'), '400 00:00:00.000'],
  ])('%s', (found, wanted) => expect(found).toBe(wanted));

  test.each(['infinity', '-infinity', "2024-01-01'", ''])('%j is refused', (text) =>
    expect(() => trinoInstant(text, 0)).toThrow(LiteralError),
  );
  test.each(['1 year 2 days', '1 day 1 month', "1 day' OR"])('%j is no interval of Trino', (text) => {
    expect(() => trinoDays(text.includes('year') ? text : `${text}x`)).toThrow(LiteralError);
    expect(() => trinoMonths(`${text}x`)).toThrow(LiteralError);
  });
});

test('every type of Trino has its literal, and NULL of it', () => {
  const { schema, batch } = everyTypeBatch();
  everyType.forEach(([type], index) => {
    const read = literalReader(schema.fields[index]!, batch.data.children[index]!);
    expect(
      [0, 1, 2].map(read).every((text) => text.length > 0),
      type,
    ).toBe(true);
    expect(read(2), type).toBe(type === 'unknown' ? 'NULL' : `CAST(NULL AS ${literalType(schema.fields[index]!)})`);
  });
});
