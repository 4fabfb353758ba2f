import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseExact, writeExact } from './json.ts';
import { check, inferColumns, limits, toColumns, typeOf, wider, type Checked, type Contract } from './schema.ts';
import { ColumnType, StreamSpec, type StreamColumn } from './spec.ts';

const now = Date.UTC(2026, 10, 21, 10);
const contract: Contract = { eventTime: 'time', key: [], ahead: 600_000 };
const keyed: Contract = { ...contract, key: ['id'] };
const time = '2026-11-21T09:00:00Z';

const infer = (...events: unknown[]) =>
  Object.fromEntries(inferColumns(events, contract, now)?.map(({ name, type }) => [name, type]) ?? []);
const weigh = (event: unknown, columns: Record<string, ColumnType> = {}, by = contract) =>
  check(event, new Map(Object.entries({ time: 'TIMESTAMP', ...columns })), by, now);
const rowOf = (checked: Checked) =>
  checked.ok ? (parseExact(`{${checked.row}}`) as Record<string, unknown>) : checked;

describe('columns inferred', () => {
  test('from values, nulls saying nothing', () => {
    expect(
      infer(
        { time, id: 1, price: 2, name: null, ok: true, day: '2026-11-21', at: '2026-11-21 10:00', tags: ['a'] },
        { time, id: 9007199254740993n, price: 2.5, name: 'x', nothing: null },
      ),
    ).toEqual({
      time: 'TIMESTAMP',
      id: 'BIGINT',
      price: 'DOUBLE',
      ok: 'BOOLEAN',
      day: 'DATE',
      at: 'TIMESTAMP',
      tags: 'JSON',
      name: 'VARCHAR',
    });
  });

  test('only events that could be kept have a say', () => {
    expect(infer({ time: 'never', x: 'text' }, 5, { time, x: 1 })).toEqual({ time: 'TIMESTAMP', x: 'BIGINT' });
    expect(inferColumns([{ x: 1 }, null], contract, now)).toBeNull();
    expect(inferColumns([{ time, id: null, x: 1 }], keyed, now)).toBeNull();
  });

  test('what is mixed is JSON, texts that are not all times are text', () => {
    expect(infer({ time, a: 1, b: '2026-11-21' }, { time, a: 'x', b: 'n/a' })).toMatchObject({
      a: 'JSON',
      b: 'VARCHAR',
    });
  });

  test('the wider type does not depend on the order', () => {
    const type = fc.constantFrom(...ColumnType.options);
    fc.assert(
      fc.property(type, type, type, (a, b, c) => {
        expect(wider(a, b)).toBe(wider(b, a));
        expect(wider(wider(a, b), c)).toBe(wider(a, wider(b, c)));
      }),
    );
  });
});

describe('the contract', () => {
  test('keeps values exactly, times in UTC', () => {
    const checked = weigh(
      parseExact(
        '{"time":1795251600,"id":9007199254740993,"d":-0,"s":"ü\\u0000","j":{"n":12345678901234567890},"n":null}',
      ),
      { id: 'BIGINT', d: 'DOUBLE', s: 'VARCHAR', j: 'JSON', n: 'BOOLEAN' },
    );
    expect(checked.ok && checked.row).toBe(
      '"time":"2026-11-21 09:00:00","id":9007199254740993,"d":-0.0,"s":"ü\\u0000","j":{"n":12345678901234567890}',
    );
  });

  test('a column more is added', () => {
    const checked = weigh({ time, more: 1.5, nothing: null });
    expect(checked).toMatchObject({ ok: true, added: [{ name: 'more', type: 'DOUBLE' }] });
  });

  test.each<[string, unknown, Record<string, ColumnType>, string]>([
    ['text in a number', { time, n: '5' }, { n: 'BIGINT' }, 'n is "5", which is no BIGINT.'],
    ['a fraction in a whole number', { time, n: 1.5 }, { n: 'BIGINT' }, 'n is 1.5, which is no BIGINT.'],
    ['a number beyond 64 bits', { time, n: 2n ** 63n }, { n: 'BIGINT' }, 'no BIGINT'],
    ['a number in text', { time, s: 5 }, { s: 'VARCHAR' }, 's is 5, which is no VARCHAR.'],
    ['a day that is none', { time, d: '2026-02-30' }, { d: 'DATE' }, 'no DATE'],
    ['infinity', parseExact('{"time":"2026-11-21","d":1e999}'), { d: 'DOUBLE' }, 'no DOUBLE'],
    ['infinity inside', parseExact('{"time":"2026-11-21","j":[1e999]}'), { j: 'JSON' }, 'no JSON'],
    ['an array', [1], {}, 'An event is a JSON object, not an array.'],
    ['null', null, {}, 'An event is a JSON object, not null.'],
    ['no time', { n: 1 }, {}, 'time is missing.'],
    ['year 1', { time: '0001-01-01' }, {}, 'before 1970'],
    ['year 9999', { time: '9999-12-31' }, {}, 'ahead of the time it came'],
    ['our own column', { time, _offset: 1 }, {}, '_offset is a column that Lodestar gives itself.'],
    ['a name without letters', { time, '': 1 }, {}, 'A column needs a name'],
    [
      'a name that differs in case only',
      { time, ID: 1 },
      { id: 'BIGINT' },
      'SQL cannot tell "ID" from the column "id".',
    ],
    ['two such names at once', { time, Ab: 1, aB: 2 }, {}, 'SQL cannot tell'],
    ['a name too long', { time, ['x'.repeat(300)]: 1 }, {}, 'longer than the 255 letters'],
  ])('%s is refused', (_, event, columns, reason) => {
    const checked = weigh(event, columns);
    expect(checked.ok ? null : checked.reason).toContain(reason);
  });

  test('nesting has an end, and so have columns', () => {
    const deep = parseExact(`{"time":"${time}","j":${'['.repeat(5000)}${']'.repeat(5000)}}`);
    expect(weigh(deep).ok).toBe(false);
    const many = Object.fromEntries(Array.from({ length: limits.columns }, (_, at) => [`c${at}`, 1]));
    expect(weigh({ time, ...many })).toMatchObject({ reason: expect.stringContaining('at most 1000') });
  });

  test('half a letter is replaced, in names inside too', () => {
    const checked = weigh({ time, s: 'a\ud800', j: { 'k\udfff': '\\ud800 \ud83d' } });
    expect(rowOf(checked)).toMatchObject({ s: 'a\uFFFD', j: { 'k\uFFFD': '\\ud800 \uFFFD' } });
  });

  test('whatever comes is kept whole or refused with a sentence, and what was inferred is kept', () => {
    const anything = fc.dictionary(fc.string(), fc.oneof(fc.jsonValue(), fc.bigInt(), fc.double()));
    fc.assert(
      fc.property(anything, (event) => {
        const given = { ...event, time };
        const columns = inferColumns([given], contract, now);
        const checked = check(given, toColumns(columns ?? []), contract, now);
        if (!checked.ok) {
          expect(checked.reason).toMatch(/\.$/);
          return;
        }
        const row = parseExact(`{${checked.row}}`) as Record<string, unknown>;
        expect(Object.keys(row).toSorted()).toEqual(
          Object.keys(given)
            .filter((name) => (given as Record<string, unknown>)[name] !== null)
            .toSorted(),
        );
      }),
    );
  });
});

