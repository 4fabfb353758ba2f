import { describe, expect, test } from 'vitest';
import { compile } from '#lib/sql/compile.ts';
import type { Parameters } from '#lib/sql/parameter.ts';
import { closest } from '#lib/sql/closest.ts';
import { parseEngineError, toKernelError } from './error.ts';
import { kindOf } from './file/kind.ts';
import { columnTypes, Digits, type Found } from './file/json-type.ts';
import { namesBehindFrom } from './names.ts';
import { mayMultiply } from './rows.ts';
import { countError, firstWord, isReading, literal } from './statement.ts';

describe('statements', () => {
  test('the first word stands behind comments and parentheses', () => {
    expect(firstWord('-- a\n/* b */ ((select 1))')).toBe('SELECT');
    expect(firstWord("'x'")).toBe('');
  });

  test('only what reads is let in by its first word', () => {
    expect(['WITH a AS (SELECT 1) FROM a', 'from a', 'VALUES (1)', 'summarize a'].every(isReading)).toBe(true);
    expect(['INSERT INTO a', 'copy a to b', 'SET x = 1', 'ATTACH', 'CALL f()', 'EXECUTE x', ''].some(isReading)).toBe(
      false,
    );
  });

  test('one statement, not none and not two', () => {
    expect(countError("SELECT ';' ; -- ;\n")).toBeNull();
    expect(countError(' -- nothing')?.code).toBe('syntax');
    expect(countError('SELECT 1; SELECT 2')?.code).toBe('refused');
  });

  test('values are literals that cannot end themselves', () => {
    expect([null, 1.5, -1e21, "it's"].map(literal)).toEqual(['NULL', '1.5', '-1e+21', "'it''s'"]);
  });

  test('an answer that could grow is known by its words', () => {
    expect(mayMultiply('SELECT * FROM a WHERE x > 1', ['a', 'b'])).toBe(false);
    expect(mayMultiply('SELECT * FROM a, b', ['a', 'b'])).toBe(true);
    expect(mayMultiply('SELECT * FROM a x, A y', ['a'])).toBe(true);
    expect(mayMultiply('SELECT * FROM range(9) -- ', [])).toBe(true);
    expect(mayMultiply("SELECT 'JOIN' FROM a", ['a'])).toBe(false);
  });
});

describe('names behind FROM', () => {
  const cases: [sql: string, names: string[]][] = [
    ['SELECT * FROM a JOIN b USING (x) LEFT JOIN "C d" USING (y)', ['a', 'b', 'C d']],
    ['WITH q AS (SELECT 1), r AS MATERIALIZED (SELECT 2) SELECT * FROM q JOIN r USING (x) JOIN s USING (y)', ['s']],
    ['PIVOT a ON x USING sum(y)', ['a']],
    ["SELECT * FROM range(3), 'file.csv'", []],
    ['FROM a SELECT x FROM a', ['a']],
  ];
  for (const [sql, names] of cases) test(sql, () => expect(namesBehindFrom(sql)).toEqual(names));
});

