import { DateDay, Float32, Int16, Int32, Int8, TimeUnit, Uint16, Uint32, Uint64, Uint8 } from 'apache-arrow';
import type { SchemaElement, SchemaTree } from 'hyparquet';
import {
  bigints,
  blobs,
  booleans,
  decimals,
  doubles,
  numbers,
  texts,
  times,
  timestamps,
  words,
  type ColumnMaker,
} from '#kernels/columns.ts';
import { intervalText } from '#lib/table/calendar.ts';
import { FileError } from './error.ts';

/** A column of a Parquet file and how its stored values become Arrow's. */
export interface ParquetColumn extends ColumnMaker {
  name: string;
  element: SchemaElement;
  /** Read as it is stored; false for what the reader must assemble. */
  isRaw: boolean;
  of(value: unknown): unknown;
}

type Plan = ColumnMaker & { of?(value: unknown): unknown };

export function parquetColumns(root: SchemaTree, fileName: string): ParquetColumn[] {
  return root.children.map((tree) => {
    const { element } = tree;
    const isRaw = tree.children.length === 0 && element.repetition_type !== 'REPEATED';
    const plan = isRaw ? planFor(element) : nestedPlan(tree, fileName);
    return { of: (value: unknown) => value, ...plan, name: element.name, element, isRaw };
  });
}

/** Lists and structs are given as JSON text. A decimal in one would lose digits on that way. */
function nestedPlan(tree: SchemaTree, fileName: string): Plan {
  if (hasDecimal(tree))
    throw new FileError(
      `${fileName} has decimals inside ${tree.element.name}, which the browser cannot read exactly.`,
      'Upload it as a dataset and query it on the warehouse.',
      'unsupported',
    );
  return { ...texts(), of: jsonText };
}

function hasDecimal({ element, children }: SchemaTree): boolean {
  return isDecimal(element) || children.some(hasDecimal);
}

function isDecimal(element: SchemaElement): boolean {
  return element.converted_type === 'DECIMAL' || element.logical_type?.type === 'DECIMAL';
}

function planFor(element: SchemaElement): Plan {
  return logicalPlan(element) ?? storedPlan(element);
}

function logicalPlan(element: SchemaElement): Plan | null {
  const { converted_type: converted, logical_type: logical } = element;
  if (isDecimal(element)) return decimalPlan(element);
  if (converted === 'DATE' || logical?.type === 'DATE') return numbers(new DateDay(), (count) => new Int32Array(count));
  if (logical?.type === 'TIMESTAMP') return timestampPlan(logical.unit, logical.isAdjustedToUTC);
  if (converted === 'TIMESTAMP_MILLIS') return timestampPlan('MILLIS', true);
  if (converted === 'TIMESTAMP_MICROS') return timestampPlan('MICROS', true);
  if (logical?.type === 'TIME') return timePlan(logical.unit);
  if (converted === 'TIME_MILLIS') return timePlan('MILLIS');
  if (converted === 'TIME_MICROS') return timePlan('MICROS');
  if (logical?.type === 'UUID') return { ...texts('UUID'), of: uuidText };
  if (converted === 'INTERVAL') return { ...texts('INTERVAL'), of: (value) => interval(value as Uint8Array) };
  if (logical?.type === 'FLOAT16') return { ...float32, of: (value) => float16(value as Uint8Array) };
  return intPlan(element) ?? textPlan(element);
}

const units = { MILLIS: TimeUnit.MILLISECOND, MICROS: TimeUnit.MICROSECOND, NANOS: TimeUnit.NANOSECOND };

function timestampPlan(unit: keyof typeof units, isUtc: boolean): Plan {
  return timestamps(units[unit], isUtc ? 'UTC' : null);
}

const microseconds = {
  MILLIS: (value: unknown) => BigInt(value as number) * 1000n,
  MICROS: (value: unknown) => value,
  NANOS: (value: unknown) => (value as bigint) / 1000n,
};

function timePlan(unit: keyof typeof units): Plan {
  return { ...times, of: microseconds[unit] };
}

function decimalPlan(element: SchemaElement): Plan {
  const { precision = 38, scale = 0 } = element;
  return { ...decimals(precision, scale), of: digitsOf };
}

function digitsOf(value: unknown): bigint {
  if (!(value instanceof Uint8Array)) return BigInt(value as number | bigint);
  const bits = value.length * 8;
  return BigInt.asIntN(
    bits,
    value.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n),
  );
}

const float32 = numbers(new Float32(), (count) => new Float32Array(count));

const ints: Record<string, ColumnMaker> = {
  '8': numbers(new Int8(), (count) => new Int8Array(count)),
  '16': numbers(new Int16(), (count) => new Int16Array(count)),
  '32': numbers(new Int32(), (count) => new Int32Array(count)),
  '64': bigints,
  u8: numbers(new Uint8(), (count) => new Uint8Array(count)),
  u16: numbers(new Uint16(), (count) => new Uint16Array(count)),
  u32: numbers(new Uint32(), (count) => new Uint32Array(count)),
  u64: words(new Uint64()),
};

function intPlan({ converted_type: converted, logical_type: logical }: SchemaElement): Plan | null {
  const named = /^(U?)INT_(8|16|32|64)$/.exec(converted ?? '');
  if (named) return ints[`${named[1]!.toLowerCase()}${named[2]}`] ?? null;
  if (logical?.type !== 'INTEGER') return null;
  return ints[`${logical.isSigned ? '' : 'u'}${logical.bitWidth}`] ?? null;
}

const textTypes = new Set(['UTF8', 'JSON', 'ENUM', 'STRING']);

function textPlan({ converted_type: converted, logical_type: logical }: SchemaElement): Plan | null {
  const isText = textTypes.has(converted ?? '') || textTypes.has(logical?.type ?? '');
  return isText ? { ...texts(), of: (value) => decoder.decode(value as Uint8Array) } : null;
}

const decoder = new TextDecoder();

function storedPlan({ type }: SchemaElement): Plan {
  switch (type) {
    case 'BOOLEAN':
      return booleans;
    case 'INT32':
      return ints['32']!;
    case 'INT64':
      return bigints;
    case 'INT96':
      return timestamps(TimeUnit.NANOSECOND);
    case 'FLOAT':
      return float32;
    case 'DOUBLE':
      return doubles;
    default:
      return blobs;
  }
}

function uuidText(value: unknown): string {
  const hex = Array.from(value as Uint8Array, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Three little-endian numbers: months, days, milliseconds. */
function interval(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 12);
  return intervalText(view.getUint32(0, true), view.getUint32(4, true), BigInt(view.getUint32(8, true)) * 1_000_000n);
}

function float16(bytes: Uint8Array): number {
  const bits = bytes[0]! | (bytes[1]! << 8);
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024));
}

function jsonText(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => {
    if (typeof each === 'bigint') return String(each);
    return each instanceof Uint8Array ? decoder.decode(each) : each;
  });
}
