import { RecordBatchReader, Table, tableToIPC } from 'apache-arrow';
import type { Data, Field, RecordBatch } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { columnsOf } from '#lib/table/column.ts';
import { toRows } from '#lib/table/text.ts';
import { createDecoder } from './decoder.ts';
import { PageError } from './error.ts';
import { trinoInstant } from './instant.ts';
import { literalReader } from './literal.ts';

/*
 * SECURITY 14, for Trino: every type goes real Trino → page → Arrow → text and must read as Trino's own CAST to varchar, or
 * as DuckDB writes what is the same; then as a literal back to Trino, where it must be the same value of the same type.
 */

const decoder = createDecoder();
afterAll(() => decoder.close());

/** The rows of a statement; throws what Trino says against it. */
async function ask(sql: string) {
  const headers = { 'X-Trino-User': 'test', 'X-Trino-Client-Capabilities': 'PARAMETRIC_DATETIME' };
  const session = decoder.open();
  const batches: RecordBatch[] = [];
  let answer = await fetch(`${process.env['TEST_TRINO_URL']}/v1/statement`, { method: 'POST', body: sql, headers });
  for (;;) {
    const page = await session.decode(new Uint8Array(await answer.arrayBuffer()));
    batches.push(...page.batches);
    if (page.head['error']) throw new Error(`${(page.head['error'] as Error).message}: ${sql.slice(0, 2000)}`);
    if (!page.head['nextUri']) return { schema: session.schema!, batches, texts: toRows(batches) };
    answer = await fetch(page.head['nextUri'] as string, { headers });
  }
}

type Same = (ours: string, trinos: string) => void;

const exactly: Same = (ours, trinos) => expect(ours).toBe(trinos);
/** The same number, whichever way it is written. */
const numerically: Same = (ours, trinos) => {
  const value = ours === 'nan' ? NaN : Number(ours.replace('inf', 'Infinity'));
  expect(Object.is(value, Number(trinos)) || Object.is(Math.fround(value), Number(trinos)), `${ours} ${trinos}`).toBe(
    true,
  );
};
/** The same instant, written by DuckDB without the zeros at the end and with BC. */
const instantly: Same = (ours, trinos) => {
  const digits = /\.(\d+)/.exec(trinos)?.[1]!.length ?? 0;
  expect(trinoInstant(ours.replace(/\+00$/, ''), digits)).toBe(trinos.replace(/ UTC$|^\+/g, ''));
};
const withoutZeros: Same = (ours, trinos) =>
  expect(ours).toBe(
    trinos
      .replace(/(\.\d*?)0+(?=$|[+-])/, '$1')
      .replace(/\.(?=$|[+-])/, '')
      .replace(/([+-]\d\d):00$/, '$1'),
  );
const inWords: Same = (ours) => expect(ours).toMatch(/year|month|day|:/);

