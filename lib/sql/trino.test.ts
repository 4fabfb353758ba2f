import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileTrino, executeImmediate, linesBefore, quoteText } from './trino.ts';
import { statementsOf, tokenize } from './token.ts';

describe('compileTrino', () => {
  it('binds each type as a literal of its own', () => {
    const source = 'SELECT {{n}}, {{f}}, {{none}}, {{t}}, {{d}}, {{ts}}, {{nothing}}';
    const compiled = compileTrino(source, {
      n: { type: 'number', value: 7 },
      f: { type: 'number', value: 7.5 },
      none: { type: 'number', value: null },
      t: { type: 'text', value: "o'hara; DROP TABLE x --" },
      d: { type: 'date', value: '2026-01-02' },
      ts: { type: 'timestamp', value: '2026-01-02T03:04:05.123456' },
      nothing: { type: 'timestamp', value: null },
    });
    expect(compiled).toMatchObject({
      ok: true,
      sql: 'SELECT ?, ?, ?, ?, ?, ?, ?',
      using: [
        "BIGINT '7'",
        "DOUBLE '7.5'",
        'CAST(NULL AS DOUBLE)',
        "CAST('o''hara; DROP TABLE x --' AS varchar)",
        "DATE '2026-01-02'",
        "TIMESTAMP '2026-01-02 03:04:05.123456'",
        'CAST(NULL AS TIMESTAMP(6))',
      ],
    });
  });

  it('binds a name that is used twice twice, because places are all Trino knows', () => {
    const compiled = compileTrino('SELECT {{n}} LIMIT{{n}}', { n: { type: 'number', value: 1 } });
    expect(compiled).toMatchObject({ sql: 'SELECT ? LIMIT ?', using: ["BIGINT '1'", "BIGINT '1'"] });
  });

  it.each(["SELECT '{{n}}'", 'SELECT 1 -- {{n}}', 'SELECT /* {{n}} */ 1', 'SELECT "{{n}}", `{{n}}`'])(
    'leaves strings, names and comments alone: %s',
    (source) => {
      expect(compileTrino(source, {})).toMatchObject({ ok: true, sql: source, using: [] });
    },
  );

  it('knows no dollar quotes, no E strings and no nested comments', () => {
    const parameters = { n: { type: 'number', value: 1 } } as const;
    expect(compileTrino('SELECT $$ {{n}} $$', parameters)).toMatchObject({ sql: 'SELECT $$ ? $$' });
    expect(compileTrino("SELECT E'\\' || {{n}} || ''", parameters)).toMatchObject({ using: ["BIGINT '1'"] });
    expect(compileTrino('/* a /* b */ SELECT {{n}}', parameters)).toMatchObject({ using: ["BIGINT '1'"] });
  });

  it('says which parameter is unknown, and where', () => {
    expect(compileTrino('SELECT\n {{m}}', {})).toMatchObject({
      ok: false,
      error: { name: 'm', position: { line: 2, column: 2, length: 5 } },
    });
  });

  it('never lets a value become SQL', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const compiled = compileTrino('SELECT {{t}}', { t: { type: 'text', value } });
        if (!compiled.ok) throw new Error(compiled.error.name);
        const sent = executeImmediate(compiled.sql, compiled.using);
        const strings = tokenize(sent, 'trino').filter((token) => token.kind === 'string');
        expect(strings.map((token) => sent.slice(token.from, token.to))).toEqual(["'\nSELECT ?'", quoteText(value)]);
      }),
    );
  });

  it('puts the statement on lines of its own, from column 1', () => {
    const lines = executeImmediate("SELECT 'a',\n  ?", ['NULL']).split('\n');
    expect(lines[linesBefore]).toBe("SELECT ''a'',");
    expect(lines[linesBefore + 1]).toBe("  ?' USING NULL");
  });
});

describe('statementsOf in Trino', () => {
  it('cuts where Trino would', () => {
    const source = "SELECT $$a; SELECT ';' /* ; /* */; -- ;\n";
    expect(statementsOf(source, 'trino').map(({ from, to }) => source.slice(from, to))).toEqual([
      'SELECT $$a',
      " SELECT ';' /* ; /* */",
    ]);
  });
});
