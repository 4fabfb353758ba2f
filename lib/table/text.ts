import {
  DataType,
  DateUnit,
  IntervalUnit,
  Precision,
  TimeUnit,
  type Data,
  type Union,
  type Vector,
} from 'apache-arrow';
import type { RecordBatch } from 'apache-arrow';
import { dateText, intervalText, timeText, timestampText } from './calendar.ts';
import { bigintOf, decimalText, doubleText, floatText } from './number.ts';

/*
 * The exact text of every Arrow value, as DuckDB's CAST to VARCHAR prints it: what the grid shows, CSV and clipboard carry,
 * hashes cover and parity compares. Values are read from the buffers, because Arrow's own getters turn timestamps
 * into floats and decimals into words. A time zone is shown as UTC. NULL is null.
 */

export type TextReader = (row: number) => string | null;

/** Reads the texts of one column of a batch; made once, called for many rows. */
export function textReader(data: Data): TextReader {
  const read = readerOf(data);
  return data.nullCount === 0 ? read : (row) => (data.getValid(row) ? read(row) : null);
}

/** The text of one value. */
export function textAt(batch: RecordBatch, column: number, row: number): string | null {
  return textReader(batch.data.children[column]!)(row);
}

/** The first `limit` rows of batches as text. */
export function toRows(batches: readonly RecordBatch[], limit = Infinity): (string | null)[][] {
  const rows: (string | null)[][] = [];
  for (const batch of batches) {
    const readers = batch.data.children.map((data) => textReader(data));
    const end = Math.min(batch.numRows, limit - rows.length);
    for (let row = 0; row < end; row++) rows.push(readers.map((read) => read(row)));
  }
  return rows;
}

const perSecond = {
  [TimeUnit.SECOND]: 1n,
  [TimeUnit.MILLISECOND]: 1_000n,
  [TimeUnit.MICROSECOND]: 1_000_000n,
  [TimeUnit.NANOSECOND]: 1_000_000_000n,
};

function readerOf(data: Data): TextReader {
  return scalarReader(data) ?? temporalReader(data) ?? nestedReader(data) ?? (() => null);
}

function scalarReader(data: Data): TextReader | null {
  const { type, values } = data;
  if (DataType.isInt(type)) return (row) => String(values[row]);
  if (DataType.isFloat(type))
    return type.precision === Precision.DOUBLE ? (row) => doubleText(values[row]) : (row) => floatText(values[row]);
  if (DataType.isBool(type)) return (row) => String(isSet(values, data.offset + row));
  if (DataType.isDecimal(type))
    return (row) => decimalText(bigintOf(values.subarray(row * data.stride, (row + 1) * data.stride)), type.scale);
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type)) return (row) => decoder.decode(bytesAt(data, row));
  if (DataType.isBinary(type) || DataType.isLargeBinary(type)) return (row) => blobText(bytesAt(data, row));
  if (DataType.isFixedSizeBinary(type))
    return (row) => blobText(values.subarray(row * type.byteWidth, (row + 1) * type.byteWidth));
  if (DataType.isDictionary(type)) return dictionaryReader(data);
  return null;
}

function temporalReader(data: Data): TextReader | null {
  const { type, values } = data;
  if (DataType.isDate(type)) {
    const perDay = type.unit === DateUnit.DAY ? 1n : 86_400_000n;
    return (row) => dateText(BigInt(values[row]) / perDay);
  }
  if (DataType.isTime(type)) return (row) => timeText(BigInt(values[row]), perSecond[type.unit]);
  if (DataType.isTimestamp(type)) {
    const zone = type.timezone ? '+00' : '';
    return (row) => zoned(timestampText(values[row], perSecond[type.unit]), zone);
  }
  if (DataType.isDuration(type))
    return (row) => intervalText(0, 0, (values[row] * 1_000_000_000n) / perSecond[type.unit]);
  return DataType.isInterval(type) ? intervalReader(data, type.unit) : null;
}

function zoned(text: string, zone: string): string {
  return text.endsWith('infinity') ? text : text + zone;
}

