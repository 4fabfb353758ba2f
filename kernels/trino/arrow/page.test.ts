import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toRows } from '#lib/table/text.ts';
import { doubleText, floatText } from '#lib/table/number.ts';
import { everyType, everyTypeBatch } from '#lib/testing/trino-types.ts';
import { PageError } from './error.ts';
import { schemaOf } from './field.ts';
import { unpack } from './pack.ts';
import { readPage, readRows } from './page.ts';
import type { Chosen } from './rows.ts';

const encode = (text: string) => new TextEncoder().encode(text);
const columnsOf = (...types: string[]) => types.map((type, index) => ({ name: `c${index}`, type }));

/** The texts of the page's rows. */
function textsOf(page: string, chosen: Chosen | null = null): (string | null)[][] {
  const read = readPage(encode(page), chosen);
  const schema = read.chosen && schemaOf(read.chosen.columns, read.chosen.picks);
  return toRows(read.batches.map((batch) => unpack(schema!, batch)));
}

/** A page of one column, each value as JSON has it. */
const pageOf = (type: string, ...values: string[]) =>
  `{"columns":${JSON.stringify(columnsOf(type))},"data":[${values.map((value) => `[${value}]`).join(',')}]}`;

const faultOf = (page: string | Uint8Array) => {
  try {
    readPage(typeof page === 'string' ? encode(page) : page, null);
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(PageError);
    return error as PageError;
  }
};

