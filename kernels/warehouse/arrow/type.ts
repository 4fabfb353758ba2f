import {
  ARRAY,
  BIGINT,
  BLOB,
  BOOLEAN,
  DATE,
  DECIMAL,
  DOUBLE,
  DuckDBStructType,
  FLOAT,
  INTEGER,
  LIST,
  MAP,
  SMALLINT,
  TIME,
  TIMESTAMP,
  TIMESTAMPTZ,
  TIMESTAMP_MS,
  TIMESTAMP_NS,
  TIMESTAMP_S,
  TINYINT,
  UBIGINT,
  UINTEGER,
  USMALLINT,
  UTINYINT,
  VARCHAR,
} from '@duckdb/node-api';
import type { DuckDBType } from '@duckdb/node-api';
import { DataType, Precision, TimeUnit } from 'apache-arrow';
import type { Int } from 'apache-arrow';

/** The DuckDB type that holds every value of the Arrow type; null when there is none. */
export function duckTypeOf(type: DataType): DuckDBType | null {
  if (DataType.isNull(type)) return INTEGER;
  if (DataType.isBool(type)) return BOOLEAN;
  if (DataType.isInt(type)) return intType(type);
  if (DataType.isFloat(type)) return type.precision === Precision.DOUBLE ? DOUBLE : FLOAT;
  if (DataType.isDecimal(type)) return type.bitWidth <= 128 ? DECIMAL(type.precision, type.scale) : null;
  if (DataType.isDate(type)) return DATE;
  if (DataType.isTime(type)) return TIME;
  if (DataType.isTimestamp(type)) return type.timezone ? TIMESTAMPTZ : timestampType(type.unit);
  return textType(type) ?? nestedType(type);
}

function intType(type: Int): DuckDBType {
  const signed = { 8: TINYINT, 16: SMALLINT, 32: INTEGER, 64: BIGINT };
  const unsigned = { 8: UTINYINT, 16: USMALLINT, 32: UINTEGER, 64: UBIGINT };
  return (type.isSigned ? signed : unsigned)[type.bitWidth];
}

function timestampType(unit: TimeUnit): DuckDBType {
  switch (unit) {
    case TimeUnit.SECOND:
      return TIMESTAMP_S;
    case TimeUnit.MILLISECOND:
      return TIMESTAMP_MS;
    case TimeUnit.MICROSECOND:
      return TIMESTAMP;
    case TimeUnit.NANOSECOND:
      return TIMESTAMP_NS;
  }
}

function textType(type: DataType): DuckDBType | null {
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type)) return VARCHAR;
  if (DataType.isBinary(type) || DataType.isLargeBinary(type) || DataType.isFixedSizeBinary(type)) return BLOB;
  if (DataType.isDictionary(type)) return duckTypeOf(type.dictionary);
  return null;
}

function nestedType(type: DataType): DuckDBType | null {
  if (DataType.isList(type)) return wrapped(type.children[0]!.type, LIST);
  if (DataType.isFixedSizeList(type)) return wrapped(type.children[0]!.type, (item) => ARRAY(item, type.listSize));
  if (DataType.isStruct(type)) return structType(type.children);
  if (DataType.isMap(type)) return mapType(type.children[0]!.type);
  return null;
}

function wrapped(item: DataType, wrap: (item: DuckDBType) => DuckDBType): DuckDBType | null {
  const inner = duckTypeOf(item);
  return inner && wrap(inner);
}

/** Not from an object, whose keys that are numbers would come first. */
function structType(fields: { name: string; type: DataType }[]): DuckDBType | null {
  const types = fields.map(({ name, type }) => [name, duckTypeOf(type)] as const);
  if (types.some(([, type]) => type === null)) return null;
  return new DuckDBStructType(
    types.map(([name]) => name),
    types.map(([, type]) => type!),
  );
}

function mapType(entries: DataType): DuckDBType | null {
  const [key, value] = entries.children.map((field) => duckTypeOf(field.type as DataType));
  return key && value ? MAP(key, value) : null;
}
