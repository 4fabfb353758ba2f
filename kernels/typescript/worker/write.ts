import {
  Bool,
  Decimal as ArrowDecimal,
  Field,
  Float64,
  Int64,
  RecordBatch,
  Schema,
  Struct,
  TimestampMicrosecond,
  TimestampNanosecond,
  Utf8,
  makeData,
  vectorFromArray,
  type Data,
  type DataType,
} from 'apache-arrow';
import { typeKey } from '#lib/table/column.ts';
import { Decimal } from './decimal.ts';
import { show } from './show.ts';
import type { Row } from './table.ts';
import { Timestamp } from './timestamp.ts';

/*
 * Plain objects as Arrow: one column for each key, in the order keys are first seen. number is DOUBLE, bigint BIGINT (or
 * HUGEINT), string VARCHAR, boolean BOOLEAN, Date TIMESTAMP, Decimal DECIMAL; lists, objects and columns of mixed kinds
 * are text (JSON where it can be). null and undefined are NULL.
 */

const batchRows = 65_536;

interface Maker {
  type: DataType;
  engineType?: string;
  make(values: unknown[]): Data;
}

/** Batches of at least one, so that an empty table has its columns too. */
export function toBatches(rows: Row[], names: string[] = namesOf(rows)): RecordBatch[] {
  const makers = names.map((name) => makerFor(rows, name));
  const fields = makers.map(({ type, engineType }, index) => fieldOf(names[index]!, type, engineType));
  const schema = new Schema(fields);
  const batches: RecordBatch[] = [];
  for (let from = 0; from === 0 || from < rows.length; from += batchRows) {
    const part = rows.slice(from, from + batchRows);
    const children = makers.map((maker, index) => maker.make(part.map((row) => row[names[index]!] ?? null)));
    const data = makeData({ type: new Struct(fields), length: part.length, nullCount: 0, children });
    batches.push(new RecordBatch(schema, data));
  }
  return batches;
}

function fieldOf(name: string, type: DataType, engineType: string | undefined): Field {
  return new Field(name, type, true, engineType ? new Map([[typeKey, engineType]]) : null);
}

function namesOf(rows: Row[]): string[] {
  const names = new Set<string>();
  for (const row of rows) for (const name in row) names.add(name);
  return [...names];
}

type Kind = 'number' | 'bigint' | 'string' | 'boolean' | 'date' | 'decimal' | 'other';

function makerFor(rows: Row[], name: string): Maker {
  const kinds = new Set<Kind>();
  for (const row of rows) {
    const value = row[name];
    if (value !== null && value !== undefined) kinds.add(kindOf(value));
  }
  if (kinds.size !== 1) return kinds.size === 2 && kinds.has('number') && kinds.has('bigint') ? doubles : texts;
  const [kind] = kinds;
  return makers[kind!](rows, name);
}

function kindOf(value: unknown): Kind {
  if (value instanceof Date) return 'date';
  if (value instanceof Decimal) return 'decimal';
  const kind = typeof value;
  return kind === 'number' || kind === 'bigint' || kind === 'string' || kind === 'boolean' ? kind : 'other';
}

const doubles: Maker = {
  type: new Float64(),
  make(values) {
    const doubles = Float64Array.from(values, (value) => (value === null ? 0 : Number(value)));
    return makeData({ type: new Float64(), data: doubles, length: values.length, ...validity(values) });
  },
};

const texts: Maker = {
  type: new Utf8(),
  make: (values) => vectorFromArray(values.map(plainText), new Utf8()).data[0]! as Data,
};

const makers: Record<Kind, (rows: Row[], name: string) => Maker> = {
  number: () => doubles,
  string: () => texts,
  other: () => texts,
  boolean: () => ({ type: new Bool(), make: (values) => vectorFromArray(values, new Bool()).data[0]! }),
  bigint: (rows, name) => {
    const isWide = rows.some((row) => isOutside(row[name]));
    return isWide ? decimals(38, 0) : bigints;
  },
  date: (rows, name) => {
    const isFine = rows.some((row) => row[name] instanceof Timestamp && row[name].nanoseconds % 1000n !== 0n);
    return isFine ? timestamps(new TimestampNanosecond(), 1n) : timestamps(new TimestampMicrosecond(), 1000n);
  },
  decimal: (rows, name) => {
    const scale = rows.reduce((most, row) => Math.max(most, row[name] instanceof Decimal ? row[name].scale : 0), 0);
    return decimals(38, scale);
  },
};

function isOutside(value: unknown): boolean {
  return typeof value === 'bigint' && BigInt.asIntN(64, value) !== value;
}

const bigints: Maker = {
  type: new Int64(),
  make(values) {
    const data = BigInt64Array.from(values, (value) => (value === null ? 0n : (value as bigint)));
    return makeData({ type: new Int64(), data, length: values.length, ...validity(values) });
  },
};

function timestamps(type: TimestampMicrosecond | TimestampNanosecond, unit: bigint): Maker {
  return {
    type,
    make(values) {
      const isValid = values.map((value) => value instanceof Date && !Number.isNaN(value.getTime()));
      const data = BigInt64Array.from(values, (value, index) =>
        isValid[index] ? nanosecondsOf(value as Date) / unit : 0n,
      );
      const known = values.map((value, index) => (isValid[index] ? value : null));
      return makeData({ type, data, length: values.length, ...validity(known) });
    },
  };
}

function nanosecondsOf(date: Date): bigint {
  return date instanceof Timestamp ? date.nanoseconds : BigInt(date.getTime()) * 1_000_000n;
}

function decimals(precision: number, scale: number): Maker {
  const type = new ArrowDecimal(scale, precision, 128);
  return {
    type,
    make(values) {
      const words = new BigUint64Array(values.length * 2);
      values.forEach((value, row) => {
        const digits = digitsOf(value, scale);
        words[2 * row] = BigInt.asUintN(64, digits);
        words[2 * row + 1] = BigInt.asUintN(64, digits >> 64n);
      });
      const data = new Uint32Array(words.buffer);
      return makeData({ type, data, length: values.length, ...validity(values) });
    },
  };
}

function digitsOf(value: unknown, scale: number): bigint {
  if (typeof value === 'bigint') return value;
  return value instanceof Decimal ? value.digits * 10n ** BigInt(scale - value.scale) : 0n;
}

function validity(values: unknown[]): { nullCount: number; nullBitmap?: Uint8Array } {
  const nullCount = values.reduce<number>((count, value) => (value === null ? count + 1 : count), 0);
  if (nullCount === 0) return { nullCount };
  const nullBitmap = new Uint8Array(Math.ceil(values.length / 64) * 8);
  values.forEach((value, row) => {
    if (value !== null) nullBitmap[row >> 3]! |= 1 << (row & 7);
  });
  return { nullCount, nullBitmap };
}

function plainText(value: unknown): string | null {
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'object' && !(value instanceof Date) && !(value instanceof Decimal)) return jsonText(value);
  return value instanceof Date ? value.toISOString() : String(value);
}

function jsonText(value: object): string {
  try {
    return (
      JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? String(each) : each)) ?? show(value).text
    );
  } catch {
    return show(value).text;
  }
}
