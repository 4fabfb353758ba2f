import { DataType, Field } from 'apache-arrow';
import { typeKey, typeOf } from './column.ts';

/*
 * Values that travelled as text because Arrow cannot hold them become themselves again in DuckDB, also those within a list,
 * a struct or a map: the whole column is cast to the type it had.
 */

/** The type to cast a column to; null when it holds no text of the types named in `fromText`. */
export function castOf(field: Field, fromText: ReadonlySet<string>): string | null {
  return holdsText(field, fromText) ? castType(field, fromText) : null;
}

function holdsText(field: Field, fromText: ReadonlySet<string>): boolean {
  return isText(field, fromText) || childrenOf(field).some((child) => holdsText(child, fromText));
}

function isText(field: Field, fromText: ReadonlySet<string>): boolean {
  return DataType.isUtf8(field.type) && fromText.has(field.metadata.get(typeKey) ?? '');
}

function childrenOf(field: Field): Field[] {
  return (field.type as DataType).children ?? [];
}

function castType(field: Field, fromText: ReadonlySet<string>): string {
  const type = field.type as DataType;
  if (isText(field, fromText)) return field.metadata.get(typeKey)!;
  const inner = childrenOf(field).map((child) => castType(child, fromText));
  if (DataType.isList(type)) return `${inner[0]}[]`;
  if (DataType.isFixedSizeList(type)) return `${inner[0]}[${type.listSize}]`;
  if (DataType.isMap(type))
    return `MAP(${childrenOf(childrenOf(field)[0]!)
      .map((child) => castType(child, fromText))
      .join(', ')})`;
  if (DataType.isStruct(type))
    return `STRUCT(${inner.map((name, at) => `${quoted(childrenOf(field)[at]!.name)} ${name}`).join(', ')})`;
  return DataType.isDecimal(type) ? `DECIMAL(${type.precision},${type.scale})` : typeOf(new Field('', type));
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
