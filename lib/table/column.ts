import { DataType, Precision, TimeUnit, type Field, type Int, type Schema, type Timestamp } from 'apache-arrow';

/** A column as people see it. */
export interface Column {
  name: string;
  /** DuckDB's name of the type, e.g. `DECIMAL(18,2)`. */
  type: string;
}

/** The field metadata in which an engine names its own type, where Arrow's does not tell it. */
export const typeKey = 'engine.type';

export function columnsOf(schema: Schema): Column[] {
  return schema.fields.map((field) => ({ name: field.name, type: typeOf(field) }));
}

/** DuckDB's name for a field's type: as the engine told it, else as DuckDB would read the Arrow type. */
export function typeOf(field: Field): string {
  return field.metadata.get(typeKey) ?? duckType(field.type);
}

function duckType(type: DataType): string {
  if (DataType.isInt(type)) return intType(type);
  if (DataType.isFloat(type)) return type.precision === Precision.DOUBLE ? 'DOUBLE' : 'FLOAT';
  if (DataType.isDecimal(type)) return decimalType(type.precision, type.scale);
  if (DataType.isTimestamp(type)) return timestampType(type);
  if (DataType.isDictionary(type)) return duckType(type.dictionary);
  return nestedType(type) ?? plainType(type);
}

function plainType(type: DataType): string {
  if (DataType.isNull(type)) return '"NULL"';
  if (DataType.isBool(type)) return 'BOOLEAN';
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type)) return 'VARCHAR';
  if (DataType.isDate(type)) return 'DATE';
  if (DataType.isTime(type)) return 'TIME';
  if (DataType.isInterval(type) || DataType.isDuration(type)) return 'INTERVAL';
  if (DataType.isBinary(type) || DataType.isLargeBinary(type) || DataType.isFixedSizeBinary(type)) return 'BLOB';
  return String(type).toUpperCase();
}

function nestedType(type: DataType): string | null {
  if (DataType.isList(type)) return `${typeOf(type.children[0]!)}[]`;
  if (DataType.isFixedSizeList(type)) return `${typeOf(type.children[0]!)}[${type.listSize}]`;
  if (DataType.isMap(type)) return `MAP(${type.children[0]!.type.children.map(typeOf).join(', ')})`;
  if (DataType.isStruct(type)) return `STRUCT(${membersOf(type.children)})`;
  if (DataType.isUnion(type)) return `UNION(${membersOf(type.children)})`;
  return null;
}

function membersOf(fields: Field[]): string {
  return fields.map((field) => `${quoteIfNeeded(field.name)} ${typeOf(field)}`).join(', ');
}

function quoteIfNeeded(name: string): string {
  return /^[a-z_][a-z0-9_]*$/i.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

const ints: Record<number, string> = { 8: 'TINYINT', 16: 'SMALLINT', 32: 'INTEGER', 64: 'BIGINT' };

function intType(type: Int): string {
  return `${type.isSigned ? '' : 'U'}${ints[type.bitWidth]}`;
}

/** DuckDB sends HUGEINT as a decimal of 38 digits without a fraction. */
function decimalType(precision: number, scale: number): string {
  return precision === 38 && scale === 0 ? 'HUGEINT' : `DECIMAL(${precision},${scale})`;
}

function timestampType(type: Timestamp): string {
  if (type.timezone) return 'TIMESTAMP WITH TIME ZONE';
  const units = {
    [TimeUnit.SECOND]: '_S',
    [TimeUnit.MILLISECOND]: '_MS',
    [TimeUnit.MICROSECOND]: '',
    [TimeUnit.NANOSECOND]: '_NS',
  };
  return `TIMESTAMP${units[type.unit]}`;
}
