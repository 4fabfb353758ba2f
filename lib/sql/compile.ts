import type { Parameter, Parameters } from './parameter.ts';
import { tokenize, type Dialect, type Token } from './token.ts';

/*
 * Turns SQL as people write it into SQL an engine can prepare. `{{name}}` outside strings and comments becomes
 * `CAST($n AS …)` and its value is bound, never pasted: no text of an input can become SQL. A name used twice is bound
 * once. Positions an engine reports in the compiled text are mapped back to the text people see.
 */

/** Both from 1; columns and lengths count UTF-16 units, as editors do. */
export interface Place {
  line: number;
  column: number;
  length?: number;
}

export interface Compiled {
  ok: true;
  sql: string;
  /** In the order of $1, $2, … */
  values: (number | string | null)[];
  /** Where a place in `sql` stands in the source; inside a compiled parameter, the whole parameter. */
  toSource(place: Place): Place;
}

export interface UnknownParameter {
  ok: false;
  error: { code: 'unknown-parameter'; name: string; position: Place };
}

/** A stretch of the compiled text and where it came from. */
interface Piece {
  /** Offset in the compiled text. */
  at: number;
  length: number;
  token: Token;
}

export function compile(source: string, parameters: Parameters): Compiled | UnknownParameter {
  const values: Compiled['values'] = [];
  const slots = new Map<string, string>();
  const replaced = replaceParameters(source, 'duckdb', parameters, (parameter, name) => {
    const slot = slots.get(name) ?? `CAST($${values.push(parameter.value)} AS ${sqlType(parameter)})`;
    slots.set(name, slot);
    return slot;
  });
  return replaced.ok ? { ...replaced, values } : replaced;
}

/** The text with each `{{name}}` replaced by what `toText` makes of its value; asked once a use, in order. */
export function replaceParameters(
  source: string,
  dialect: Dialect,
  parameters: Parameters,
  toText: (parameter: Parameter, name: string) => string,
): Omit<Compiled, 'values'> | UnknownParameter {
  const pieces: Piece[] = [];
  let sql = '';
  for (const token of tokenize(source, dialect)) {
    const { name } = token;
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    const isParameter = token.kind === 'parameter';
    if (isParameter && !parameter) return unknown(source, token);
    const text = isParameter ? toText(parameter!, name) : source.slice(token.from, token.to);
    if (isParameter && endsInWord(sql)) sql += ' ';
    pieces.push({ at: sql.length, length: text.length, token });
    sql += text;
  }
  return { ok: true, sql, toSource: (place) => toSource(source, sql, pieces, place) };
}

/** The names of the parameters a text uses, in first-use order. */
export function parametersOf(source: string, dialect: Dialect = 'duckdb'): string[] {
  const used = tokenize(source, dialect).filter((token) => token.kind === 'parameter');
  return [...new Set(used.map((token) => token.name))];
}

/** The text for parsers that know no parameters: each becomes a NULL of its own length, so offsets stay. */
export function blank(source: string, dialect: Dialect = 'duckdb'): string {
  return tokenize(source, dialect)
    .map((token) => blankToken(source.slice(token.from, token.to), token))
    .join('');
}

function blankToken(text: string, token: Token): string {
  if (token.kind !== 'parameter') return text;
  const word = /[\n\r]/.test(text.slice(0, 5)) ? ' 0' : ' NULL';
  return word + text.slice(word.length).replaceAll(/[^\n\r]/g, ' ');
}

function sqlType(parameter: Parameter): string {
  switch (parameter.type) {
    case 'number':
      return Number.isSafeInteger(parameter.value) ? 'BIGINT' : 'DOUBLE';
    case 'text':
      return 'VARCHAR';
    case 'date':
      return 'DATE';
    case 'timestamp':
      return 'TIMESTAMP';
  }
}

/** `LIMIT{{n}}` is two words. */
function endsInWord(text: string): boolean {
  return /[\p{L}\p{N}_$]$/u.test(text.slice(-2));
}

function unknown(source: string, token: Token): UnknownParameter {
  const position = { ...placeAt(source, token.from), length: token.to - token.from };
  return { ok: false, error: { code: 'unknown-parameter', name: token.name, position } };
}

function toSource(source: string, sql: string, pieces: Piece[], place: Place): Place {
  const offset = offsetOf(sql, place);
  const piece = pieces.findLast((each) => each.at <= offset);
  if (!piece) return placeAt(source, 0);
  const { token } = piece;
  if (token.kind === 'parameter') return { ...placeAt(source, token.from), length: token.to - token.from };
  const found = placeAt(source, Math.min(token.to, token.from + offset - piece.at));
  return place.length === undefined ? found : { ...found, length: place.length };
}

/** The line and column of an offset. */
export function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - start + 1 };
}

/** The offset of a line and column; past the end, the end. */
export function offsetOf(text: string, place: Place): number {
  let start = 0;
  for (let line = 1; line < place.line; line++) {
    const next = text.indexOf('\n', start);
    if (next < 0) return text.length;
    start = next + 1;
  }
  return Math.min(text.length, start + Math.max(0, place.column - 1));
}