/** DuckDB sends months, days and nanoseconds in 16 bytes, which this Arrow does not know by name. */
function intervalReader({ values }: Data, unit: IntervalUnit): TextReader {
  if (unit === IntervalUnit.YEAR_MONTH) return (row) => intervalText(values[row], 0, 0n);
  if (unit === IntervalUnit.DAY_TIME)
    return (row) => intervalText(0, values[2 * row], BigInt(values[2 * row + 1]) * 1_000_000n);
  const wide = new BigInt64Array(values.buffer, values.byteOffset, values.length >> 1);
  return (row) => intervalText(values[4 * row], values[4 * row + 1], wide[2 * row + 1]!);
}

function nestedReader(data: Data): TextReader | null {
  const { type } = data;
  if (DataType.isList(type)) return listReader(data, (row) => [data.valueOffsets[row]!, data.valueOffsets[row + 1]!]);
  if (DataType.isFixedSizeList(type))
    return listReader(data, (row) => [row * type.listSize, (row + 1) * type.listSize]);
  if (DataType.isStruct(type)) return structReader(data);
  if (DataType.isMap(type)) return mapReader(data);
  return DataType.isUnion(type) ? unionReader(data) : null;
}

function listReader(data: Data, range: (row: number) => [from: number, to: number]): TextReader {
  const read = itemReader(data.children[0]!);
  return (row) => {
    const [from, to] = range(row);
    return `[${Array.from({ length: to - from }, (_, index) => read(from + index)).join(', ')}]`;
  };
}

function structReader(data: Data): TextReader {
  const members = data.children.map((child, index) => ({
    name: data.type.children[index]!.name,
    read: itemReader(child),
  }));
  return (row) => `{${members.map(({ name, read }) => `'${escaped(name)}': ${read(row)}`).join(', ')}}`;
}

function mapReader(data: Data): TextReader {
  const [key, value] = data.children[0]!.children.map((child) => itemReader(child));
  const { valueOffsets } = data;
  return (row) => {
    const pairs: string[] = [];
    for (let at = valueOffsets[row]!; at < valueOffsets[row + 1]!; at++) pairs.push(`${key!(at)}=${value!(at)}`);
    return `{${pairs.join(', ')}}`;
  };
}

/** Type ids of members start at their own numbers; a dense union keeps each member's rows packed. */
function unionReader(data: Data): TextReader {
  const readers = data.children.map((child) => textReader(child));
  const ids: number[] = Array.from((data.type as Union).typeIds);
  const isDense = data.valueOffsets?.length > 0;
  return (row) => readers[ids.indexOf(data.typeIds[row]!)]!(isDense ? data.valueOffsets[row]! : row);
}

/** A value inside a list, struct or map: NULL as a word, and quotes where the text could be misread. */
function itemReader(data: Data): (row: number) => string {
  const read = textReader(data);
  const isNested = data.children.length > 0;
  return (row) => {
    const text = read(row);
    if (text === null) return 'NULL';
    return isNested || !needsQuotes(text) ? text : `'${escaped(text)}'`;
  };
}

function needsQuotes(text: string): boolean {
  return text === '' || /^\s|\s$|["'(),:=[\]{}]/.test(text) || text.toUpperCase() === 'NULL';
}

function escaped(text: string): string {
  return text.replaceAll(/[\\']/g, (mark) => `\\${mark}`);
}

function dictionaryReader(data: Data): TextReader {
  const read = vectorReader(data.dictionary!);
  return (row) => read(Number(data.values[row]));
}

function vectorReader(vector: Vector): TextReader {
  const parts = vector.data.map((data) => ({ length: data.length, read: textReader(data) }));
  if (parts.length === 1) return parts[0]!.read;
  return (row) => {
    let at = row;
    for (const part of parts) {
      if (at < part.length) return part.read(at);
      at -= part.length;
    }
    return null;
  };
}

const decoder = new TextDecoder();

function bytesAt(data: Data, row: number): Uint8Array {
  return data.values.subarray(Number(data.valueOffsets[row]), Number(data.valueOffsets[row + 1]));
}

function blobText(bytes: Uint8Array): string {
  return Array.from(bytes, byteText).join('');
}

/** Printable ASCII as it is, but for what would be ambiguous. */
function byteText(byte: number): string {
  const isPlain = byte >= 32 && byte <= 126 && byte !== 34 && byte !== 39 && byte !== 92;
  return isPlain ? String.fromCodePoint(byte) : `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

function isSet(bits: Uint8Array, at: number): boolean {
  return ((bits[at >> 3]! >> (at & 7)) & 1) === 1;
}
