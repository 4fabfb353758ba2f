import { DataType, TimeUnit, type Data } from 'apache-arrow';
import { bigintOf } from '#lib/table/number.ts';
import { textReader } from '#lib/table/text.ts';
import { Decimal } from './decimal.ts';
import { Timestamp } from './timestamp.ts';

/*
 * Arrow values as JavaScript's, exactly: BIGINT and HUGEINT are bigint, DECIMAL is Decimal, TIMESTAMP is a Date that keeps
 * its microseconds, DATE, TIME and INTERVAL are DuckDB's text, lists are arrays, structs are objects, maps are Maps.
 */

export type ValueReader = (row: number) => unknown;

/** Reads one column of a batch. */
export function valueReader(data: Data): ValueReader {
  const read = readerOf(data);
  return data.nullCount === 0 ? read : (row) => (data.getValid(row) ? read(row) : null);
}

function readerOf(data: Data): ValueReader {
  const { type, values } = data;
  if (DataType.isInt(type) || DataType.isFloat(type)) return floatOrInt(data);
  if (DataType.isDecimal(type)) return decimalReader(data, type.scale, type.precision);
  if (DataType.isTimestamp(type)) {
    const scale = nanosecondsIn[type.unit];
    return (row) => new Timestamp(values[row] * scale);
  }
  if (DataType.isBool(type))
    return (row) => ((values[(data.offset + row) >> 3] >> ((data.offset + row) & 7)) & 1) === 1;
  if (DataType.isBinary(type)) return (row) => values.slice(data.valueOffsets[row], data.valueOffsets[row + 1]);
  return nestedReader(data) ?? textReader(data);
}

const nanosecondsIn = {
  [TimeUnit.SECOND]: 1_000_000_000n,
  [TimeUnit.MILLISECOND]: 1_000_000n,
  [TimeUnit.MICROSECOND]: 1_000n,
  [TimeUnit.NANOSECOND]: 1n,
};

function floatOrInt({ type, values }: Data): ValueReader {
  return DataType.isFloat(type) && type.precision === 0 ? () => null : (row) => values[row] as number | bigint;
}

function decimalReader({ values, stride }: Data, scale: number, precision: number): ValueReader {
  const digits = (row: number) => bigintOf(values.subarray(row * stride, (row + 1) * stride));
  return scale === 0 && precision === 38 ? digits : (row) => new Decimal(digits(row), scale);
}

function nestedReader(data: Data): ValueReader | null {
  const { type, valueOffsets } = data;
  if (DataType.isList(type)) return listReader(data, (row) => [valueOffsets[row]!, valueOffsets[row + 1]!]);
  if (DataType.isFixedSizeList(type))
    return listReader(data, (row) => [row * type.listSize, (row + 1) * type.listSize]);
  if (DataType.isStruct(type)) return structReader(data);
  return DataType.isMap(type) ? mapReader(data) : null;
}

function listReader(data: Data, range: (row: number) => [from: number, to: number]): ValueReader {
  const read = valueReader(data.children[0]!);
  return (row) => {
    const [from, to] = range(row);
    return Array.from({ length: to - from }, (_, index) => read(from + index));
  };
}

function structReader(data: Data): ValueReader {
  const names = data.type.children.map((field: { name: string }) => field.name) as string[];
  const readers = data.children.map(valueReader);
  return (row) => Object.fromEntries(names.map((name, index) => [name, readers[index]!(row)]));
}

function mapReader(data: Data): ValueReader {
  const [key, value] = data.children[0]!.children.map(valueReader);
  return (row) => {
    const pairs: [unknown, unknown][] = [];
    for (let at = data.valueOffsets[row]!; at < data.valueOffsets[row + 1]!; at++) pairs.push([key!(at), value!(at)]);
    return new Map(pairs);
  };
}
