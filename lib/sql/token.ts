/*
 * Cuts SQL into tokens the way DuckDB's lexer does, as far as it matters here: what is a string, a comment or a quoted
 * name, and what stands outside of them. It knows '' and E'' strings, dollar quotes, nested block comments and our own
 * `{{name}}`. It understands no grammar and never fails: what is unterminated runs to the end. Every character
 * of the text belongs to exactly one token.
 */

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

const rules: Rule[] = [
  ['space', /\s+/y],
  ['comment', /--[^\n\r]*/y],
  ['parameter', /\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}/y],
  ['string', /[eE]'[^'\\]*(?:(?:''|\\[^])[^'\\]*)*(?:'|\\?$)/y],
  ['string', /(?:[xXbB]|[uU]&)?'[^']*(?:''[^']*)*(?:'|$)/y],
  ['string', /\$\$[^]*?(?:\$\$|$)/y],
  ['string', /\$([\p{L}_][\p{L}\p{N}_]*)\$[^]*?(?:\$\1\$|$)/uy],
  ['quoted', /(?:[uU]&)?"[^"]*(?:""[^"]*)*(?:"|$)/y],
  ['number', /0[xX][0-9a-fA-F_]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y],
  ['word', /[\p{L}_][\p{L}\p{M}\p{N}_$]*/uy],
  ['operator', /[^]/uy],
];

export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < source.length; at = tokens.at(-1)!.to) tokens.push(tokenAt(source, at));
  return tokens;
}

/** The statements of a text, [from, to) each, without their semicolons; blank ones are left out. */
export function statementsOf(source: string): { from: number; to: number }[] {
  const ends = tokenize(source).filter((token) => token.kind === 'operator' && source[token.from] === ';');
  const cuts = [0, ...ends.flatMap((token) => [token.from, token.to]), source.length];
  const parts = Array.from({ length: ends.length + 1 }, (_, index) => ({
    from: cuts[2 * index]!,
    to: cuts[2 * index + 1]!,
  }));
  return parts.filter((part) => !isBlank(source.slice(part.from, part.to)));
}

function isBlank(source: string): boolean {
  return tokenize(source).every((token) => token.kind === 'space' || token.kind === 'comment');
}

function tokenAt(source: string, from: number): Token {
  if (source.startsWith('/*', from)) return { kind: 'comment', from, to: endOfBlock(source, from), name: '' };
  for (const [kind, pattern] of rules) {
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
