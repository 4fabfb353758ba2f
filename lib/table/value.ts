import { DataType, DateUnit, TimeUnit, type Data } from 'apache-arrow';
import { bigintOf } from './number.ts';

/** A value that can be ordered and measured: exact where it is a bigint. Times count their own units since 1970. */
export type Measure = number | bigint;

const perMillisecond = {
  [TimeUnit.SECOND]: 0.001,
  [TimeUnit.MILLISECOND]: 1,
  [TimeUnit.MICROSECOND]: 1000,
  [TimeUnit.NANOSECOND]: 1_000_000,
};

/** Reads a column's values for ordering; null when its type has no measure. The validity is the caller's to ask. */
export function measureReader(data: Data): ((row: number) => Measure) | null {
  const { type, values, stride } = data;
  if (DataType.isInt(type) || DataType.isFloat(type) || DataType.isTimestamp(type)) return (row) => values[row];
  if (DataType.isDate(type)) return (row) => values[row];
  if (DataType.isDecimal(type)) return (row) => bigintOf(values.subarray(row * stride, (row + 1) * stride));
  return null;
}

/** The measure as a number for people and charts: decimals with their point, times in milliseconds since 1970. */
export function toNumber(type: DataType, measure: Measure): number {
  if (DataType.isDecimal(type)) return Number(measure) / 10 ** type.scale;
  if (DataType.isTimestamp(type)) return Number(measure) / perMillisecond[type.unit];
  if (DataType.isDate(type)) return Number(measure) * (type.unit === DateUnit.DAY ? 86_400_000 : 1);
  return Number(measure);
}

/** The column's values as numbers; null for NULL and for types without a measure. */
export function numberReader(data: Data): (row: number) => number | null {
  const read = measureReader(data);
  if (!read) return () => null;
  return (row) => (data.getValid(row) ? toNumber(data.type, read(row)) : null);
}
