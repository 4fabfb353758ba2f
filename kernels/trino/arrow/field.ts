import {
  Binary,
  Bool,
  DateDay,
  Decimal,
  Field,
  Float32,
  Float64,
  Int16,
  Int32,
  Int64,
  Int8,
  List,
  Map_,
  Schema,
  Struct,
  TimeMicrosecond,
  TimeUnit,
  Timestamp,
  Utf8,
} from 'apache-arrow';
import type { DataType } from 'apache-arrow';
import { typeKey } from '#lib/table/column.ts';
import { PageError } from './error.ts';
import { parseType, trinoTypeKey } from './type.ts';
import type { TrinoType } from './type.ts';

/*
 * Trino's types as Arrow's. Where Arrow, or DuckDB behind it, cannot hold every value of a type, the values decide: `picks`
 * says for each such leaf, in the order of the columns, how it is held: '' as itself, `text` in Trino's own words, or the
 * one zone that all of them share. Each leaf's field names the type people see (`engine.type`), each column's also Trino's own.
 */

export interface TrinoColumn {
  name: string;
  /** As Trino writes it. */
  type: string;
}

export type Pick = string;
export const asText: Pick = 'text';

/** A column's way from Trino to Arrow; `leaf` counts the leaves of all columns, in order. */
export interface Plan {
  type: TrinoType;
  arrow: DataType;
  /** DuckDB's name of a leaf, Trino's where DuckDB has none. */
  engine: string;
  children: Plan[];
  leaf: number;
  pick: Pick;
}

/** Types whose values are bytes, told in base64. */
export const byteTypes = new Set([
  'varbinary',
  'hyperloglog',
  'p4hyperloglog',
  'setdigest',
  'tdigest',
  'qdigest',
  'objectid',
]);

/** Whether the values decide how a type is held. */
export function isOpen({ base, numbers: [precision] }: TrinoType): boolean {
  if (base === 'timestamp') return precision! <= 9;
  if (base === 'timestamp with time zone') return precision! <= 6;
  return base === 'date' || base === 'interval day to second';
}

export function planColumns(columns: readonly TrinoColumn[], picks: readonly Pick[] = []): Plan[] {
  const leaves = { count: 0 };
  return columns.map((column) => {
    const plan = planType(parseType(column.type), picks, leaves);
    checkCount(leaves.count);
    return plan;
  });
}

/** Each leaf takes memory of its own before it has a value, and 100,000 of them are no answer for people. */
const mostLeaves = 10_000;

/** Throws PageError when there are more columns, or parts of them, than we follow. */
export function checkCount(count: number): void {
  if (count > mostLeaves)
    throw new PageError(
      'columns',
      `The cluster's answer has more than ${mostLeaves} columns, parts of rows counted. Select fewer of them.`,
    );
}

/** The schema of a result without rows, or of one whose picks are known. */
export function schemaOf(columns: readonly TrinoColumn[], picks: readonly Pick[] = []): Schema {
  const plans = planColumns(columns, picks);
  const names = distinct(columns.map((column) => column.name));
  return new Schema(
    plans.map((plan, index) => {
      const field = fieldOf(names[index]!, plan);
      return new Field(field.name, field.type, true, new Map([...field.metadata, [trinoTypeKey, plan.type.text]]));
    }),
  );
}

/** Names told apart as DuckDB does, which knows no difference of case: `a`, `a_1`, `A_2`. */
export function distinct(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let free = name;
    for (let count = 1; taken.has(free.toLowerCase()); count++) free = `${name}_${count}`;
    taken.add(free.toLowerCase());
    return free;
  });
}

function planType(type: TrinoType, picks: readonly Pick[], leaves: { count: number }): Plan {
  if (type.base === 'array' || type.base === 'row')
    return nested(
      type,
      type.children.map((child) => planType(child.type, picks, leaves)),
    );
  if (type.base === 'map') {
    const [key, value] = type.children;
    return nested(type, [planType(keyType(key!.type), picks, leaves), planType(value!.type, picks, leaves)]);
  }
  const leaf = leaves.count++;
  const pick = picks[leaf] ?? '';
  const [arrow, engine] = leafOf(type, pick);
  return { type, arrow, engine, children: [], leaf, pick };
}

