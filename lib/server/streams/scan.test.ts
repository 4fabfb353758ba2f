import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseExact } from '#lib/stream/json.ts';
import { check, toColumns, type Checked } from '#lib/stream/schema.ts';
import type { ColumnType } from '#lib/stream/spec.ts';
import { Scanner } from './scan.ts';
import { Sink } from './sink.ts';

/** The scanner takes nothing that `check` would not take just so. */

const now = Date.parse('2026-11-21T10:00:00Z');
const ahead = 600_000;
const types: Record<string, ColumnType> = {
  time: 'TIMESTAMP',
  id: 'BIGINT',
  name: 'VARCHAR',
  price: 'DOUBLE',
  ok: 'BOOLEAN',
  other: 'TIMESTAMP',
  day: 'DATE',
  more: 'JSON',
  'od"d': 'BIGINT',
};
const columns = toColumns(Object.entries(types).map(([name, type]) => ({ name, type })));

interface Taken {
  fields: Record<string, unknown>;
  at: number;
  key: string | null;
  next: number;
}

function scan(text: string, key: string[]): Taken | null {
  const input = Buffer.from(text);
  const sink = new Sink(4);
  sink.text('before{');
  const scanner = new Scanner(columns, { eventTime: 'time', key, ahead });
  const next = scanner.scan(input, 0, sink, now + ahead);
  const written = sink.bytes.toString();
  if (next < 0) {
    expect(written).toBe('before{');
    return null;
  }
  const row = parseExact(written.slice('before'.length)) as Record<string, unknown>;
  const fields = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
  return { fields, at: scanner.at, key: scanner.key(input, sink), next };
}

function weigh(text: string, key: string[]): Checked {
  return check(parseExact(text), columns, { eventTime: 'time', key, ahead }, now);
}

test.each<[string, string[], Record<string, unknown>, number, string | null]>([
  ['{"time":"2026-11-21T09:00:00Z"}', [], { time: '2026-11-21 09:00:00' }, -3_600_000, null],
  [
    '{"id": 7 ,\t"time" : "2026-11-21 09:00:00,1239000" } ',
    ['id'],
    { time: '2026-11-21 09:00:00.1239', id: 7 },
    -3_599_877,
    '7',
  ],
  [
    '{"time":1795251600123,"name":"ü\\n","ok":null}\r',
    ['time'],
    { time: '2026-11-21 09:00:00.123', name: 'ü\n' },
    -3_599_877,
    '2026-11-21 09:00:00.123',
  ],
  [
    '{"other":"2020-02-29t00:00:00.000Z","name":"a","time":"2026-11-21T09:00:00Z","price":-0.50,"ok":true}',
    ['name', 'other', 'time'],
    { other: '2020-02-29 00:00:00', name: 'a', time: '2026-11-21 09:00:00', price: -0.5, ok: true },
    -3_600_000,
    '"a"\n"2020-02-29 00:00:00"\n2026-11-21 09:00:00',
  ],
  [
    '{"time":"2026-11-21T09:00:00Z","id":-999999999999999999}',
    [],
    { time: '2026-11-21 09:00:00', id: -999999999999999999n },
    -3_600_000,
    null,
  ],
])('it takes %s', (text, key, fields, at, named) => {
  const taken = scan(`${text}\n{"next":1}`, key);
  expect(taken).toEqual({ fields, at: now + at, key: named, next: Buffer.byteLength(text) + 1 });
  expect(scan(text, key)).toEqual({ ...taken, next: Buffer.byteLength(text) });
});

