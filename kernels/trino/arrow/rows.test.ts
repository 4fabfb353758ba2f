import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { doubleText, floatText } from '#lib/table/number.ts';
import { columnsOf, textsOf } from './testing.ts';

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
