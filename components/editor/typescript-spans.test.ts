import { describe, expect, it } from 'vitest';
import { typescriptSpans } from './typescript-spans.ts';

function seen(source: string): string[] {
  return typescriptSpans(source).map((span) => `${span.kind}:${source.slice(span.from, span.to)}`);
}

describe('colours of TypeScript before its editor', () => {
  it('keywords, calls, numbers and strings', () => {
    expect(seen("const n = sum(1_000.5, 'a')")).toEqual([
      'keyword:const',
      'function:sum',
      'number:1_000.5',
      "string:'a'",
    ]);
  });
  it('a comment is one stretch to the end of its line', () => {
    expect(seen('a // b(1) \nc(2)')).toEqual(['comment:// b(1) ', 'function:c', 'number:2']);
  });
  it('what is never closed runs to the end and nothing hangs', () => {
    expect(seen('x = `open ${a')).toEqual(['string:`open ${a']);
    expect(seen('/* open')).toEqual(['comment:/* open']);
  });
  it('a capital name is a type, a call of one is a call', () => {
    expect(seen('let d: Decimal = new Date(0)')).toEqual([
      'keyword:let',
      'type:Decimal',
      'keyword:new',
      'function:Date',
      'number:0',
    ]);
  });
});