describe('the key', () => {
  test('is the values as they are kept, whichever way they were written', () => {
    const by = { ...contract, key: ['id', 'time'] };
    const keys = [
      { time, id: 1 },
      { time: '2026-11-21T11:00:00+02:00', id: 1 },
      { time: 1795251600000, id: 1 },
    ].map((event) => weigh(event, { id: 'BIGINT' }, by));
    expect(new Set(keys.map((each) => each.ok && each.key)).size).toBe(1);
  });

  test('of several columns is not mixed up', () => {
    const by = { ...contract, key: ['a', 'b'] };
    const keyOf = (a: string, b: string) => (weigh({ time, a, b }, {}, by) as { key: string }).key;
    expect(keyOf('x\n', 'y')).not.toBe(keyOf('x', '\ny'));
  });

  test('must be there', () => {
    expect(weigh({ time, id: null }, {}, keyed)).toEqual({
      ok: false,
      reason: 'id is missing, and it is part of the key.',
    });
  });
});

test('whole numbers are exact, both ways', () =>
  fc.assert(
    fc.property(fc.bigInt(), (value) => {
      const back = parseExact(writeExact({ a: [value] })) as { a: [number | bigint] };
      expect(BigInt(back.a[0])).toBe(value);
      expect(typeOf(value)).toBe(value >= -(2n ** 63n) && value < 2n ** 63n ? 'BIGINT' : 'DOUBLE');
    }),
  ));

describe('the definition', () => {
  const given = { name: 'visits', eventTime: 'time' };

  test('has defaults, and a key may be one name', () => {
    expect(StreamSpec.parse({ ...given, key: 'id' })).toMatchObject({
      key: ['id'],
      retention: { days: null, bytes: null },
      deduplication: 3600,
    });
  });

  test.each([
    [{ name: 'a b' }],
    [{ eventTime: '_offset' }],
    [{ key: ['a', 'a'] }],
    [{ columns: [{ name: 'time', type: 'VARCHAR' }] }],
    [
      {
        columns: [
          { name: 'time', type: 'TIMESTAMP' },
          { name: 'TIME', type: 'DATE' },
        ],
      },
    ],
    [{ columns: [{ name: 'time', type: 'TIMESTAMP' }], key: 'id' }],
    [{ retention: { days: -1 } }],
  ])('%j is refused', (more) => {
    expect(StreamSpec.safeParse({ ...given, ...more }).success).toBe(false);
  });

  test('stated columns are taken', () => {
    const columns: StreamColumn[] = [
      { name: 'time', type: 'TIMESTAMP' },
      { name: 'price', type: 'DOUBLE' },
    ];
    expect(StreamSpec.parse({ ...given, columns }).columns).toEqual(columns);
  });
});
