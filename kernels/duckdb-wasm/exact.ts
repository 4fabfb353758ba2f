import { Field, RecordBatch, Schema, Struct, Type, Utf8, makeData, vectorFromArray } from 'apache-arrow';
import type { Data } from 'apache-arrow';
import { typeKey } from '#lib/table/column.ts';
import { textReader } from '#lib/table/text.ts';

/*
 * What does not come through exactly, carried as text. apache-arrow's INTERVAL knows three 32-bit parts where DuckDB sends
 * four, so a slice or a copy of it is garbage. DuckDB-WASM streams an ENUM's numbers without its words. Such columns become
 * DuckDB's own text of them; insert.ts casts intervals back.
 */

/** A stream's schema and batches, made exact. */
export interface Exact {
  schema: Schema;
  batch(batch: RecordBatch): RecordBatch;
}

type TextMaker = (data: Data) => (string | null)[];

/** `labels` has the words of each ENUM column, by its index. */
export function makeExact(schema: Schema, labels: Map<number, string[]>): Exact {
  const makers = schema.fields.map((field, index) => makerFor(field, labels.get(index)));
  if (makers.every((maker) => maker === null)) return { schema, batch: (batch) => batch };
  const fields = schema.fields.map((field, index) => (makers[index] ? textField(field) : field));
  const exact = new Schema(fields, schema.metadata);
  const batch = ({ data }: RecordBatch) => {
    const children = data.children.map((child, index) => (makers[index] ? toText(child, makers[index]) : child));
    const { length, nullCount, nullBitmap } = data;
    return new RecordBatch(exact, makeData({ type: new Struct(fields), length, nullCount, nullBitmap, children }));
  };
  return { schema: exact, batch };
}

/** The first `count` rows of a batch. */
export function head(batch: RecordBatch, count: number): RecordBatch {
  return batch.numRows <= count ? batch : batch.slice(0, count);
}

export function isEnum(field: Field): boolean {
  return field.type.typeId === Type.Dictionary;
}

function makerFor(field: Field, labels: string[] | undefined): TextMaker | null {
  if (field.type.typeId === Type.Interval) return intervalTexts;
  return labels ? (data) => enumTexts(data, labels) : null;
}

function textField(field: Field): Field {
  if (isEnum(field)) return new Field(field.name, new Utf8(), true, field.metadata);
  return new Field(field.name, new Utf8(), true, new Map([...field.metadata, [typeKey, 'INTERVAL']]));
}

function toText(data: Data, maker: TextMaker): Data {
  return vectorFromArray(maker(data), new Utf8()).data[0]!;
}

function intervalTexts(data: Data): (string | null)[] {
  const read = textReader(data);
  return Array.from({ length: data.length }, (_, row) => read(row));
}

function enumTexts(data: Data, labels: string[]): (string | null)[] {
  return Array.from({ length: data.length }, (_, row) =>
    data.getValid(row) ? (labels[Number(data.values[row])] ?? null) : null,
  );
}
