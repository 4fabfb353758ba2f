import { DataType } from 'apache-arrow';
import type { Data, Field } from 'apache-arrow';
import { bigintOf, decimalText } from '#lib/table/number.ts';
import { textReader } from '#lib/table/text.ts';
import { byteTypes } from './field.ts';
import { refuse, trinoDays, trinoInstant, trinoMonths, trinoTime, trinoZonedTime } from './instant.ts';
import { trinoTypeOf } from './origin.ts';
import { LiteralError, quoteText, typeSql } from './sql.ts';
import type { TrinoType } from './type.ts';

/*
 * The way back: an Arrow value as an expression of Trino that has exactly that value and that type, whichever engine made
 * it. Whatever a value holds stays within its quotes. An instant in a zone is told in UTC and moved there, so that no rule
 * of ours about zones matters.
 */

export type LiteralReader = (row: number) => string;

/** Reads the rows of one column as expressions; made once for each batch. Throws LiteralError for what Trino cannot hold. */
export function literalReader(field: Field, data: Data): LiteralReader {
  return readerFor(trinoTypeOf(field), data);
}

/** The type that a column's expressions have, as a CAST wants it. */
export function literalType(field: Field): string {
  return typeSql(trinoTypeOf(field));
}

function readerFor(type: TrinoType, data: Data): LiteralReader {
  const none = type.base === 'unknown' ? 'NULL' : `CAST(NULL AS ${typeSql(type)})`;
  const read = nestedReader(type, data) ?? leafReader(type, data);
  return (row) => (data.getValid(row) ? read(row) : none);
}

function leafReader(type: TrinoType, data: Data): LiteralReader {
  const { base } = type;
  if (base === 'varbinary') return base64Reader(data);
  if (byteTypes.has(base)) {
    const read = base64Reader(data);
    return (row) => `CAST(${read(row)} AS ${typeSql(type)})`;
  }
  const say = wordsFor(type, data.type as DataType);
  const text = plainReader(data);
  return (row) => say(text(row));
}

/** The text of a value that is there, as DuckDB writes it; of strings, exactly or not at all. */
function plainReader(data: Data): (row: number) => string {
  const type = data.type as DataType;
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type)) {
    return (row) => exactText(data.values.subarray(Number(data.valueOffsets[row]), Number(data.valueOffsets[row + 1])));
  }
  if (DataType.isDecimal(type))
    return (row) =>
      decimalOf(bigintOf(data.values.subarray(row * data.stride, (row + 1) * data.stride)), type.precision, type.scale);
  const read = textReader(data);
  return (row) => read(row)!;
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function exactText(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    throw new LiteralError('A text is not UTF-8, which Trino cannot hold.');
  }
}

/** DuckDB's HUGEINT travels as 38 digits and may have 39. */
function decimalOf(value: bigint, precision: number, scale: number): string {
  const size = value < 0n ? -value : value;
  if (size >= 10n ** BigInt(precision))
    throw new LiteralError(`The number ${value} has more than ${precision} digits, the most Trino holds.`);
  return decimalText(value, scale);
}

type Words = (text: string) => string;

const plain: Record<string, Words> = {
  boolean: (text) => text,
  tinyint: (text) => `TINYINT '${text}'`,
  smallint: (text) => `SMALLINT '${text}'`,
  integer: (text) => `INTEGER '${text}'`,
  bigint: (text) => `BIGINT '${text}'`,
  double: (text) => special[text] ?? `DOUBLE '${text}'`,
  real: (text) => (special[text] ? `CAST(${special[text]} AS real)` : `REAL '${text}'`),
  json: (text) => `json_parse(${quoteText(text)})`,
  uuid: (text) => `CAST(${quoteText(text)} AS uuid)`,
  ipaddress: (text) => `CAST(${quoteText(text)} AS ipaddress)`,
  geometry: (text) => `ST_GeometryFromText(${quoteText(text)})`,
  sphericalgeography: (text) => `to_spherical_geography(ST_GeometryFromText(${quoteText(text)}))`,
  unknown: () => 'NULL',
};

const special: Record<string, string> = { nan: 'nan()', inf: 'infinity()', '-inf': '-infinity()' };

function wordsFor(type: TrinoType, arrow: DataType): Words {
  const { base } = type;
  if (plain[base]) return plain[base];
  if (base === 'decimal') return (text) => `CAST(DECIMAL '${text}' AS ${typeSql(type)})`;
  if (base === 'varchar' || base === 'char') return (text) => `CAST(${quoteText(text)} AS ${typeSql(type)})`;
  return timeWords(type, arrow) ?? refused(type);
}

function refused(type: TrinoType): never {
  throw new LiteralError(`Trino has no way to write a value of ${type.text} into a query.`);
}