/** Expressions of one type; `same` compares with Trino's CAST to varchar, an array holds what is expected word for word. */
const corpus: [type: string, same: Same | string[], expressions: string[]][] = [
  ['BOOLEAN', exactly, ['true', 'false']],
  ['TINYINT', exactly, [`TINYINT '-128'`, `TINYINT '127'`, `TINYINT '0'`]],
  ['SMALLINT', exactly, [`SMALLINT '-32768'`, `SMALLINT '32767'`]],
  ['INTEGER', exactly, [`INTEGER '-2147483648'`, `INTEGER '2147483647'`]],
  [
    'BIGINT',
    exactly,
    [
      '-9223372036854775808',
      '9223372036854775807',
      '9007199254740993',
      '-9007199254740993',
      '999999999',
      '1000000000',
      '-1',
      '0',
      '123456789012345',
      '9000000000000001',
    ].map((digits) => `BIGINT '${digits}'`),
  ],
  [
    'FLOAT',
    numerically,
    ['0.1', '3.4028235E38', '-3.4028235E38', '1.4E-45', '-0.0', '16777217', '1.1754944E-38', '1e10', '0.33333334']
      .map((digits) => `REAL '${digits}'`)
      .concat('CAST(nan() AS real)', 'CAST(infinity() AS real)', 'CAST(-infinity() AS real)'),
  ],
  [
    'DOUBLE',
    numerically,
    [
      '0.1',
      '1.7976931348623157E308',
      '4.9E-324',
      '2.2250738585072014E-308',
      '-0.0',
      '123456789.123456789',
      '1e15',
      '1e16',
      '1e22',
      '1e23',
      '9007199254740993',
      '0.3',
      '2.5',
      '-1e-7',
      '8.41470984807896506e-1',
    ]
      .map((digits) => `DOUBLE '${digits}'`)
      .concat('nan()', 'infinity()', '-infinity()'),
  ],
  [
    'DECIMAL(4,2)',
    exactly,
    ['99.99', '-99.99', '0.05', '-0.01', '0.00'].map((digits) => `CAST(DECIMAL '${digits}' AS decimal(4,2))`),
  ],
  [
    'DECIMAL(18,9)',
    exactly,
    [`CAST(DECIMAL '999999999.999999999' AS decimal(18,9))`, `CAST(DECIMAL '-0.000000001' AS decimal(18,9))`],
  ],
  ['DECIMAL(2,2)', exactly, [`CAST(DECIMAL '-0.05' AS decimal(2,2))`]],
  [
    'DECIMAL(38,0)',
    exactly,
    [`DECIMAL '99999999999999999999999999999999999999'`, `DECIMAL '-99999999999999999999999999999999999999'`],
  ],
  [
    'DECIMAL(38,10)',
    exactly,
    [`DECIMAL '1234567890123456789012345678.0123456789'`, `CAST(DECIMAL '-0.0000000001' AS decimal(38,10))`],
  ],
  [
    'DECIMAL(38,38)',
    exactly,
    [
      `CAST(DECIMAL '0.00000000000000000000000000000000000001' AS decimal(38,38))`,
      `CAST(DECIMAL '-0.99999999999999999999999999999999999999' AS decimal(38,38))`,
    ],
  ],
  [
    'VARCHAR',
    exactly,
    [
      `CAST('' AS varchar)`,
      `'a'`,
      `'é ''x'' "y" \\ /'`,
      `CAST('🦆 ünïcödé' AS varchar(40))`,
      `U&'\\0000\\0001\\001f\\007f\\2028\\+01F600'`,
      `'${'long '.repeat(200)}'`,
      `' '`,
      `chr(9) || chr(10) || chr(13) || chr(8) || chr(12)`,
      `'NULL'`,
      `'=1+1'`,
      `chr(8238) || 'x'`,
    ],
  ],
  ['CHAR(5)', exactly, [`CAST('a' AS char(5))`, `CAST('' AS char(5))`, `CAST('ü''b' AS char(5))`]],
  ['BLOB', ['', '\\x00\\xFF\\x80', 'abc', 'abcd\\x22\\x5C'], [`X''`, `X'00FF80'`, `X'616263'`, `X'61626364225C'`]],
  [
    'DATE',
    instantly,
    [
      '2024-02-29',
      '0001-01-01',
      '1969-12-31',
      '9999-12-31',
      '12345-01-01',
      '0000-01-01',
      '-0001-12-31',
      '-0044-03-15',
      '-290000-01-01',
      '5881580-07-10',
      '1899-12-31',
      '2100-01-01',
      '1900-02-28',
    ].map((day) => `DATE '${day}'`),
  ],
  ['VARCHAR', ['+5881580-07-11', '-5877641-06-23'], [`DATE '5881580-07-11'`, `DATE '-5877641-06-23'`]],
  ['TIME', withoutZeros, [`TIME '00:00:00'`, `TIME '23:59:59.999999'`, `TIME '12:34:56.500'`, `TIME '12:34:56.1'`]],
  ['TIME(9)', exactly, [`TIME '23:59:59.999999999'`, `TIME '12:00:00.100000000'`]],
  ['TIME(12)', exactly, [`TIME '23:59:59.999999999999'`]],
  [
    'TIME WITH TIME ZONE',
    withoutZeros,
    [`TIME '12:34:56.700 +02:00'`, `TIME '00:00:00 -11:30'`, `TIME '23:59:59.999999 +14:00'`, `TIME '12:00:00 -00:01'`],
  ],
  ['TIME(12) WITH TIME ZONE', exactly, [`TIME '12:34:56.123456789012 +05:45'`]],
  ['TIME(7) WITH TIME ZONE', exactly, [`TIME '12:34:56.1234567 -05:45'`]],
  [
    'TIMESTAMP',
    instantly,
    [
      '2024-02-29 12:34:56',
      '2024-02-29 12:34:56.1',
      '1969-12-31 23:59:59.999999',
      '2024-01-01 00:00:00.000',
      '0001-01-01 00:00:00',
      '-0044-03-15 00:00:00.120',
      '12345-03-15 00:00:00.1',
      '9999-12-31 23:59:59.999999',
      '294246-12-31 23:59:59.999999',
      '1500-01-01 01:02:03.000001',
    ].map((time) => `TIMESTAMP '${time}'`),
  ],
  ['TIMESTAMP(6)', ['+294247-01-10 04:00:54.775807'], [`TIMESTAMP '294247-01-10 04:00:54.775807'`]],
  [
    'TIMESTAMP_NS',
    instantly,
    [
      `TIMESTAMP '2024-02-29 12:34:56.123456789'`,
      `TIMESTAMP '1969-12-31 23:59:59.999999999'`,
      `TIMESTAMP '2262-04-11 00:00:00.0000001'`,
      `TIMESTAMP '1677-09-22 00:00:00.00000001'`,
    ],
  ],
  ['TIMESTAMP(9)', exactly, [`TIMESTAMP '9999-12-31 23:59:59.999999999'`, `TIMESTAMP '0001-01-01 00:00:00.000000001'`]],
  [
    'TIMESTAMP(12)',
    exactly,
    [
      `TIMESTAMP '2024-02-29 12:34:56.123456789012'`,
      `TIMESTAMP '-0044-03-15 12:34:56.000000000001'`,
      `TIMESTAMP '12345-01-01 00:00:00.0000000001'`.replace('(12)', ''),
    ].slice(0, 2),
  ],
  [
    'TIMESTAMP WITH TIME ZONE',
    [
      '2020-01-01 00:00:00+00',
      '2019-12-31 23:00:00.5+00',
      '2020-07-01 10:00:00.123456+00',
      '2019-12-31 18:30:00+00',
      '2020-01-01 11:30:00+00',
      '1969-12-31 23:59:59.999+00',
      '2020-01-01 03:00:00+00',
    ],
    [
      `TIMESTAMP '2020-01-01 00:00:00 UTC'`,
      `TIMESTAMP '2020-01-01 00:00:00.500 Europe/Berlin'`,
      `TIMESTAMP '2020-07-01 12:00:00.123456 Europe/Berlin'`,
      `TIMESTAMP '2020-01-01 00:00:00 +05:30'`,
      `TIMESTAMP '2020-01-01 00:00:00 -11:30'`,
      `TIMESTAMP '1969-12-31 23:59:59.999 UTC'`,
      `TIMESTAMP '2020-01-01 00:00:00 America/Argentina/Buenos_Aires'`,
    ],
  ],
  [
    'TIMESTAMP(3) WITH TIME ZONE',
    exactly,
    [
      `TIMESTAMP '2020-10-25 02:30:00.000 Europe/Berlin'`,
      `TIMESTAMP '73326-09-11 20:14:45.247 Europe/Berlin'`,
      `TIMESTAMP '1900-01-01 00:00:00.000 Europe/Berlin'`,
    ],
  ],
  ['TIMESTAMP(9) WITH TIME ZONE', exactly, [`TIMESTAMP '2020-07-01 12:00:00.123456789 Asia/Kolkata'`]],
  ['TIMESTAMP(12) WITH TIME ZONE', exactly, [`TIMESTAMP '2020-07-01 12:00:00.123456789012 -11:30'`]],
  [
    'INTERVAL',
    inWords,
    [
      `INTERVAL '1' YEAR`,
      `INTERVAL '-14' MONTH`,
      `INTERVAL '0' MONTH`,
      `INTERVAL '-178956970-8' YEAR TO MONTH`,
      `INTERVAL '-1 02:03:04.567' DAY TO SECOND`,
      `INTERVAL '0' SECOND`,
      `INTERVAL '-1' SECOND`,
      `INTERVAL '400' DAY`,
      `INTERVAL '25' HOUR`,
      `INTERVAL '-0.001' SECOND`,
    ],
  ],
  [
    'INTERVAL DAY TO SECOND',
    exactly,
    [`INTERVAL '2147483647' DAY + INTERVAL '3 02:03:04.567' DAY TO SECOND`, `-24000 * INTERVAL '2000000' DAY`],
  ],
  [
    'JSON',
    ['{"a":[1,null]}', '"x"', 'null', '1.0E400', '{"a":"é\\"\\n","b":1}'].map((text) =>
      text.replace('1.0E400', '12345678901234567890'),
    ),
    [
      `JSON '{"a":[1,null]}'`,
      `JSON '"x"'`,
      `JSON 'null'`,
      `JSON '12345678901234567890'`,
      `JSON '{"b":1,"a":"é\\"\\n"}'`,
    ],
  ],
  ['UUID', exactly, [`UUID '550e8400-e29b-41d4-a716-446655440000'`, `UUID 'ffffffff-ffff-ffff-ffff-ffffffffffff'`]],
  ['IPADDRESS', exactly, [`IPADDRESS '10.0.0.1'`, `IPADDRESS '2001:db8::1'`, `IPADDRESS '::'`]],
  ['INTEGER[]', ['[1, NULL, 3]', '[]'], ['ARRAY[1, NULL, 3]', 'CAST(ARRAY[] AS array(integer))']],
  ['VARCHAR[]', [`[a, '', NULL, 'a, b', 'NULL']`], [`ARRAY['a', '', NULL, 'a, b', 'NULL']`]],
  [
    'DECIMAL(38,2)[][]',
    ['[[1.00], NULL, []]'],
    [`CAST(ARRAY[ARRAY[1], NULL, ARRAY[]] AS array(array(decimal(38,2))))`],
  ],
  [
    'TIMESTAMP_NS[]',
    [`['2020-01-01 00:00:00.000000001', NULL]`],
    [`ARRAY[TIMESTAMP '2020-01-01 00:00:00.000000001', NULL]`],
  ],
  [
    'TIMESTAMP(12)[]',
    [`['2020-01-01 00:00:00.000000000001']`],
    [`ARRAY[TIMESTAMP '2020-01-01 00:00:00.000000000001']`],
  ],
  [
    'UUID[]',
    ['[550e8400-e29b-41d4-a716-446655440000, NULL]'],
    [`ARRAY[UUID '550e8400-e29b-41d4-a716-446655440000', NULL]`],
  ],
  [
    'MAP(VARCHAR, INTEGER)',
    ['{a=1, b=NULL}', '{}'],
    [`MAP(ARRAY['a', 'b'], ARRAY[1, NULL])`, `CAST(MAP() AS map(varchar, integer))`],
  ],
  [
    'MAP(DOUBLE, FLOAT)',
    ['{1.5=nan, -inf=0.1}'],
    [`CAST(MAP(ARRAY[1.5e0, -infinity()], ARRAY[nan(), REAL '0.1']) AS map(double, real))`],
  ],
  [
    'MAP(BIGINT, BOOLEAN[])',
    ['{-9007199254740993=[true, NULL]}'],
    [`MAP(ARRAY[BIGINT '-9007199254740993'], ARRAY[ARRAY[true, NULL]])`],
  ],
  ['MAP(BOOLEAN, DATE)', ['{true=2020-01-01}'], [`MAP(ARRAY[true], ARRAY[DATE '2020-01-01'])`]],
  ['MAP(DECIMAL(5,2), BLOB)', ['{1.50=\\xFF}'], [`MAP(ARRAY[CAST(1.5 AS decimal(5,2))], ARRAY[X'FF'])`]],
  [
    'MAP(TIMESTAMP, JSON)',
    [`{'2020-01-01 00:00:00'='{"a":1}'}`],
    [`MAP(ARRAY[TIMESTAMP '2020-01-01 00:00:00'], ARRAY[JSON '{"a":1}'])`],
  ],
  ['STRUCT(field0 INTEGER, field1 VARCHAR)', [`{'field0': 1, 'field1': x}`], [`ROW(1, 'x')`]],
  [
    'STRUCT("b c" BIGINT, "a""q" VARCHAR, select DECIMAL(10,2))',
    [`{'b c': 1, 'a"q': NULL, 'select': 2.50}`].map((text) => text),
    [`CAST(ROW(1, NULL, 2.5) AS ROW("b c" bigint, "a""q" varchar, "select" decimal(10,2)))`],
  ],
  [
    'STRUCT(a BIGINT, A_1 BIGINT, a_2 VARCHAR)',
    [`{'a': 1, 'A_1': 2, 'a_2': x}`],
    [`CAST(ROW(1, 2, 'x') AS ROW(a bigint, "A" bigint, a varchar))`],
  ],
  [
    'STRUCT(x STRUCT(y DATE[]), time TIME)',
    [`{'x': {'y': [2020-01-01]}, 'time': '12:00:00'}`, 'NULL'],
    [`CAST(ROW(ROW(ARRAY[DATE '2020-01-01']), TIME '12:00:00') AS ROW(x ROW(y array(date)), "time" time(0)))`],
  ],
  ['"NULL"', ['NULL'], ['NULL']],
  ['HyperLogLog', [], ['(SELECT approx_set(1))']],
  ['tdigest', [], ['(SELECT tdigest_agg(1e0))']],
  ['qdigest(bigint)', [], ['(SELECT qdigest_agg(1))']],
  ['Geometry', ['POINT (1 2)'], ['ST_Point(1, 2)']],
  ['SphericalGeography', ['POINT (1 2)'], ['to_spherical_geography(ST_Point(1, 2))']],
];

