import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blank, compile, offsetOf, parametersOf, placeAt, type Compiled } from './compile.ts';
import type { Parameters } from './parameter.ts';

const parameters: Parameters = {
  n: { type: 'number', value: 7 },
  f: { type: 'number', value: 7.5 },
  big: { type: 'number', value: 2 ** 60 },
  none: { type: 'number', value: null },
  t: { type: 'text', value: "o'hara; DROP TABLE x --" },
  d: { type: 'date', value: '2026-01-02' },
  ts: { type: 'timestamp', value: '2026-01-02 03:04:05.123456' },
};

function compiled(source: string): Compiled {
  const result = compile(source, parameters);
  if (!result.ok) throw new Error(result.error.name);
  return result;
}

describe('compile', () => {
  it('binds each type as its own', () => {
    const { sql, values } = compiled('SELECT {{n}}, {{f}}, {{big}}, {{none}}, {{t}}, {{d}}, {{ts}}');
    expect(sql).toBe(
      'SELECT CAST($1 AS BIGINT), CAST($2 AS DOUBLE), CAST($3 AS DOUBLE), CAST($4 AS DOUBLE), CAST($5 AS VARCHAR), CAST($6 AS DATE), CAST($7 AS TIMESTAMP)',
    );
    expect(values).toEqual([
      7,
      7.5,
      2 ** 60,
      null,
      "o'hara; DROP TABLE x --",
      '2026-01-02',
      '2026-01-02 03:04:05.123456',
    ]);
  });

  it('binds a name that is used twice once', () => {
    const { sql, values } = compiled('SELECT {{d}} WHERE a >= {{ d }} AND b = {{n}}');
    expect(sql).toBe('SELECT CAST($1 AS DATE) WHERE a >= CAST($1 AS DATE) AND b = CAST($2 AS BIGINT)');
    expect(values).toEqual(['2026-01-02', 7]);
  });

  it.each([
    "SELECT '{{n}}'",
    'SELECT 1 -- {{n}}',
    'SELECT /* {{n}} /* {{n}} */ {{n}} */ 1',
    'SELECT "{{n}}"',
    'SELECT $$ {{n}} $$',
    "SELECT E'\\'{{n}}'",
  ])('leaves strings and comments alone: %s', (source) => {
    expect(compiled(source)).toMatchObject({ sql: source, values: [] });
  });

  it('never lets a value become SQL', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const result = compile('SELECT {{t}}', { t: { type: 'text', value } });
        expect(result).toMatchObject({ ok: true, sql: 'SELECT CAST($1 AS VARCHAR)', values: [value] });
      }),
    );
  });

  it('keeps words apart that braces kept apart', () => {
    expect(compiled('SELECT 1 LIMIT{{n}}').sql).toBe('SELECT 1 LIMIT CAST($1 AS BIGINT)');
  });

  it('says which parameter is unknown, and where', () => {
    expect(compile('SELECT 1,\n  {{until}} FROM t', parameters)).toEqual({
      ok: false,
      error: { code: 'unknown-parameter', name: 'until', position: { line: 2, column: 3, length: 9 } },
    });
  });

  it.each(['constructor', '__proto__', 'toString'])('knows no parameter the notebook does not have: %s', (name) => {
    expect(compile(`SELECT {{${name}}}`, parameters)).toMatchObject({ ok: false, error: { name } });
  });
});

describe('toSource', () => {
  const source = 'SELECT {{n}} AS a,\n  {{\n d }} AS b, {{t}} x\nFROM nowhere';

  it.each([
    ['SELECT', 1, 1],
    ['AS a', 1, 14],
    ['AS b', 3, 7],
    ['x\n', 3, 19],
    ['nowhere', 4, 6],
  ])('maps %s back', (needle, line, column) => {
    const { sql, toSource } = compiled(source);
    expect(toSource(placeAt(sql, sql.indexOf(needle)))).toEqual({ line, column });
  });

  it('maps the inside of a compiled parameter to the whole of it', () => {
    const { sql, toSource } = compiled(source);
    expect(toSource(placeAt(sql, sql.indexOf('$2')))).toEqual({ line: 2, column: 3, length: 8 });
  });

  it('maps what is past the end to the end', () => {
    expect(compiled(source).toSource({ line: 99, column: 99 })).toEqual({ line: 4, column: 13 });
    expect(compiled('').toSource({ line: 1, column: 5 })).toEqual({ line: 1, column: 1 });
  });

  it('maps every character outside parameters to itself', () => {
    const parts = fc.constantFrom('a', '\n', ' ', '{{n}}', '{{ t }}', "'x{{n}}'", '-- {{n}}\n', 'ß', '😀');
    fc.assert(
      fc.property(fc.array(parts), (words) => {
        const text = words.join(' ');
        const { sql, toSource } = compiled(text);
        for (let at = 0; at < sql.length; at++) {
          const place = toSource(placeAt(sql, at));
          if (place.length === undefined) expect(text[offsetOf(text, place)]).toBe(sql[at]);
        }
      }),
    );
  });
});

describe('parametersOf', () => {
  it('names each once, in first-use order', () => {
    expect(parametersOf("{{b}} '{{c}}' {{a}} {{b}} -- {{d}}")).toEqual(['b', 'a']);
  });
});

describe('blank', () => {
  it('keeps length and lines', () => {
    expect(blank('SELECT {{n}} LIMIT{{ n }}, {{\nn}}')).toBe('SELECT  NULL LIMIT NULL  ,  0\n   ');
  });

  it('keeps the place of everything else', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', '{{n}}', '\n', "'{{n}}'")), (parts) => {
        const text = parts.join(' ');
        expect(blank(text)).toHaveLength(text.length);
        expect(blank(text).split('\n').length).toBe(text.split('\n').length);
      }),
    );
  });
});
