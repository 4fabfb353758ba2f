import { writeExact } from './json.ts';
import { isOwn, mostColumns, type ColumnType, type StreamColumn } from './spec.ts';
import { eventTimeOf, isDate, parseIso, shown } from './time.ts';

/*
 * The columns of a stream: inferred from its first events, a contract afterwards. An event that keeps it becomes a row,
 * each value in the form the engine reads; one that brings columns adds them; one that breaks it is refused with a
 * sentence that says where and why.
 */
export interface Contract {
  eventTime: string;
  key: readonly string[];
  /** How far ahead of our clock an event may be, ms. */
  ahead: number;
}

/** Columns by name, in order. */
export type Columns = Map<string, ColumnType>;

export type Checked =
  | {
      ok: true;
      /** One JSON object as the engine reads it: whole numbers exact, times in UTC. Without braces, ready to be put after our own columns. */
      row: string;
      /** The event's time in ms since 1970. */
      at: number;
      /** What names the event; null in a stream without a key. */
      key: string | null;
      added: StreamColumn[];
    }
  | { ok: false; reason: string };

export const limits = { columns: mostColumns, depth: 64, nameLength: 255 };

type Event = Record<string, unknown>;

export function toColumns(columns: readonly StreamColumn[]): Columns {
  return new Map(columns.map(({ name, type }) => [name, type]));
}

/** The columns that these events say, or null when none of them is one that could be kept. Nulls say nothing. */
export function inferColumns(events: readonly unknown[], contract: Contract, now: number): StreamColumn[] | null {
  const kept = events.filter((event): event is Event => isEvent(event) && breach(event, contract, now) === null);
  if (kept.length === 0) return null;
  const types = new Map<string, ColumnType>([[contract.eventTime, 'TIMESTAMP']]);
  const lower = new Set([contract.eventTime.toLowerCase()]);
  for (const event of kept)
    for (const [name, value] of Object.entries(event)) {
      const type = name === contract.eventTime ? null : typeOf(value);
      const before = types.get(name);
      if (!type || (!before && (nameFault(name) || lower.has(name.toLowerCase()) || types.size >= limits.columns)))
        continue;
      lower.add(name.toLowerCase());
      types.set(name, before ? wider(before, type) : type);
    }
  return [...types].map(([name, type]) => ({ name, type }));
}

/** The type a value asks for by itself; null for null. */
export function typeOf(value: unknown): ColumnType | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return 'BOOLEAN';
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'BIGINT' : 'DOUBLE';
  if (typeof value === 'bigint') return isBigint(value) ? 'BIGINT' : 'DOUBLE';
  if (typeof value === 'object') return 'JSON';
  if (isDate(value as string)) return 'DATE';
  return parseIso(value as string) ? 'TIMESTAMP' : 'VARCHAR';
}

const texts: ColumnType[] = ['DATE', 'TIMESTAMP', 'VARCHAR'];

/** The type that holds the values of both without changing one: numbers together, texts together, else JSON. */
export function wider(one: ColumnType, other: ColumnType): ColumnType {
  if (one === other) return one;
  const both = [one, other];
  if (both.every((type) => type === 'BIGINT' || type === 'DOUBLE')) return 'DOUBLE';
  if (both.every((type) => texts.includes(type))) return both.includes('VARCHAR') ? 'VARCHAR' : 'TIMESTAMP';
  return 'JSON';
}

/** Weighs one event against the contract and its columns; `now` is when it came, ms. Changes nothing. */
export function check(event: unknown, columns: Columns, contract: Contract, now: number): Checked {
  if (!isEvent(event)) return { ok: false, reason: `An event is a JSON object, not ${shown(event)}.` };
  const time = eventTimeOf(event[contract.eventTime], now, contract.ahead);
  if (typeof time === 'string') return { ok: false, reason: `${contract.eventTime} ${time}.` };
  const parts = [`${JSON.stringify(contract.eventTime)}:"${time.text}"`];
  const written = new Map([[contract.eventTime, time.text]]);
  const added: StreamColumn[] = [];
  for (const name in event) {
    if (name === contract.eventTime || !Object.hasOwn(event, name)) continue;
    const value = event[name];
    if (value === null) continue;
    let type = columns.get(name);
    if (!type) {
      const fault = newColumnFault(name, columns, added);
      if (fault) return { ok: false, reason: fault };
      type = typeOf(value)!;
      added.push({ name, type });
    }
    const text = textOf(value, type);
    if (text === null) return { ok: false, reason: `${name} is ${shown(value)}, which is no ${type}.` };
    written.set(name, text);
    parts.push(`${JSON.stringify(name)}:${text}`);
  }
  const key = keyOf(contract, written);
  if (key instanceof Missing) return { ok: false, reason: `${key.name} is missing, and it is part of the key.` };
  return { ok: true, row: parts.join(','), at: time.ms, key, added };
}

