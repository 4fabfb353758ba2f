import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { statementsOf, tokenize } from './token.ts';
import { spansOf } from './tokens.ts';

/** The tokens that are not space, as `kind:text`. */
function seen(source: string): string[] {
  const tokens = tokenize(source).filter((token) => token.kind !== 'space');
  return tokens.map((token) => `${token.kind}:${source.slice(token.from, token.to)}`);
}

describe('tokenize', () => {
  it.each([
    ["'it''s' x", ["string:'it''s'", 'word:x']],
    ["'no \\' x", ["string:'no \\'", 'word:x']],
    ["E'it\\'s' x", ["string:E'it\\'s'", 'word:x']],
    ["e'a''b\\\\' x", ["string:e'a''b\\\\'", 'word:x']],
    ['"a ""b"" c" x', ['quoted:"a ""b"" c"', 'word:x']],
    ["$$ it's {{x}} $$ y", ["string:$$ it's {{x}} $$", 'word:y']],
    ['$tag$ $$ $other$ $tag$ y', ['string:$tag$ $$ $other$ $tag$', 'word:y']],
    ['a$b$ c', ['word:a$b$', 'word:c']],
    ['$1 + $2', ['operator:$', 'number:1', 'operator:+', 'operator:$', 'number:2']],
    ['a--b\nc', ['word:a', 'comment:--b', 'word:c']],
    ['a /* b /* c */ d */ e', ['word:a', 'comment:/* b /* c */ d */', 'word:e']],
    ['a/*/b*/c', ['word:a', 'comment:/*/b*/', 'word:c']],
    ['1.5e-3 0xFF 1_000 .5', ['number:1.5e-3', 'number:0xFF', 'number:1_000', 'number:.5']],
    ["x'00ff' U&'d\\0061'", ["string:x'00ff'", "string:U&'d\\0061'"]],
    ['größe 数', ['word:größe', 'word:数']],
    ["{'a': {{n}}}", ['operator:{', "string:'a'", 'operator::', 'parameter:{{n}}', 'operator:}']],
    [
      '{{ n }} {{ 1n }}',
      ['parameter:{{ n }}', 'operator:{', 'operator:{', 'number:1', 'word:n', 'operator:}', 'operator:}'],
    ],
  ])('%s', (source, tokens) => {
    expect(seen(source)).toEqual(tokens);
  });

  it.each(["'open {{x}}", '"open {{x}}', '$$open {{x}}', '$t$open {{x}} $$', '/* open /* {{x}} */', "E'open\\' {{x}}"])(
    'runs to the end when unterminated: %s',
    (source) => {
      expect(tokenize(source)).toHaveLength(1);
    },
  );

  it('covers every character exactly once, whatever the text', () => {
    const marks = fc.constantFrom(
      "'",
      '"',
      '$',
      '$$',
      '--',
      '/*',
      '*/',
      '\n',
      '{{',
      '}}',
      'a',
      'E',
      '\\',
      '1',
      '.',
      '😀',
      '\uD800',
      ' ',
      ';',
    );
    fc.assert(
      fc.property(fc.array(marks), (parts) => {
        const source = parts.join('');
        const tokens = tokenize(source);
        expect(tokens.map((token) => source.slice(token.from, token.to)).join('')).toBe(source);
      }),
      { numRuns: 2000 },
    );
  });

  it('takes a large hostile text in one pass', () => {
    const source = `${'{{'.repeat(100_000)}${"'".repeat(100_001)}`;
    expect(tokenize(source).at(-1)!.to).toBe(source.length);
    const open = `'${'a'.repeat(2_000_000)}`;
    expect(tokenize(open)).toHaveLength(1);
    expect(tokenize(`E${open}\\`)).toHaveLength(1);
  });
});

describe('statementsOf', () => {
  it('cuts at semicolons outside strings and comments', () => {
    const source = "SELECT ';' -- ;\n; /* ; */ ; SELECT 2;";
    expect(statementsOf(source).map((part) => source.slice(part.from, part.to))).toEqual([
      "SELECT ';' -- ;\n",
      ' SELECT 2',
    ]);
  });

  it('finds none in a comment alone', () => {
    expect(statementsOf('-- nothing\n;')).toEqual([]);
  });
});

describe('spansOf', () => {
  it('tells keywords, names, functions and the rest', () => {
    const source = `SELECT count(*), "Day" -- all\nFROM t WHERE a > {{n}} AND b = 'x' AND left(c, 2) IN (1)`;
    expect(spansOf(source).map((span) => `${span.kind}:${source.slice(span.from, span.to)}`)).toEqual([
      'keyword:SELECT',
      'function:count',
      'identifier:"Day"',
      'comment:-- all',
      'keyword:FROM',
      'identifier:t',
      'keyword:WHERE',
      'identifier:a',
      'parameter:{{n}}',
      'keyword:AND',
      'identifier:b',
      "string:'x'",
      'keyword:AND',
      'function:left',
      'identifier:c',
      'number:2',
      'keyword:IN',
      'number:1',
    ]);
  });
});