interface Case {
  name: string;
  type: string;
  expression: string;
  same: Same | string | null;
}

const cases = corpus.flatMap(([type, same, expressions]) =>
  expressions.map((expression, at): Case => ({
    name: `${type}: ${expression.slice(0, 100)}`,
    type,
    expression,
    same: typeof same === 'function' ? same : (same[at] ?? null),
  })),
);

interface Read {
  type: string;
  text: string | null;
  nothing: string | null;
  trinos: string | null;
  field: Field;
  data: Data;
}

/** Trino casts a REAL to seven digits, which are not enough. */
function exact(type: string, expression: string): string {
  return type === 'FLOAT' ? `CAST(${expression} AS double)` : expression;
}

/** Each expression in a column of its own, with NULL in a second row, and what Trino casts it to where that is compared. */
async function read(part: Case[]): Promise<Read[]> {
  const columns = part.map(({ type, expression, same }, at) => {
    const cast = typeof same === 'function' ? `CAST(${exact(type, expression)} AS varchar)` : `''`;
    return `IF(n = 1, ${expression}) AS v${at}, ${cast} AS t${at}`;
  });
  const { schema, batches, texts } = await ask(`SELECT ${columns.join(', ')} FROM (VALUES 1, 2) x(n) ORDER BY n`);
  const types = columnsOf(schema);
  return part.map((_, at) => ({
    type: types[2 * at]!.type,
    text: texts[0]![2 * at]!,
    nothing: texts[1]![2 * at]!,
    trinos: texts[0]![2 * at + 1]!,
    field: schema.fields[2 * at]!,
    data: batches[0]!.data.children[2 * at]!,
  }));
}

