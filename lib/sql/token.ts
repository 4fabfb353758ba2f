/*
 * Cuts SQL into tokens the way an engine's lexer does, as far as it matters here: what is a string, a comment or a quoted
 * name, and what stands outside of them. For DuckDB it knows '' and E'' strings, dollar quotes and nested block comments;
 * Trino has only '' strings, back quotes, and block comments that end at the first mark. Both know our own `{{name}}`. It
 * understands no grammar and never fails: what is unterminated runs to the end. Every character of the text belongs to
 * exactly one token.
 */

export type Dialect = 'duckdb' | 'trino';

export type TokenKind = 'space' | 'comment' | 'string' | 'quoted' | 'word' | 'number' | 'parameter' | 'operator';

export interface Token {
  kind: TokenKind;
  /** [from, to) in UTF-16 units. */
  from: number;
  to: number;
  /** The name within `{{ name }}`; '' for all other kinds. */
  name: string;
}

type Rule = [kind: TokenKind, pattern: RegExp];

const shared: Rule[] = [
  ['space', /\s+/y],
  ['comment', /--[^\n\r]*/y],
  ['parameter', /\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}/y],
];

const duckdb: Rule[] = [
  ...shared,
  ['string', /[eE]'[^'\\]*(?:(?:''|\\[^])[^'\\]*)*(?:'|\\?$)/y],
  ['string', /(?:[xXbB]|[uU]&)?'[^']*(?:''[^']*)*(?:'|$)/y],
  ['string', /\$\$[^]*?(?:\$\$|$)/y],
  ['string', /\$([\p{L}_][\p{L}\p{N}_]*)\$[^]*?(?:\$\1\$|$)/uy],
  ['quoted', /(?:[uU]&)?"[^"]*(?:""[^"]*)*(?:"|$)/y],
  ['number', /0[xX][0-9a-fA-F_]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y],
  ['word', /[\p{L}_][\p{L}\p{M}\p{N}_$]*/uy],
  ['operator', /[^]/uy],
];

const trino: Rule[] = [
  ...shared,
  ['comment', /\/\*[^]*?(?:\*\/|$)/y],
  ['string', /(?:[xX]|[uU]&)?'[^']*(?:''[^']*)*(?:'|$)/y],
  ['quoted', /"[^"]*(?:""[^"]*)*(?:"|$)/y],
  ['quoted', /`[^`]*(?:``[^`]*)*(?:`|$)/y],
  ['number', /0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y],
  ['word', /[\p{L}_][\p{L}\p{M}\p{N}_]*/uy],
  ['operator', /[^]/uy],
];

const rules: Record<Dialect, Rule[]> = { duckdb, trino };

export function tokenize(source: string, dialect: Dialect = 'duckdb'): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < source.length; at = tokens.at(-1)!.to) tokens.push(tokenAt(source, at, dialect));
  return tokens;
}

/** The statements of a text, [from, to) each, without their semicolons; blank ones are left out. */
export function statementsOf(source: string, dialect: Dialect = 'duckdb'): { from: number; to: number }[] {
  const ends = tokenize(source, dialect).filter((token) => token.kind === 'operator' && source[token.from] === ';');
  const cuts = [0, ...ends.flatMap((token) => [token.from, token.to]), source.length];
  const parts = Array.from({ length: ends.length + 1 }, (_, index) => ({
    from: cuts[2 * index]!,
    to: cuts[2 * index + 1]!,
  }));
  return parts.filter((part) => !isBlank(source.slice(part.from, part.to), dialect));
}

function isBlank(source: string, dialect: Dialect): boolean {
  return tokenize(source, dialect).every((token) => token.kind === 'space' || token.kind === 'comment');
}

function tokenAt(source: string, from: number, dialect: Dialect): Token {
  if (dialect === 'duckdb' && source.startsWith('/*', from))
    return { kind: 'comment', from, to: endOfBlock(source, from), name: '' };
  for (const [kind, pattern] of rules[dialect]) {
    pattern.lastIndex = from;
    const match = pattern.exec(source);
    if (match) return { kind, from, to: pattern.lastIndex, name: kind === 'parameter' ? match[1]! : '' };
  }
  return { kind: 'operator', from, to: from + 1, name: '' }; // half a surrogate pair
}

function endOfBlock(source: string, from: number): number {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = from + 2;
  for (let depth = 1; depth > 0;) {
    const found = mark.exec(source);
    if (!found) return source.length;
    depth += found[0] === '/*' ? 1 : -1;
  }
  return mark.lastIndex;
}