/** Why an event cannot be kept whatever the columns are; null when it can. */
function breach(event: Event, { eventTime, key, ahead }: Contract, now: number): string | null {
  const time = eventTimeOf(event[eventTime], now, ahead);
  if (typeof time === 'string') return time;
  return key.find((name) => event[name] === null || event[name] === undefined) ?? null;
}

function isEvent(event: unknown): event is Event {
  return typeof event === 'object' && event !== null && !Array.isArray(event);
}

function newColumnFault(name: string, columns: Columns, added: readonly StreamColumn[]): string | null {
  const fault = nameFault(name);
  if (fault) return fault;
  if (columns.size + added.length >= limits.columns)
    return `${shown(name)} would be another column, and a stream has at most ${limits.columns}.`;
  const lower = name.toLowerCase();
  for (const other of [...columns.keys(), ...added.map((column) => column.name)])
    if (other.toLowerCase() === lower) return `SQL cannot tell ${shown(name)} from the column ${shown(other)}.`;
  return null;
}

function nameFault(name: string): string | null {
  if (name === '') return 'A column needs a name, and one is empty.';
  if (name.length > limits.nameLength)
    return `${shown(name)} is longer than the ${limits.nameLength} letters of a column's name.`;
  if (!name.isWellFormed() || hasControl(name)) return `${shown(name)} has letters that no column's name may have.`;
  return isOwn(name) ? `${name} is a column that Lodestar gives itself.` : null;
}

function hasControl(name: string): boolean {
  for (let at = 0; at < name.length; at++) if (name.charCodeAt(at) < 32) return true;
  return false;
}

const int64 = 2n ** 63n;

function isBigint(value: bigint): boolean {
  return value >= -int64 && value < int64;
}

/** The value as JSON in the form the engine reads as that type; null when it is not of that type. */
function textOf(value: unknown, type: ColumnType): string | null {
  switch (type) {
    case 'BIGINT':
      if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value === 0 ? 0 : value) : null;
      return typeof value === 'bigint' && isBigint(value) ? value.toString() : null;
    case 'DOUBLE':
      if (typeof value === 'bigint') return doubleText(Number(value));
      return typeof value === 'number' ? doubleText(value) : null;
    case 'BOOLEAN':
      return typeof value === 'boolean' ? String(value) : null;
    case 'VARCHAR':
      return typeof value === 'string' ? JSON.stringify(value.toWellFormed()) : null;
    case 'DATE':
      return typeof value === 'string' && isDate(value) ? JSON.stringify(value) : null;
    case 'TIMESTAMP': {
      const instant = typeof value === 'string' ? parseIso(value) : null;
      return instant && JSON.stringify(instant.text);
    }
    case 'JSON':
      return jsonText(value);
  }
}

function doubleText(value: number): string | null {
  if (!Number.isFinite(value)) return null;
  return Object.is(value, -0) ? '-0.0' : String(value);
}

/** Nested deeper than we follow is refused. */
function jsonText(value: unknown): string | null {
  return isDeeper(value, limits.depth) ? null : writeExact(value);
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return typeof value === 'number' && !Number.isFinite(value);
  if (levels === 0) return true;
  return Object.values(value).some((each) => isDeeper(each, levels - 1));
}

class Missing {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** The values of the key's columns as they were written, so that 1 and 1.0, or a time in two zones, are one. */
function keyOf({ key }: Contract, written: ReadonlyMap<string, string>): string | null | Missing {
  if (key.length === 0) return null;
  const values: string[] = [];
  for (const name of key) {
    const text = written.get(name);
    if (text === undefined) return new Missing(name);
    values.push(text);
  }
  return values.join('\n');
}