const chunks = Array.from({ length: Math.ceil(cases.length / 40) }, (_, at) => cases.slice(at * 40, (at + 1) * 40));
const found = new Map<Case, Read>();
beforeAll(async () => {
  for (const chunk of chunks) (await read(chunk)).forEach((one, at) => found.set(chunk[at]!, one));
});

describe('a value reads as Trino says it', () => {
  test.each(cases)('$name', (one) => {
    const { type, text, nothing, trinos } = found.get(one)!;
    expect(type).toBe(one.type);
    expect(nothing).toBeNull();
    if (typeof one.same === 'function') one.same(text!, trinos!);
    else if (one.same !== null) expect(text ?? 'NULL').toBe(one.same);
  });
});

/** Types without a comparison are compared by their bytes or their text. */
function comparable(type: string, expression: string): string {
  if (/^(HyperLogLog|tdigest|qdigest)/.test(type)) return `CAST(${expression} AS varbinary)`;
  if (type === 'Geometry') return `ST_AsText(${expression})`;
  if (type === 'SphericalGeography') return `ST_AsText(to_geometry(${expression}))`;
  if (type === 'DOUBLE') return `to_ieee754_64(${expression})`;
  return type === 'FLOAT' ? `to_ieee754_32(${expression})` : expression;
}

