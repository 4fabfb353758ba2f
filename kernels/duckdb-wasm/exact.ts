import { Field, RecordBatch, Schema, Type, Utf8, makeData, vectorFromArray } from 'apache-arrow';
import type { Data, DataType } from 'apache-arrow';
import { typeKey } from '#lib/table/column.ts';
import { textReader } from '#lib/table/text.ts';

/*
 * What apache-arrow cannot carry exactly, carried as text. Its INTERVAL knows three 32-bit parts where DuckDB sends four,
 * so a slice or a copy of it is garbage; such a column becomes DuckDB's own text of it, and insert.ts
 * casts it back.
 */

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
  const read = textReader(data);
  return vectorFromArray(
    Array.from({ length: data.length }, (_, row) => read(row)),
    new Utf8(),
  ).data[0]!;
}
