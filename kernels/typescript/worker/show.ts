import type { Shown } from '#kernels/kernel.ts';
import { Decimal } from './decimal.ts';
import { Table } from './table.ts';

/*
 * Values as text people can read: bounded in depth, in items and in all, so that showing a value costs little whatever it
 * holds; it never throws, whatever the value does when it is looked at.
 */

const maxItems = 50;
const maxDepth = 4;
const maxString = 10_000;
/** Values looked at for one text. */
const maxValues = 500;

export function show(value: unknown): Shown {
  try {
    const text = typeof value === 'string' ? value : new Text().of(value);
    return { type: typeName(value), text: cut(text, maxString) };
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

/** One text being made. */
class Text {
  private seen = 0;
  private readonly above: object[] = [];

  of(value: unknown): string {
    if (++this.seen > maxValues) return '…';
    if (typeof value === 'string') return JSON.stringify(cut(value, maxString));
    if (typeof value === 'bigint') return `${value}n`;
    if (typeof value === 'function') return `ƒ ${value.name || '(anonymous)'}`;
    if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : String(value);
    return leafText(value) ?? this.inside(value);
  }

  private inside(value: object): string {
    if (this.above.includes(value)) return '(itself)';
    if (this.above.length >= maxDepth) return Array.isArray(value) ? '[…]' : '{…}';
    this.above.push(value);
    const text = this.members(value);
    this.above.pop();
    return text;
  }

  private members(value: object): string {
    if (value instanceof Map)
      return braced(this.some(value, value.size, ([key, each]) => `${this.of(key)} => ${this.of(each)}`));
    if (value instanceof Set) return braced(this.some(value, value.size, (each) => this.of(each)));
    if (Array.isArray(value) || ArrayBuffer.isView(value)) {
      const list = value as unknown as ArrayLike<unknown>;
      return `[${this.some(indices(list), list.length, (index) => this.of(list[index])).join(', ')}]`;
    }
    const keys = Object.keys(value);
    const member = (key: string) => `${keyText(key)}: ${this.of((value as Record<string, unknown>)[key])}`;
    return braced(this.some(keys, keys.length, member));
  }

  /** The first items, and how many more there are. */
  private some<T>(items: Iterable<T>, count: number, text: (item: T) => string): string[] {
    const texts: string[] = [];
    for (const item of items) {
      if (texts.length === maxItems || this.seen > maxValues) break;
      texts.push(text(item));
    }
    return count > texts.length ? [...texts, `… ${count - texts.length} more`] : texts;
  }
}

function leafText(value: object): string | null {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof Decimal || value instanceof RegExp) return String(value);
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (value instanceof Promise) return 'Promise (await it to see its value)';
  return value instanceof Table ? tableText(value) : null;
}

function tableText(table: Table): string {
  const columns = table.columns.map(({ name, type }) => (type ? `${name} ${type}` : name));
  return `${table.numRows} rows of ${columns.join(', ')}`;
}

function* indices(list: ArrayLike<unknown>): Generator<number> {
  for (let index = 0; index < list.length; index++) yield index;
}

function braced(parts: string[]): string {
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`;
}

function keyText(key: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key) ? key : JSON.stringify(key);
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