describe('errors', () => {
  const told = (error: Record<string, unknown>) => JSON.stringify(error);

  function explain(source: string, error: Record<string, unknown>, parameters: Parameters = {}, prefix = '') {
    const compiled = compile(source, parameters);
    if (!compiled.ok) throw new Error(compiled.error.name);
    return toKernelError(told(error), { source, prefix, sql: compiled.sql, toSource: compiled.toSource });
  }

  test('the place is found behind bytes, prefix and parameters', () => {
    const source = "SELECT 'é€😀', {{a}},\n nope";
    const parameters: Parameters = { a: { type: 'number', value: 1 } };
    const compiled = compile(source, parameters);
    const at = compiled.ok
      ? new TextEncoder().encode(`BEGIN;\n${compiled.sql.slice(0, compiled.sql.indexOf('nope'))}`).length
      : 0;
    const error = {
      exception_type: 'Binder',
      exception_message: 'no',
      name: 'nope',
      position: String(at),
      error_subtype: 'COLUMN_NOT_FOUND',
      candidates: 'note',
    };
    expect(explain(source, error, parameters, 'BEGIN;\n')).toMatchObject({
      code: 'unknown-name',
      position: { line: 2, column: 2, length: 4 },
      fix: { from: source.indexOf('nope'), to: source.length, text: 'note' },
    });
  });

  test('an error inside an error is the inner one', () => {
    const inner = told({ exception_type: 'Parser', exception_message: 'syntax error', position: '3' });
    expect(parseEngineError(told({ exception_type: 'Parser', exception_message: inner }))).toMatchObject({
      exception_message: 'syntax error',
      position: '3',
    });
    expect(parseEngineError(`Parser Error: ${inner}`)).toMatchObject({ position: '3' });
  });

  test('what is no word of the engine means it is lost, or out of memory', () => {
    const origin = { source: '', prefix: '', sql: '', toSource: (place: { line: number; column: number }) => place };
    expect(toKernelError('RuntimeError: unreachable', origin).code).toBe('lost');
    expect(toKernelError('memory access out of bounds', origin).code).toBe('lost');
    expect(toKernelError('std::bad_alloc: out of memory', origin).code).toBe('memory');
  });

  test('the message is one sentence, the rest is detail', () => {
    const error = {
      exception_type: 'Catalog',
      exception_message: 'Table with name tt does not exist!\nDid you mean "t"?',
    };
    expect(explain('SELECT 1', error)).toMatchObject({
      message: 'Table with name tt does not exist.',
      detail: error.exception_message,
    });
  });
});

describe('the closest name', () => {
  test('is like it, or there is none', () => {
    expect(closest('amuont', ['shop', 'amount'])).toBe('amount');
    expect(closest('saels', ['pg_namespace', 'sales'])).toBe('sales');
    expect(closest('n', ['m'])).toBeNull();
    expect(closest('revenue', ['pg_views', ''])).toBeNull();
    expect(closest('daay', ['t.day'])).toBe('t.day');
  });
});

describe('files by name and content', () => {
  const text = new TextEncoder().encode('a,b\n');
  test('agree', () => {
    expect(kindOf('A.CSV', 4, text)).toBe('csv');
    expect(kindOf('a.jsonl', 4, text)).toBe('json');
    expect(kindOf('a.parquet', 4, new TextEncoder().encode('PAR1'))).toBe('parquet');
  });

  test('or are refused with what they hold', () => {
    expect(kindOf('a.csv', 4, new TextEncoder().encode('PAR1'))).toMatchObject({
      code: 'refused',
      message: 'a.csv is not CSV: it holds Parquet.',
      hint: 'End its name in .parquet.',
    });
    expect(kindOf('a', 4, text)).toMatchObject({ code: 'refused' });
    expect(kindOf('a.csv', 0, new Uint8Array())).toMatchObject({ message: 'a.csv is empty.' });
  });
});

describe('types found in JSON', () => {
  const cases: [values: unknown[], type: string][] = [
    [[1, 2], 'BIGINT'],
    [[1, 2.5], 'DOUBLE'],
    [[new Digits('9007199254740993'), 1], 'BIGINT'],
    [[new Digits('92233720368547758080')], 'HUGEINT'],
    [[new Digits('0.12345678901234567890')], 'DOUBLE'],
    [['2024-02-29', '2024-02-30'], 'VARCHAR'],
    [['2024-02-29', null], 'DATE'],
    [['2024-02-29', '2024-02-29T12:00:00'], 'TIMESTAMP'],
    [[true, false], 'BOOLEAN'],
    [[true, 1], 'VARCHAR'],
    [[null], 'VARCHAR'],
    [[[1]], 'VARCHAR'],
  ];
  for (const [values, type] of cases) {
    test(`${JSON.stringify(values)} is ${type}`, () => {
      const found = new Map<string, Found>();
      for (const v of values) columnTypes.note(found, { v });
      expect(columnTypes.of(found)).toEqual([{ name: 'v', type }]);
    });
  }
});
