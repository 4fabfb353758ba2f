import { describe, expect, test } from 'vitest';
import { compile, readsOf } from './compile.ts';

function compiled(source: string) {
  const result = compile(source);
  if (!result.ok) throw new Error(result.error.message);
  return result;
}

function errorOf(source: string) {
  const result = compile(source);
  if (result.ok) throw new Error('It compiled.');
  return result.error;
}

describe('what a cell reads', () => {
  const cases: [source: string, reads: string[]][] = [
    ['sales.rows.length + until', ['sales', 'until']],
    ['const sales = 1; sales', []],
    ['for (const row of sales) console.log(row.amount, Math.max(1))', ['sales']],
    ['(() => { const inner = 1; return inner + outer })()', ['outer']],
    ['const { a, b: c } = given; a + c', ['given']],
    ['type Row = Sale; const rows: Sale[] = []', []],
    ['table([]); new Decimal(1n, 0)', []],
    ['b; a; b', ['b', 'a']],
    ['({ sales: 1 }).sales', []],
    ['f`${inside}`', ['f', 'inside']],
    ['const x = = 1', []],
  ];
  for (const [source, reads] of cases) test(source, () => expect(readsOf(source)).toEqual(reads));
});

describe('the body', () => {
  test('keeps every line where it was', () => {
    const source = 'interface A {\n  a: number;\n}\nconst a: A = { a: 1 };\nexport const b = a.a as number;\n\nb + 1';
    const lines = compiled(source).body.split('\n');
    expect(lines[3]).toContain('const a');
    expect(lines[4]).toContain('const b');
    expect(lines[6]).toBe('__cell.value = b + 1');
  });

  test('takes the value of the last expression only', () => {
    expect(compiled('1;\n2').body).toContain('1;\n__cell.value = 2');
    expect(compiled('2;\nif (true) 3').body).not.toContain('__cell.value');
  });

  test('leaves what it declares', () => {
    expect(compiled('const a = 1; let [b, ...c] = []; function d() {} class E {}').declares).toEqual([
      'a',
      'b',
      'c',
      'd',
      'E',
    ]);
    expect(compiled('const a = 1').body).toContain('__cell.names = { a };');
  });

  test('makes export a word', () => {
    expect(compiled('export default 5').body).toContain('__cell.value = 5');
    expect(compiled('const a = 1;\nexport { a };').body).not.toContain('export');
  });

  test('runs with what the worker gives it', async () => {
    const { body } = compiled('const a: number = await given;\na * 2');
    const cell: { value?: unknown; names?: unknown } = {};
    const run = new Function('__cell', 'given', `return (async () => { ${body}\n})()`) as (
      ...given: unknown[]
    ) => Promise<void>;
    await run(cell, Promise.resolve(21));
    expect(cell).toEqual({ value: 42, names: { a: 21 } });
  });
});

describe('what it refuses', () => {
  for (const source of [
    'import x from "x"',
    'export * from "x"',
    'export { a } from "x"',
    'const x = await import("x")',
    'if (a) { import("x") }',
  ]) {
    test(source, () => expect(errorOf(source)).toMatchObject({ code: 'refused', position: { line: 1 } }));
  }

  test('wrong text, with its place', () => {
    expect(errorOf('const a = 1;\nconst b = = 2;')).toMatchObject({
      code: 'syntax',
      position: { line: 2, column: 11 },
    });
    expect(errorOf('const a = 1;\nconst a = 2;')).toMatchObject({ code: 'syntax', position: { line: 2 } });
    expect(errorOf('f(')).toMatchObject({ code: 'syntax' });
  });
});