describe('a literal is the same value of the same type', () => {
  const results = new Map<Case, (string | null)[]>();
  beforeAll(async () => {
    for (const chunk of chunks) {
      const columns = chunk.map((one) => {
        const { field, data } = found.get(one)!;
        const literal = literalReader(field, data);
        const compare = [literal(0), one.expression].map((each) => comparable(one.type, each));
        return `${compare.join(' IS NOT DISTINCT FROM ')}, typeof(${literal(0)}), typeof(${one.expression}), typeof(${literal(1)})`;
      });
      const { texts } = await ask(`SELECT ${columns.join(', ')}`);
      chunk.forEach((one, at) => results.set(one, texts[0]!.slice(4 * at, 4 * at + 4)));
    }
  });
  test.each(cases)('$name', (one) => {
    const [isSame, type, wanted, ofNull] = results.get(one)!;
    expect({ isSame, type, ofNull }).toEqual({ isSame: 'true', type: wanted, ofNull: wanted });
  });
});

describe('how times are held is decided by the first rows', () => {
  const held = async (sql: string) => {
    const { schema, texts } = await ask(sql);
    return [columnsOf(schema)[0]!.type, ...texts.map((row) => row[0])];
  };

  test('one zone: instants in it; two zones: each in its own words', async () => {
    const zoned = (zones: string[]) =>
      `VALUES ${zones.map((zone) => `TIMESTAMP '2020-01-01 00:00:00 ${zone}'`).join(', ')}`;
    expect(await held(zoned(['UTC', 'UTC']))).toEqual([
      'TIMESTAMP WITH TIME ZONE',
      '2020-01-01 00:00:00+00',
      '2020-01-01 00:00:00+00',
    ]);
    expect(await held(zoned(['UTC', '+01:00']))).toEqual([
      'TIMESTAMP(0) WITH TIME ZONE',
      '2020-01-01 00:00:00 UTC',
      '2020-01-01 00:00:00 +01:00',
    ]);
  });

  test('times that were all null name no zone', async () => {
    const sql = 'SELECT CAST(NULL AS timestamp(3) with time zone)';
    expect(await held(sql)).toEqual(['TIMESTAMP(3) WITH TIME ZONE', null]);
  });

  test('one time that nanoseconds cannot hold makes all of them words', async () => {
    const sql = `VALUES TIMESTAMP '2020-01-01 00:00:00.000000001', TIMESTAMP '9999-12-31 00:00:00.000000000'`;
    expect(await held(sql)).toEqual(['TIMESTAMP(9)', '2020-01-01 00:00:00.000000001', '9999-12-31 00:00:00.000000000']);
  });

  test('a later page that does not fit says so, and what to write', async () => {
    const day = (n: string) => `TIMESTAMP '2020-01-01 00:00:00' + ${n} * INTERVAL '1' SECOND`;
    const sql = `SELECT IF(n < 300000, at_timezone(with_timezone(${day('n')}, 'UTC'), 'UTC'), at_timezone(with_timezone(${day('n')}, 'UTC'), 'Asia/Tokyo')) AS paid
      FROM UNNEST(sequence(1, 1000)) a(x) CROSS JOIN UNNEST(sequence(1, 400)) b(y) CROSS JOIN LATERAL (SELECT x * 400 + y) c(n) ORDER BY n`;
    const failure: unknown = await ask(sql).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PageError);
    expect(failure).toMatchObject({
      fault: 'does-not-fit',
      misfit: { column: 'paid', instead: `at_timezone(paid, 'UTC')` },
    });
  });
});

test('the schema survives Arrow IPC, Trino types included', async () => {
  const { schema, batches } = await ask(`SELECT CAST(ROW(1) AS ROW("a b" bigint)) AS r, DECIMAL '1.5' AS d`);
  const again = RecordBatchReader.from(tableToIPC(new Table(schema, batches), 'stream')).open();
  expect(again.schema.fields.map((field) => field.metadata.get('trino.type'))).toEqual([
    'row("a b" bigint)',
    'decimal(2, 1)',
  ]);
});

test('a result without rows has a schema', async () => {
  const { schema, batches } = await ask(`SELECT 1 AS a, TIMESTAMP '2020-01-01 00:00:00 UTC' AS t WHERE false`);
  expect(batches).toEqual([]);
  expect(columnsOf(schema)).toEqual([
    { name: 'a', type: 'INTEGER' },
    { name: 't', type: 'TIMESTAMP WITH TIME ZONE' },
  ]);
});
