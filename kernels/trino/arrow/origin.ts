import { DataType, Precision, TimeUnit } from 'apache-arrow';
import type { Field, Int } from 'apache-arrow';
import { typeKey, typeOf } from '#lib/table/column.ts';
import { LiteralError, quoteName } from './sql.ts';
import { parseType, trinoTypeKey } from './type.ts';
import type { TrinoType } from './type.ts';

/*
 * The Trino type of an Arrow column: its own where it came from Trino, else the smallest that holds all DuckDB could have
 * put there. What DuckDB alone knows (INTERVAL of months and days, BIT, UHUGEINT, BIGNUM, ENUM) becomes its text.
 */

/** Throws LiteralError where Trino has no type for it. */
export function trinoTypeOf(field: Field): TrinoType {
  return parseType(field.metadata.get(trinoTypeKey) ?? nameOf(field));
}

function nameOf(field: Field): string {
  const type = field.type as DataType;
  return flatName(type, field.metadata.get(typeKey) ?? '') ?? timeName(type) ?? nestedName(type) ?? refused(field);
}

function refused(field: Field): never {
  throw new LiteralError(`Column "${field.name}" is ${typeOf(field)}, which Trino has no type for.`);
}

const fromText: Record<string, string> = {
  UUID: 'uuid',
  JSON: 'json',
  'TIME WITH TIME ZONE': 'time(6) with time zone',
};

function flatName(type: DataType, engine: string): string | null {
  if (DataType.isNull(type) || engine === '"NULL"') return 'unknown';
  if (DataType.isBool(type)) return 'boolean';
  if (DataType.isInt(type)) return intName(type);
  if (DataType.isFloat(type)) return type.precision === Precision.DOUBLE ? 'double' : 'real';
  if (DataType.isDecimal(type)) return `decimal(${type.precision}, ${type.scale})`;
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type)) return fromText[engine] ?? 'varchar';
  if (DataType.isDictionary(type)) return flatName(type.dictionary, '');
  if (DataType.isBinary(type) || DataType.isLargeBinary(type) || DataType.isFixedSizeBinary(type)) return 'varbinary';
  return DataType.isInterval(type) || DataType.isDuration(type) ? 'varchar' : null;
}

function intName({ isSigned, bitWidth }: Int): string {
  const names = { 8: 'tinyint', 16: 'smallint', 32: 'integer', 64: 'bigint' };
  if (isSigned) return names[bitWidth];
  return bitWidth === 64 ? 'decimal(20, 0)' : names[(bitWidth * 2) as 16 | 32 | 64];
}

const digits = { [TimeUnit.SECOND]: 0, [TimeUnit.MILLISECOND]: 3, [TimeUnit.MICROSECOND]: 6, [TimeUnit.NANOSECOND]: 9 };

function timeName(type: DataType): string | null {
  if (DataType.isDate(type)) return 'date';
  if (DataType.isTime(type)) return `time(${digits[type.unit]})`;
  if (!DataType.isTimestamp(type)) return null;
  return `timestamp(${digits[type.unit]})${type.timezone ? ' with time zone' : ''}`;
}

function nestedName(type: DataType): string | null {
  if (DataType.isList(type) || DataType.isFixedSizeList(type)) return `array(${nameOf(type.children[0]!)})`;
  if (DataType.isMap(type))
    return `map(${type.children[0]!.type.children.map((child: Field) => nameOf(child)).join(', ')})`;
  if (!DataType.isStruct(type)) return null;
  return `row(${type.children.map((child) => `${quoteName(child.name)} ${nameOf(child)}`).join(', ')})`;
}
