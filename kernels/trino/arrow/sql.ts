import type { TrinoType } from './type.ts';

/** A value that no expression of Trino gives exactly; the message says which and why. */
export class LiteralError extends Error {
  override readonly name = 'LiteralError';
}

/** The text as a literal that nothing in it can leave: quotes doubled, control characters as escapes of `U&''`. */
export function quoteText(text: string): string {
  if (!text.isWellFormed()) throw new LiteralError('A text holds half a character, which Trino cannot hold.');
  const quoted = text.replaceAll("'", "''");
  if (!hidden.test(text)) return `'${quoted}'`;
  return `U&'${quoted.replaceAll('\\', '\\\\').replaceAll(hiddenAll, escaped)}'`;
}

/** Control characters and those that change how a text is shown. */
const hidden = /[\p{Cc}\p{Cf}\u2028\u2029]/u;
const hiddenAll = new RegExp(hidden.source, 'gu');

function escaped(mark: string): string {
  return `\\+${mark.codePointAt(0)!.toString(16).padStart(6, '0')}`;
}

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A type as it is written in a CAST: every name of a row in quotes. */
export function typeSql(type: TrinoType): string {
  const { base, children, numbers, text } = type;
  if (base === 'array' || base === 'map') return `${base}(${children.map((child) => typeSql(child.type)).join(', ')})`;
  if (base === 'row') return `row(${children.map(memberSql).join(', ')})`;
  if (base.endsWith(' with time zone')) return `${base.split(' ')[0]}(${numbers[0]}) with time zone`;
  return text;
}

function memberSql({ name, type }: TrinoType['children'][number]): string {
  return name === null ? typeSql(type) : `${quoteName(name)} ${typeSql(type)}`;
}