/** Times held as text without being DuckDB's own are in Trino's words already. */
function timeWords({ base, numbers: [digits = 0] }: TrinoType, arrow: DataType): Words | null {
  const isText = DataType.isUtf8(arrow);
  if (base === 'date') return (text) => `DATE '${isText ? own(text) : trinoInstant(text, 0)}'`;
  if (base === 'timestamp') return (text) => `TIMESTAMP '${isText ? own(text) : trinoInstant(text, digits)}'`;
  if (base === 'time') return (text) => `TIME '${isText ? own(text) : trinoTime(text, digits)}'`;
  if (base === 'time with time zone')
    return (text) => `TIME '${digits > 6 ? own(text) : trinoZonedTime(text, digits)}'`;
  if (base === 'interval year to month') return (text) => `INTERVAL '${trinoMonths(text)}' YEAR TO MONTH`;
  if (base === 'interval day to second') return daysWords;
  if (base !== 'timestamp with time zone') return null;
  return isText
    ? (text) => `TIMESTAMP '${own(text)}'`
    : zonedWords(digits, DataType.isTimestamp(arrow) ? arrow.timezone : null);
}

/** Trino reads no more days than 32 bits hold, and knows intervals of more. */
function daysWords(text: string): string {
  const [, sign, days, time] = /^(-?)(\d+) (\S+)$/.exec(/^-?\d+ [\d:.]+$/.test(text) ? text : trinoDays(text))!;
  const rest = `INTERVAL '${sign}${Number(days) % 1e9} ${time}' DAY TO SECOND`;
  const many = Math.floor(Number(days) / 1e9);
  return many === 0 ? rest : `(${sign}${many} * INTERVAL '1000000000' DAY + ${rest})`;
}

function zonedWords(digits: number, zone: string | null | undefined): Words {
  const name = quoteText(zone ?? 'UTC');
  return (text) => {
    const instant = `TIMESTAMP '${trinoInstant(text.replace(/\+00$/, ''), digits)} UTC'`;
    return name === "'UTC'" ? instant : `at_timezone(${instant}, ${name})`;
  };
}

/** Trino's own words of a time; anything else could leave the quotes. */
function own(text: string): string {
  return /^[\d:.+-][\w :.+/-]*$/.test(text) ? text : refuse(text);
}

function base64Reader(data: Data): LiteralReader {
  const type = data.type as DataType;
  const width = DataType.isFixedSizeBinary(type) ? type.byteWidth : 0;
  return (row) => {
    const [from, to] = width ? [row * width, (row + 1) * width] : [data.valueOffsets[row], data.valueOffsets[row + 1]];
    return `from_base64('${Buffer.from(data.values.subarray(Number(from), Number(to))).toString('base64')}')`;
  };
}

function nestedReader(type: TrinoType, data: Data): LiteralReader | null {
  if (type.base === 'row') return rowReader(type, data);
  if (type.base === 'array') return arrayReader(type, data);
  return type.base === 'map' ? mapReader(type, data) : null;
}

function rowReader(type: TrinoType, data: Data): LiteralReader {
  const readers = type.children.map((child, index) => readerFor(child.type, data.children[index]!));
  return (row) => `CAST(ROW(${readers.map((read) => read(row)).join(', ')}) AS ${typeSql(type)})`;
}

function arrayReader(type: TrinoType, data: Data): LiteralReader {
  const items = itemsReader(type.children[0]!.type, data.children[0]!);
  const size = DataType.isFixedSizeList(data.type) ? data.type.listSize : 0;
  const whole = (text: string) => `CAST(${text} AS ${typeSql(type)})`;
  return (row) =>
    whole(size ? items(row * size, (row + 1) * size) : items(data.valueOffsets[row]!, data.valueOffsets[row + 1]!));
}

function mapReader(type: TrinoType, data: Data): LiteralReader {
  const [key, value] = type.children.map((child) => child.type) as [TrinoType, TrinoType];
  if (key.children.length > 0) return refused(type);
  const entries = data.children[0]!;
  const [keys, values] = [itemsReader(key, entries.children[0]!), itemsReader(value, entries.children[1]!)];
  return (row) => {
    const [from, to] = [data.valueOffsets[row]!, data.valueOffsets[row + 1]!];
    return `CAST(MAP(${keys(from, to)}, ${values(from, to)}) AS ${typeSql(type)})`;
  };
}

function itemsReader(type: TrinoType, data: Data): (from: number, to: number) => string {
  const read = readerFor(type, data);
  return (from, to) => `ARRAY[${Array.from({ length: to - from }, (_, index) => read(from + index)).join(', ')}]`;
}
