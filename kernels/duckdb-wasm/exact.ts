import { Field, RecordBatch, Schema, Type, Utf8, makeData, vectorFromArray } from 'apache-arrow';
import type { Data, DataType } from 'apache-arrow';

/*
 * What apache-arrow cannot carry exactly, carried as text. Its INTERVAL knows three 32-bit parts where DuckDB sends four,
 * so a slice or a copy of it is garbage; such a column becomes DuckDB's own text of it, which casts back.
 */

/** Names the engine's type on a field whose Arrow type does not tell. */
export const typeKey = 'lodestar.type';

export function exactSchema(schema: Schema): Schema {
  if (!schema.fields.some((field) => isInterval(field.type))) return schema;
  return new Schema(schema.fields.map(exactField), schema.metadata);
}

export function exactBatch(batch: RecordBatch): RecordBatch {
  if (!batch.schema.fields.some((field) => isInterval(field.type))) return batch;
  const children = batch.data.children.map((data) => (isInterval(data.type) ? intervalText(data) : data));
  const schema = exactSchema(batch.schema);
  const { length, nullCount, nullBitmap } = batch.data;
  return new RecordBatch(schema, makeData({ type: batch.data.type, length, nullCount, nullBitmap, children }));
}

/** The first `count` rows of a batch. */
export function head(batch: RecordBatch, count: number): RecordBatch {
  return batch.numRows <= count ? batch : batch.slice(0, count);
}

function isInterval(type: DataType): boolean {
  return type.typeId === Type.Interval;
}

function exactField(field: Field): Field {
  if (!isInterval(field.type)) return field;
  return new Field(field.name, new Utf8(), field.nullable, new Map([...field.metadata, [typeKey, 'INTERVAL']]));
}

function intervalText(data: Data): Data {
  const parts: Int32Array = data.values;
  const nanoseconds = new BigInt64Array(parts.buffer, parts.byteOffset, parts.length >> 1);
  const texts = Array.from({ length: data.length }, (_, row) =>
    data.getValid(row) ? formatInterval(parts[4 * row]!, parts[4 * row + 1]!, nanoseconds[2 * row + 1]!) : null,
  );
  return vectorFromArray(texts, new Utf8()).data[0]!;
}

/** As DuckDB writes it: `1 year 2 months 3 days 04:05:06.5`. */
export function formatInterval(months: number, days: number, nanoseconds: bigint): string {
  const words = [
    counted(Math.trunc(months / 12), 'year'),
    counted(months % 12, 'month'),
    counted(days, 'day'),
    nanoseconds === 0n ? '' : clock(nanoseconds),
  ];
  return words.filter(Boolean).join(' ') || '00:00:00';
}

function counted(count: number, unit: string): string {
  if (count === 0) return '';
  return `${count} ${unit}${Math.abs(count) === 1 ? '' : 's'}`;
}

function clock(nanoseconds: bigint): string {
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  const second = 1_000_000_000n;
  const two = (value: bigint) => String(value).padStart(2, '0');
  const fraction = String(size % second)
    .padStart(9, '0')
    .replace(/0+$/, '');
  const time = `${two(size / (3600n * second))}:${two((size / (60n * second)) % 60n)}:${two((size / second) % 60n)}`;
  return `${nanoseconds < 0n ? '-' : ''}${time}${fraction ? `.${fraction}` : ''}`;
}