describe('a page', () => {
  test('has a head without its rows, whatever the order of its keys', () => {
    const page =
      '{"id":"q1","data":[["x"]],"stats":{"state":"RUNNING","nested":[{"data":[1]}]},"columns":[{"name":"a","type":"varchar","typeSignature":{}}],"nextUri":"http://h/1"}';
    const { head, batches } = readPage(encode(page), null);
    expect(head).toEqual({
      id: 'q1',
      data: null,
      stats: { state: 'RUNNING', nested: [{ data: [1] }] },
      columns: [{ name: 'a', type: 'varchar' }],
      nextUri: 'http://h/1',
    });
    expect(batches.map((batch) => batch.rows)).toEqual([1]);
  });

  test('may be spread over lines', () => {
    expect(
      textsOf(
        ` {\n "columns" : [ {"name":"a","type":"array(integer)"}, {"name":"b","type":"map(varchar, double)"} ] ,\t"data" : [ [ [ 1 , null ] , { "k" : 1.0 , "l" : null } ] ,\r\n [ null , { } ] ] } `,
      ),
    ).toEqual([
      ['[1, NULL]', '{k=1.0, l=NULL}'],
      [null, '{}'],
    ]);
  });

  test('of spooling keeps what stands in place of rows', () => {
    const { head } = readPage(encode('{"data":{"encoding":"json+zstd","segments":[]}}'), null);
    expect(head.data).toEqual({ encoding: 'json+zstd', segments: [] });
  });

  test('without rows chooses nothing', () => {
    expect(readPage(encode('{}'), null)).toEqual({ head: { columns: null, data: null }, chosen: null, batches: [] });
    expect(readPage(encode(pageOf('bigint')), null)).toMatchObject({ chosen: null, batches: [] });
  });

  test('is cut into batches', () => {
    const page = pageOf('integer', ...Array.from({ length: 70_000 }, (_, row) => String(row)));
    const { batches } = readPage(encode(page), null);
    expect(batches.map((batch) => batch.rows)).toEqual([65_536, 4464]);
    expect(textsOf(page).at(-1)).toEqual(['69999']);
    const long = readPage(
      encode(pageOf('varchar', ...Array.from({ length: 5000 }, () => `"${'x'.repeat(1000)}"`))),
      null,
    );
    expect(long.batches).toHaveLength(3);
  });

  test('of every type reads as it should', () => {
    const { schema, batch, texts } = everyTypeBatch();
    expect(toRows([batch])).toEqual(texts);
    expect(schema.fields).toHaveLength(everyType.length);
  });

  test('of a later part is held to what was chosen', () => {
    const zone = 'timestamp(0) with time zone';
    const { chosen } = readPage(encode(pageOf(zone, '"2020-01-01 00:00:00 UTC"')), null);
    expect(chosen!.picks).toEqual(['UTC']);
    const later = encode(pageOf(zone, '"2020-01-01 00:00:00 Asia/Tokyo"'));
    expect(() => readPage(later, chosen)).toThrow(/c0" has 2020-01-01 00:00:00 Asia\/Tokyo.*held in the zone UTC/);
    expect(() => readPage(encode(pageOf('bigint', '1')), chosen)).toThrow(/columns of the answer changed/);
    expect(readPage(encode('{"data":[["2020-01-01 00:00:00 UTC"]]}'), chosen).batches).toHaveLength(1);
  });

  test('of bare rows is read too', () => {
    const columns = columnsOf('bigint', 'varchar');
    const { chosen, batches } = readRows(encode(' [[1,"a"],\n[2,null]] '), columns, null);
    expect(toRows([unpack(schemaOf(columns, chosen!.picks), batches[0]!)])).toEqual([
      ['1', 'a'],
      ['2', null],
    ]);
    expect(readRows(encode('[]'), columns, null)).toEqual({ chosen: null, batches: [] });
    expect(() => readRows(encode('[[1,"a"]]x'), columns, null)).toThrow(PageError);
  });
});

describe('text', () => {
  const cases: [json: string, text: string][] = [
    ['"\\u0041\\u00e9\\u20ac\\ud83e\\udd86"', 'Aé€🦆'],
    ['"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\\/\b\f\n\r\t'],
    [`"${'x'.repeat(5000)}\\n"`, `${'x'.repeat(5000)}\n`],
    [`"${'é'.repeat(300)}"`, 'é'.repeat(300)],
    ['""', ''],
    ['"\\u0000"', '\0'],
  ];
  test.each(cases)('%s', (json, text) => expect(textsOf(pageOf('varchar', json, json))).toEqual([[text], [text]]));

  test.each(['"\\ud83e"', '"\\udd86"', '"\\ud83e\\u0041"'])('%s is half a character', (json) => {
    expect(faultOf(pageOf('varchar', json))).toMatchObject({ fault: 'value' });
  });
  test.each(['"\\x"', '"\\u00g0"', '"\n"', '"abc', '"\\', '"\\u12"'])('%s is no JSON', (json) => {
    expect(faultOf(pageOf('varchar', json))).toMatchObject({ fault: 'malformed' });
  });
});

describe('what is wrong is said with its place', () => {
  const cases: [what: string, page: string, fault: string, message: RegExp][] = [
    ['nothing', '', 'malformed', /empty/],
    ['a list', '[]', 'malformed', /no object/],
    ['a web page', '<html>', 'malformed', /no object/],
    ['more after the end', '{}{}', 'malformed', /more follows/],
    ['rows twice', '{"columns":[],"data":[],"data":[]}', 'malformed', /twice/],
    ['rows without columns', '{"data":[[1]]}', 'columns', /without saying/],
    ['columns of a strange shape', '{"columns":[{"name":1}],"data":[[1]]}', 'columns', /described its columns/],
    ['a type that is none', pageOf('array(', '1'), 'columns', /cannot be read/],
    [
      'too few values',
      '{"columns":[{"name":"a","type":"bigint"},{"name":"b","type":"bigint"}],"data":[[1]]}',
      'shape',
      /1 of its 2 values/,
    ],
    ['too many values', pageOf('bigint', '1,2'), 'shape', /more than 1/],
    ['no values', pageOf('bigint', ''), 'shape', /0 of its 1/],
    ['a row that is none', '{"columns":[{"name":"a","type":"bigint"}],"data":[1]}', 'shape', /no list/],
    ['a string for a number', pageOf('bigint', '"1"'), 'shape', /a string where a whole number/],
    ['a number for a string', pageOf('varchar', '1'), 'shape', /a number where a string/],
    ['a list for a map', pageOf('map(varchar, bigint)', '[]'), 'shape', /a list where an object/],
    ['300 in a byte', pageOf('tinyint', '300'), 'value', /no tinyint/],
    ['one too many', pageOf('bigint', '9223372036854775808'), 'value', /no bigint/],
    ['far too many digits', pageOf('bigint', '9'.repeat(400)), 'value', /no bigint/],
    ['a zero in front', pageOf('integer', '01'), 'value', /no integer/],
    ['a fraction in an integer', pageOf('integer', '1.5'), 'malformed', /comma or an end/],
    ['a decimal with another scale', pageOf('decimal(5, 2)', '"1.234"'), 'value', /no decimal/],
    ['a decimal too wide', pageOf('decimal(5, 2)', '"1234.56"'), 'value', /no decimal/],
    ['a day that is none', pageOf('date', '"2023-02-29"'), 'value', /no date/],
    ['a time that is none', pageOf('time(0)', '"24:00:00"'), 'value', /no time/],
    ['an infinite number', pageOf('double', '1e999'), 'value', /no double/],
    ['base64 that is none', pageOf('varbinary', '"A==="'), 'value', /no varbinary/],
    ['a UUID that is none', pageOf('uuid', '"550e8400"'), 'value', /no uuid/],
    ['null as a key', pageOf('map(integer, integer)', '{"null":1}'), 'value', /no integer/],
    ['brackets without end', `{"a":${'['.repeat(100_000)}`, 'too-deep', /nested/],
    ['a head beyond measure', `{"id":"${'x'.repeat(9 << 20)}"}`, 'malformed', /too many/],
  ];
  test.each(cases)('%s', (_, page, fault, message) => {
    const found = faultOf(page)!;
    expect(found).toMatchObject({ fault });
    expect(found.message).toMatch(message);
  });

  test('no UTF-8', () => {
    expect(faultOf(Uint8Array.of(123, 34, 255, 34, 125))!.message).toMatch(/UTF-8/);
  });
  test('the place is that of the value', () => {
    const page = pageOf('tinyint', '1', '300');
    expect(faultOf(page)!.offset).toBe(page.indexOf('300'));
  });
});

/** The same rows by JSON.parse and by the texts each type should have. */
const values: Record<string, { json: fc.Arbitrary<unknown>; text: (value: never) => string }> = {
  boolean: { json: fc.boolean(), text: String },
  tinyint: { json: fc.integer({ min: -128, max: 127 }), text: String },
  integer: { json: fc.integer(), text: String },
  bigint: { json: fc.maxSafeInteger(), text: String },
  varchar: { json: fc.string({ unit: 'binary', maxLength: 200 }), text: (value) => value },
  double: {
    json: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value)),
    text: doubleText,
  },
  real: {
    json: fc.float({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value)),
    text: (value) => floatText(Math.fround(value)),
  },
  'decimal(20, 0)': { json: fc.bigInt({ min: -(10n ** 20n) + 1n, max: 10n ** 20n - 1n }).map(String), text: String },
  'decimal(38, 0)': { json: fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }).map(String), text: String },
  'decimal(12, 3)': {
    json: fc
      .tuple(fc.integer({ min: -99999999, max: 99999999 }), fc.integer({ min: 100, max: 999 }))
      .map(([whole, part]) => `${whole}.${part}`),
    text: String,
  },
  date: {
    json: fc
      .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10)),
    text: String,
  },
  'timestamp(3)': {
    json: fc
      .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 23).replace('T', ' ')),
    text: (value: string) =>
      value.replace(/\.?0+$/, (zeros) => (zeros.startsWith('.') ? '' : value.includes('.') ? '' : zeros)),
  },
};