/** The protocol tells a map's keys as the names of a JSON object: a nested key is only its words there. */
function keyType(type: TrinoType): TrinoType {
  return type.children.length > 0 ? { base: 'nested key', text: type.text, numbers: [], children: [] } : type;
}

function nested(type: TrinoType, children: Plan[]): Plan {
  return { type, arrow: nestedArrow(type, children), engine: '', children, leaf: -1, pick: '' };
}

function nestedArrow(type: TrinoType, children: Plan[]): DataType {
  if (type.base === 'array') return new List(fieldOf('l', children[0]!));
  if (type.base === 'row') {
    const names = distinct(type.children.map(({ name }, index) => name ?? `field${index}`));
    return new Struct(children.map((child, index) => fieldOf(names[index]!, child)));
  }
  const entries = new Struct([fieldOf('key', children[0]!, false), fieldOf('value', children[1]!)]);
  return new Map_(new Field('entries', entries, false) as never);
}

function fieldOf(name: string, plan: Plan, isNullable = true): Field {
  const metadata = plan.engine ? new Map([[typeKey, plan.engine]]) : undefined;
  return new Field(name, plan.arrow, isNullable, metadata);
}

const plain: Record<string, () => [DataType, string]> = {
  boolean: () => [new Bool(), 'BOOLEAN'],
  tinyint: () => [new Int8(), 'TINYINT'],
  smallint: () => [new Int16(), 'SMALLINT'],
  integer: () => [new Int32(), 'INTEGER'],
  bigint: () => [new Int64(), 'BIGINT'],
  real: () => [new Float32(), 'FLOAT'],
  double: () => [new Float64(), 'DOUBLE'],
  varchar: () => [new Utf8(), 'VARCHAR'],
  varbinary: () => [new Binary(), 'BLOB'],
  json: () => [new Utf8(), 'JSON'],
  uuid: () => [new Utf8(), 'UUID'],
  ipaddress: () => [new Utf8(), 'IPADDRESS'],
  unknown: () => [new Int32(), '"NULL"'],
  'interval year to month': () => [new Utf8(), 'INTERVAL'],
};

function leafOf(type: TrinoType, pick: Pick): [arrow: DataType, engine: string] {
  const { base, numbers } = type;
  if (plain[base]) return plain[base]();
  if (base === 'decimal') return [new Decimal(numbers[1]!, numbers[0]!, 128), `DECIMAL(${numbers[0]},${numbers[1]})`];
  if (byteTypes.has(base)) return [new Binary(), type.text];
  return pick === asText ? textLeaf(type) : (timeLeaf(type, pick) ?? textLeaf(type));
}

/** How DuckDB holds a time; null where it has no type for so many digits. */
function timeLeaf({ base, numbers: [precision] }: TrinoType, zone: Pick): [DataType, string] | null {
  if (base === 'date') return [new DateDay(), 'DATE'];
  if (base === 'interval day to second') return [new Utf8(), 'INTERVAL'];
  if (base === 'timestamp' && precision! <= 6) return [new Timestamp(TimeUnit.MICROSECOND), 'TIMESTAMP'];
  if (base === 'timestamp' && precision! <= 9) return [new Timestamp(TimeUnit.NANOSECOND), 'TIMESTAMP_NS'];
  if (precision! > 6) return null;
  if (base === 'time') return [new TimeMicrosecond(), 'TIME'];
  if (base === 'time with time zone') return [new Utf8(), 'TIME WITH TIME ZONE'];
  if (base === 'timestamp with time zone')
    return [new Timestamp(TimeUnit.MICROSECOND, zone || 'UTC'), 'TIMESTAMP WITH TIME ZONE'];
  return null;
}

/** Trino's own words under Trino's name, which says that it is no type of DuckDB's: `TIMESTAMP(12)`, `CHAR(5)`. */
function textLeaf({ base, text, numbers }: TrinoType): [DataType, string] {
  if (base === 'date' || base === 'nested key') return [new Utf8(), 'VARCHAR'];
  if (!/^(time|interval|char)/.test(base)) return [new Utf8(), text];
  const [first, ...rest] = base.split(' ');
  return [new Utf8(), [numbers.length > 0 ? `${first}(${numbers[0]})` : first, ...rest].join(' ').toUpperCase()];
}
