import type { Shown } from '#kernels/kernel.ts';
import { Decimal } from './decimal.ts';
import { Table } from './table.ts';

/*
 * Values as text people can read: short, bounded in depth and length, never running a getter twice and never throwing,
 * whatever the value is.
 */

const maxItems = 50;
const maxDepth = 4;
const maxString = 10_000;

export function show(value: unknown): Shown {
  try {
    return {
      type: typeName(value),
      text: typeof value === 'string' ? cut(value, maxString) : cut(textOf(value, 0, new Set()), maxString),
    };
  } catch (error) {
    return { type: typeof value, text: `(cannot be shown: ${error instanceof Error ? error.message : 'it throws'})` };
  }
}

export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value;
  if (Array.isArray(value)) return `Array(${value.length})`;
  if (value instanceof Map || value instanceof Set) return `${nameOf(value)}(${value.size})`;
  if (value instanceof Table) return `Table(${value.numRows})`;
  return nameOf(value);
}

function nameOf(value: object): string {
  const name: unknown = Object.getPrototypeOf(value)?.constructor?.name;
  return typeof name === 'string' && name !== '' ? cut(name, 100) : 'Object';
}

function textOf(value: unknown, depth: number, above: Set<object>): string {
  if (typeof value === 'string') return JSON.stringify(cut(value, maxString));
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return `ƒ ${value.name || '(anonymous)'}`;
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : String(value);
  if (above.has(value)) return '(itself)';
  return objectText(value, depth, new Set([...above, value]));
}

function objectText(value: object, depth: number, above: Set<object>): string {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof Decimal || value instanceof RegExp) return String(value);
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (value instanceof Promise) return 'Promise (await it to see its value)';
  if (value instanceof Table) return tableText(value);
  if (depth >= maxDepth) return Array.isArray(value) ? '[…]' : '{…}';
  const inner = (each: unknown) => textOf(each, depth + 1, above);
  if (value instanceof Map) return braced([...value].map(([key, each]) => `${inner(key)} => ${inner(each)}`));
  if (value instanceof Set) return braced([...value].map(inner));
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return listText(value as unknown as ArrayLike<unknown>, inner);
  return braced(Object.keys(value).map((key) => `${keyText(key)}: ${inner((value as Record<string, unknown>)[key])}`));
}

function tableText(table: Table): string {
  const columns = table.columns.map(({ name, type }) => (type ? `${name} ${type}` : name));
  return `${table.numRows} rows of ${columns.join(', ')}`;
}

function listText(list: ArrayLike<unknown>, inner: (value: unknown) => string): string {
  const shown = Array.from({ length: Math.min(list.length, maxItems) }, (_, index) => inner(list[index]));
  const rest = list.length > maxItems ? [`… ${list.length - maxItems} more`] : [];
  return `[${[...shown, ...rest].join(', ')}]`;
}

function braced(parts: string[]): string {
  const shown = parts.slice(0, maxItems);
  const rest = parts.length > maxItems ? [`… ${parts.length - maxItems} more`] : [];
  return parts.length === 0 ? '{}' : `{ ${[...shown, ...rest].join(', ')} }`;
}

function keyText(key: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key) ? key : JSON.stringify(key);
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