test.each([
  '{}',
  '{"id":1}',
  '{"time":null}',
  '[1]',
  '{"time":"2026-11-21T09:00:00Z","id":1.0}',
  '{"time":"2026-11-21T09:00:00Z","id":01}',
  '{"time":"2026-11-21T09:00:00Z","id":-0}',
  '{"time":"2026-11-21T09:00:00Z","id":9223372036854775808}',
  '{"time":"2026-11-21T09:00:00Z","price":1e3}',
  '{"time":"2026-11-21T09:00:00Z","price":-0.0}',
  '{"time":"2026-11-21T09:00:00Z","price":1.}',
  '{"time":"2026-11-21T09:00:00Z","id":1,"id":2}',
  '{"time":"2026-11-21T09:00:00Z","name":"\\ud800"}',
  '{"time":"2026-11-21T09:00:00Z","name":"a\u0001"}',
  '{"time":"2026-11-21T09:00:00Z","name":"a',
  '{"time":"2026-11-21T09:00:00Z","new":1}',
  '{"time":"2026-11-21T09:00:00Z","od\\"d":"x"}',
  '{"time":"2026-11-21T09:00:00Z","more":null}',
  '{"time":"2026-11-21T09:00:00Z","ok":truE}',
  '{"time":"2026-11-21T09:00:00Z"} x',
  '{"time":"2026-11-21T09:00:00Z",}',
  '{"time":"2026-11-21T09:00:00Z"',
  '{"time":"2026-02-29T09:00:00Z"}',
  '{"time":"2026-11-21T10:10:00.001Z"}',
  '{"time":"1969-12-31T23:59:59Z"}',
  '{"time":"0001-01-01T00:00:00Z"}',
  '{"time":"9999-12-31T23:59:59Z"}',
  '{"time":-1}',
  '{"time":"2026-11-21T09:00:00.Z"}',
  '{"time":"2026-11-21T09:00:00.1234567890Z"}',
  '{"time":"2026-11-21T09:00:00+02:00"}',
  '\uFEFF{"time":"2026-11-21T09:00:00Z"}',
])('it declines %s', (text) => {
  expect(scan(text, ['id'])).toBeNull();
  expect(scan(`${text}\n`, [])).toBeNull();
});

test('what it takes is what check takes, whatever is written', () => {
  const blank = fc.constantFrom('', '', '', ' ', '\t ', '\r');
  const time = fc.oneof(
    fc
      .date({ min: new Date(0), max: new Date(now + 2 * ahead), noInvalidDate: true })
      .map((date) => `"${date.toISOString()}"`),
    fc
      .tuple(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 0, max: 32 }),
        fc.integer({ min: 0, max: 24 }),
        fc.nat(99_999_999),
      )
      .map(
        ([month, day, hour, rest]) =>
          `"2024-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')} ${String(hour).padStart(2, '0')}:${String(rest % 61).padStart(2, '0')}:59.${rest}"`,
      ),
    fc.integer({ min: -5, max: 2e15 }).map(String),
  );
  const value = fc.oneof(
    time,
    fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
    fc.string().map((text) => JSON.stringify(text)),
    fc.constantFrom(
      '"a\\/b"',
      '"\\u0041"',
      '-0',
      '0',
      '0.0',
      '01',
      '1.50',
      '-1.5',
      '1e5',
      'null',
      'true',
      'false',
      '"2024-02-30"',
      '[1,{}]',
      '"x',
      '.5',
      '-',
      '12345678901234567',
      '123456789012345678.5',
    ),
    fc.integer().map(String),
    fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map(String),
    fc.double().map((n) => String(n)),
    fc.jsonValue().map((each) => JSON.stringify(each)),
  );
  const fitting = {
    id: fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }).map(String),
    name: fc.string({ unit: 'grapheme' }).map((text) => JSON.stringify(text)),
    price: fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => String(Math.round(n * 1e4) / 1e4)),
    ok: fc.constantFrom('true', 'false', 'null'),
    other: time,
    'od"d': fc.integer().map(String),
  };
  const anything = fc.tuple(fc.oneof(fc.constantFrom(...Object.keys(types)), fc.string()), value);
  const fits = fc
    .constantFrom(...(Object.keys(fitting) as (keyof typeof fitting)[]))
    .chain((name) => fc.tuple(fc.constant(name as string), fitting[name]));
  const field = fc.oneof({ weight: 15, arbitrary: fits }, { weight: 1, arbitrary: anything });
  const spaced = fc.tuple(field, blank, blank).map(([[n, v], a, b]) => `${a}${JSON.stringify(n)}${b}:${a}${v}${b}`);
  const line = fc
    .tuple(fc.array(spaced, { maxLength: 3 }), time, fc.array(spaced, { maxLength: 2 }), blank)
    .map(([one, at, two, after]) => `{${[...one, `"time":${at}`, ...two].join(',')}}${after}`);
  let taken = 0;
  fc.assert(
    fc.property(line, fc.subarray(['id', 'name', 'time', 'other', 'price']), (text, key) => {
      const found = scan(text, key);
      if (!found) return;
      taken++;
      const checked = weigh(text, key);
      expect(checked).toMatchObject({ ok: true, at: found.at, key: found.key, added: [] });
      const fields = parseExact(`{${(checked as { row: string }).row}}`);
      expect(found.fields).toEqual(fields);
    }),
    { numRuns: 5000 },
  );
  expect(taken).toBeGreaterThan(500);
});
