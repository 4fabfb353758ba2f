import { Field, RecordBatch, Schema, Struct, TimeUnit, makeData, type DataType } from 'apache-arrow';
import { bigints, booleans, decimals, doubles, texts, timestamps, type ColumnMaker } from '#kernels/columns.ts';
import { typeKey } from '#lib/table/column.ts';
import { Decimal } from './decimal.ts';
import { show } from './show.ts';
import type { Row } from './table.ts';
import { Timestamp } from './timestamp.ts';

/*
 * Plain objects as Arrow: one column for each key, in the order keys are first seen. number is DOUBLE, bigint BIGINT (or
 * HUGEINT), string VARCHAR, boolean BOOLEAN, Date TIMESTAMP, Decimal DECIMAL; lists, objects and columns of mixed kinds
 * are text (JSON where it can be). null and undefined are NULL.
 */

const batchRows = 65_536;

/** A column and how a cell's value becomes one of its. */
interface Maker extends ColumnMaker {
  of(value: unknown): unknown;
}

/** Batches of at least one, so that an empty table has its columns too. */
export function toBatches(rows: Row[], names: string[] = namesOf(rows)): RecordBatch[] {
  const makers = names.map((name) => makerFor(rows, name));
  const fields = makers.map(({ type, engineType }, index) => fieldOf(names[index]!, type, engineType));
  const schema = new Schema(fields);
  const batches: RecordBatch[] = [];
  for (let from = 0; from === 0 || from < rows.length; from += batchRows) {
    const part = rows.slice(from, from + batchRows);
    const children = makers.map((maker, index) => maker.make(part.map((row) => valueIn(row, names[index]!, maker))));
    const data = makeData({ type: new Struct(fields), length: part.length, nullCount: 0, children });
    batches.push(new RecordBatch(schema, data));
  }
  return batches;
}

function valueIn(row: Row, name: string, maker: Maker): unknown {
  const value = row[name];
  return value === null || value === undefined ? null : maker.of(value);
}

function fieldOf(name: string, type: DataType, engineType: string | undefined): Field {
  return new Field(name, type, true, engineType ? new Map([[typeKey, engineType]]) : null);
}

function namesOf(rows: Row[]): string[] {
  const names = new Set<string>();
  for (const row of rows) for (const name in row) names.add(name);
  return [...names];
}

type Kind = 'number' | 'bigint' | 'string' | 'boolean' | 'date' | 'decimal' | 'other';

function makerFor(rows: Row[], name: string): Maker {
  const kinds = new Set<Kind>();
  for (const row of rows) {
    const value = row[name];
    if (value !== null && value !== undefined) kinds.add(kindOf(value));
  }
  if (kinds.size === 2 && kinds.has('number') && kinds.has('bigint')) return { ...doubles, of: Number };
  const [kind] = kinds;
  return kinds.size === 1 ? makers[kind!](rows, name) : plainTexts;
}

function kindOf(value: unknown): Kind {
  if (value instanceof Date) return 'date';
  if (value instanceof Decimal) return 'decimal';
  const kind = typeof value;
  return kind === 'number' || kind === 'bigint' || kind === 'string' || kind === 'boolean' ? kind : 'other';
}

const plainTexts: Maker = { ...texts(), of: plainText };
const itself = (value: unknown) => value;

const makers: Record<Kind, (rows: Row[], name: string) => Maker> = {
  number: () => ({ ...doubles, of: itself }),
  string: () => ({ ...texts(), of: itself }),
  boolean: () => ({ ...booleans, of: itself }),
  other: () => plainTexts,
  bigint: (rows, name) => ({ ...(rows.some((row) => isWide(row[name])) ? decimals(38, 0) : bigints), of: itself }),
  date: (rows, name) => {
    const [unit, size] = rows.some((row) => isFine(row[name]))
      ? ([TimeUnit.NANOSECOND, 1n] as const)
      : ([TimeUnit.MICROSECOND, 1000n] as const);
    return { ...timestamps(unit), of: (value) => unitsOf(value as Date, size) };
  },
  decimal: (rows, name) => {
    const scale = rows.reduce((most, row) => Math.max(most, row[name] instanceof Decimal ? row[name].scale : 0), 0);
    const of = (value: unknown) => (value as Decimal).digits * 10n ** BigInt(scale - (value as Decimal).scale);
    return { ...decimals(38, scale), of };
  },
};

/** Beyond BIGINT. */
function isWide(value: unknown): boolean {
  return typeof value === 'bigint' && BigInt.asIntN(64, value) !== value;
}

/** Beyond microseconds. */
function isFine(value: unknown): boolean {
  return value instanceof Timestamp && value.nanoseconds % 1000n !== 0n;
}

function unitsOf(date: Date, size: bigint): bigint | null {
  if (Number.isNaN(date.getTime())) return null;
  return (date instanceof Timestamp ? date.nanoseconds : BigInt(date.getTime()) * 1_000_000n) / size;
}

function plainText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  return typeof value === 'object' && value !== null && !(value instanceof Decimal) ? jsonText(value) : String(value);
}

function jsonText(value: object): string {
  try {
    return (
      JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? String(each) : each)) ?? show(value).text
    );
  } catch {
    return show(value).text;
  }
}
