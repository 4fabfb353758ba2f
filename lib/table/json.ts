import { DataType, Precision, type Data, type RecordBatch } from 'apache-arrow';
import { textReader } from './text.ts';

/*
 * Values as JSON that loses nothing: numbers where a double holds every one of the type (integers to 32 bits, FLOAT,
 * DOUBLE), digits as text for BIGINT, HUGEINT and DECIMAL, lists and structs as JSON, all else as its exact text.
 */

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonReader = (row: number) => Json;

/** The rows of a batch, each an array in the order of its columns. */
export function jsonRows(batch: RecordBatch): Json[][] {
  const readers = batch.data.children.map((data) => jsonReader(data));
  return Array.from({ length: batch.numRows }, (_, row) => readers.map((read) => read(row)));
}

export function jsonReader(data: Data): JsonReader {
  const read = plainReader(data) ?? nestedReader(data) ?? textReader(data);
  return (row) => (data.getValid(row) ? read(row) : null);
}

function plainReader(data: Data): JsonReader | null {
  const { type, values } = data;
  if (DataType.isBool(type)) {
    const text = textReader(data);
    return (row) => text(row) === 'true';
  }
  if (DataType.isInt(type) && type.bitWidth <= 32) return (row) => values[row] as number;
  if (DataType.isFloat(type) && type.precision !== Precision.HALF) return floatReader(data);
  return null;
}

/** JSON knows no NaN and no infinity: they stay words. */
function floatReader(data: Data): JsonReader {
  const text = textReader(data);
  const isSingle = DataType.isFloat(data.type) && data.type.precision === Precision.SINGLE;
  return (row) => {
    const value = data.values[row] as number;
    if (!Number.isFinite(value)) return text(row);
    return isSingle ? Number(text(row)) : value;
  };
}

function nestedReader(data: Data): JsonReader | null {
  const { type, children } = data;
  if (DataType.isStruct(type)) return structReader(data);
  if (DataType.isFixedSizeList(type))
    return listReader(children[0]!, (row) => [row * type.listSize, (row + 1) * type.listSize]);
  const span = (row: number): [number, number] => [data.valueOffsets[row]!, data.valueOffsets[row + 1]!];
  if (DataType.isList(type)) return listReader(children[0]!, span);
  return DataType.isMap(type) ? mapReader(children[0]!, span) : null;
}

function listReader(child: Data, span: (row: number) => [number, number]): JsonReader {
  const read = jsonReader(child);
  return (row) => {
    const [from, to] = span(row);
    return Array.from({ length: to - from }, (_, index) => read(from + index));
  };
}

function structReader({ type, children }: Data): JsonReader {
  const members = children.map((child, index) => [String(type.children[index]!.name), jsonReader(child)] as const);
  return (row) => Object.fromEntries(members.map(([name, read]) => [name, read(row)]));
}

/** A map's keys may be anything: pairs, in order. */
function mapReader(entries: Data, span: (row: number) => [number, number]): JsonReader {
  const [key, value] = entries.children.map((child) => jsonReader(child));
  return (row) => {
    const [from, to] = span(row);
    return Array.from({ length: to - from }, (_, index) => [key!(from + index), value!(from + index)]);
  };
}