describe('any rows', () => {
  const types = Object.keys(values);
  const table = fc
    .array(fc.constantFrom(...types), { minLength: 1, maxLength: 6 })
    .chain((picked) =>
      fc.tuple(
        fc.constant(picked),
        fc.array(fc.tuple(...picked.map((type) => fc.option(values[type]!.json))), { minLength: 1, maxLength: 20 }),
      ),
    );

  test('read as JSON.parse reads them', () => {
    fc.assert(
      fc.property(table, fc.constantFrom(0, 1), ([picked, rows], indent) => {
        const page = JSON.stringify({ columns: columnsOf(...picked), data: rows }, null, indent);
        const parsed = (JSON.parse(page) as { data: unknown[][] }).data;
        const wanted = parsed.map((row) =>
          row.map((value, at) => (value === null ? null : values[picked[at]!]!.text(value as never))),
        );
        expect(textsOf(page)).toEqual(wanted);
      }),
      { numRuns: 300 },
    );
  });

  test('nested in lists, maps and rows too', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('integer', 'bigint', 'boolean'),
        fc.array(fc.option(fc.array(fc.option(fc.nat(1))), { nil: null })),
        (type, rows) => {
          const item = (value: number | null) => (value === null || type !== 'boolean' ? value : value === 1);
          const data = rows.map((row) => [
            row?.map(item) ?? null,
            row && Object.fromEntries(row.map((value, at) => [at, item(value)])),
            row && [item(row[0] ?? null), 'x'],
          ]);
          const columns = columnsOf(`array(${type})`, `map(integer, ${type})`, `row(a ${type}, varchar)`);
          const say = (value: unknown) => (value === null || value === undefined ? 'NULL' : String(value));
          const wanted = rows.map((row) =>
            row === null
              ? [null, null, null]
              : [
                  `[${row.map((value) => say(item(value))).join(', ')}]`,
                  `{${row.map((value, at) => `${at}=${say(item(value))}`).join(', ')}}`,
                  `{'a': ${say(item(row[0] ?? null))}, 'field1': x}`,
                ],
          );
          expect(textsOf(JSON.stringify({ columns, data }))).toEqual(wanted);
        },
      ),
    );
  });
});

describe('whatever is done to the bytes, the answer is a PageError or rows', () => {
  const page = encode(
    JSON.stringify({
      id: 'q',
      columns: everyType.map(([type], index) => ({ name: `v${index}`, type })),
      data: [0, 1].map((row) => everyType.map(([, , both]) => both[row])),
      stats: { state: 'RUNNING' },
    }),
  );
  const survives = (bytes: Uint8Array) => {
    try {
      readPage(bytes, null);
    } catch (error) {
      if (!(error instanceof PageError)) throw error;
    }
  };

  test('cut off anywhere', () => {
    for (let end = 0; end < page.length; end++) {
      expect(() => survives(page.subarray(0, end))).not.toThrow();
      expect(faultOf(page.slice(0, end))).not.toBeNull();
    }
  });

  test('with any bytes changed', () => {
    const change = fc.tuple(
      fc.nat(page.length - 1),
      fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(...encode('"\\[]{},:0-.eEnu'))),
    );
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = page.slice();
        for (const [at, byte] of changes) bytes[at] = byte;
        survives(bytes);
      }),
      { numRuns: 5000 },
    );
  });

  test('with any part left out or said twice', () => {
    fc.assert(
      fc.property(fc.nat(page.length), fc.nat(200), fc.boolean(), (from, count, isTwice) => {
        const part = page.subarray(from, from + count);
        survives(
          Buffer.concat([page.subarray(0, from), ...(isTwice ? [part, part] : []), page.subarray(from + count)]),
        );
      }),
      { numRuns: 2000 },
    );
  });
});
