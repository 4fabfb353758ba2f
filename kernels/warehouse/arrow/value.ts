import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBTimeValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  arrayValue,
  listValue,
  mapValue,
  structValue,
} from '@duckdb/node-api';
import type { DuckDBValue } from '@duckdb/node-api';
import { DataType, DateUnit, TimeUnit, Vector } from 'apache-arrow';
import type { Data, Decimal, Timestamp } from 'apache-arrow';

/*
 * One Arrow value as the value DuckDB takes. Times and decimals are read from the buffers, because Arrow's own getters
 * turn them into floats.
 */
export function valueAt(data: Data, row: number): DuckDBValue {
  if (!data.getValid(row)) return null;
  const type = data.type as DataType;
  if (DataType.isDate(type)) return new DuckDBDateValue(daysOf(type.unit, rawAt(data, row)));
  if (DataType.isTime(type)) return new DuckDBTimeValue(toMicros(type.unit, rawAt(data, row)));
  if (DataType.isTimestamp(type)) return timestampOf(type, rawAt(data, row));
  if (DataType.isDecimal(type)) return new DuckDBDecimalValue(digitsOf(type, data, row), type.precision, type.scale);
  const nested = nestedAt(data, type, row);
  return nested === undefined ? plainOf(new Vector([data]).get(row)) : nested;
}

function rawAt(data: Data, row: number): bigint {
  return BigInt((data.values as ArrayLike<number | bigint>)[row]!);
}

function daysOf(unit: DateUnit, raw: bigint): number {
  if (unit === DateUnit.DAY) return Number(raw);
  return Math.floor(Number(raw) / 86_400_000);
}

const perSecond = {
  [TimeUnit.SECOND]: 1n,
  [TimeUnit.MILLISECOND]: 1000n,
  [TimeUnit.MICROSECOND]: 1_000_000n,
  [TimeUnit.NANOSECOND]: 1_000_000_000n,
};

/** Nanoseconds below a microsecond are cut. */
function toMicros(unit: TimeUnit, raw: bigint): bigint {
  return (raw * 1_000_000n) / perSecond[unit];
}

function timestampOf({ unit, timezone }: Timestamp, raw: bigint): DuckDBValue {
  if (timezone) return new DuckDBTimestampTZValue(toMicros(unit, raw));
  if (unit === TimeUnit.SECOND) return new DuckDBTimestampSecondsValue(raw);
  if (unit === TimeUnit.MILLISECOND) return new DuckDBTimestampMillisecondsValue(raw);
  if (unit === TimeUnit.NANOSECOND) return new DuckDBTimestampNanosecondsValue(raw);
  return new DuckDBTimestampValue(raw);
}

function digitsOf({ bitWidth }: Decimal, data: Data, row: number): bigint {
  const words = bitWidth / 32;
  const bits = (data.values as Uint32Array).subarray(row * words, (row + 1) * words);
  const digits = bits.reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
  return BigInt.asIntN(bitWidth, digits);
}

function nestedAt(data: Data, type: DataType, row: number): DuckDBValue | undefined {
  const child = data.children[0];
  if (DataType.isList(type)) return listValue(itemsOf(child!, data.valueOffsets[row]!, data.valueOffsets[row + 1]!));
  if (DataType.isFixedSizeList(type))
    return arrayValue(itemsOf(child!, row * type.listSize, (row + 1) * type.listSize));
  if (DataType.isMap(type)) return mapValue(entriesOf(child!, data.valueOffsets[row]!, data.valueOffsets[row + 1]!));
  if (!DataType.isStruct(type)) return undefined;
  const fields = type.children.map((field, index) => [field.name, valueAt(data.children[index]!, row)] as const);
  return structValue(Object.fromEntries(fields));
}

function itemsOf(child: Data, from: number, to: number): DuckDBValue[] {
  return Array.from({ length: to - from }, (_, index) => valueAt(child, from + index));
}

function entriesOf(entries: Data, from: number, to: number): { key: DuckDBValue; value: DuckDBValue }[] {
  const [keys, values] = entries.children as [Data, Data];
  const rows = Array.from({ length: to - from }, (_, index) => from + index);
  return rows.map((row) => ({ key: valueAt(keys, row), value: valueAt(values, row) }));
}

function plainOf(value: unknown): DuckDBValue {
  return value instanceof Uint8Array ? new DuckDBBlobValue(value) : (value as DuckDBValue);
}
