import type { FileHandle } from 'node:fs/promises';
import { DuckDBDataChunk } from '@duckdb/node-api';
import type { DuckDBConnection, DuckDBType } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import { DataType, RecordBatchReader } from 'apache-arrow';
import type { Data, Field, RecordBatch, Schema } from 'apache-arrow';
import { castOf } from '#lib/table/cast.ts';
import { duckTypeOf } from './type.ts';
import { valueAt } from './value.ts';

/*
 * Arrow rows into a DuckDB table, chunk by chunk: numbers and timestamps as the bytes they are, text without becoming a
 * JavaScript string, the rest value by value.
 */

const chunkRows = 2048;
/** Types that came out as text because Arrow cannot hold them; they become themselves again. */
const fromText = new Set(['UUID', 'INTERVAL', 'TIME WITH TIME ZONE', 'BIT', 'UHUGEINT', 'BIGNUM', 'JSON']);

/** Makes `name` of an Arrow IPC stream or file. Throws what people should read when a type cannot be held. */
export async function appendArrow(
  connection: DuckDBConnection,
  name: string,
  ipc: Uint8Array | FileHandle,
): Promise<void> {
  const reader = await (await RecordBatchReader.from(ipc as FileHandle)).open();
  const rows = await openRows(connection, name, reader.schema);
  for await (const batch of reader) rows.append(batch);
  rows.close();
}

/** A table that takes batches; they are readable under its name when it is closed. */
export interface Rows {
  append(batch: RecordBatch): void;
  close(): void;
}

/** Makes `name` anew for batches of this schema. Throws what people should read when a type cannot be held. */
export async function openRows(connection: DuckDBConnection, name: string, schema: Schema): Promise<Rows> {
  const types = schema.fields.map(typeFor);
  await createTable(connection, name, schema, types);
  const appender = await connection.createAppender(`${name} (rows)`);
  return {
    append: (batch) => {
      for (const chunk of chunksOf(batch, types)) appender.appendDataChunk(chunk);
    },
    close: () => appender.closeSync(),
  };
}

function typeFor(field: Field): DuckDBType {
  const type = duckTypeOf(field.type as DataType);
  if (!type)
    throw new Error(`Column "${field.name}" has the Arrow type ${String(field.type)}, which DuckDB cannot hold.`);
  return type;
}

/** The rows in a table of their own, and a view with the right types under the name. */
async function createTable(
  connection: DuckDBConnection,
  name: string,
  { fields }: Schema,
  types: DuckDBType[],
): Promise<void> {
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const columns = fields.map((field, index) => `${quote(field.name)} ${types[index]!.toString()}`);
  await connection.run(`CREATE OR REPLACE TABLE ${quote(`${name} (rows)`)} (${columns.join(', ')})`);
  const selected = fields.map((field) => {
    const type = castOf(field, fromText);
    return type ? `CAST(${quote(field.name)} AS ${type}) AS ${quote(field.name)}` : quote(field.name);
  });
  await connection.run(
    `CREATE OR REPLACE VIEW ${quote(name)} AS SELECT ${selected.join(', ')} FROM ${quote(`${name} (rows)`)}`,
  );
}

function* chunksOf(batch: RecordBatch, types: DuckDBType[]): Generator<DuckDBDataChunk> {
  for (let from = 0; from < batch.numRows; from += chunkRows) {
    const count = Math.min(chunkRows, batch.numRows - from);
    const chunk = DuckDBDataChunk.create(types, count);
    types.forEach((_, index) => fill(chunk, index, batch.data.children[index]!.slice(from, count)));
    yield chunk;
  }
}

function fill(chunk: DuckDBDataChunk, index: number, data: Data): void {
  if (isSameBytes(data.type as DataType)) return copyBytes(duckdb.data_chunk_get_vector(chunk.chunk, index), data);
  if (DataType.isUtf8(data.type)) return copyText(duckdb.data_chunk_get_vector(chunk.chunk, index), data);
  chunk.setColumnValues(
    index,
    Array.from({ length: data.length }, (_, row) => valueAt(data, row)),
  );
}

function isSameBytes(type: DataType): boolean {
  if (DataType.isInt(type)) return true;
  if (DataType.isFloat(type)) return type.precision > 0;
  return DataType.isTimestamp(type) && !type.timezone;
}

function copyBytes(vector: duckdb.Vector, data: Data): void {
  const { buffer, byteOffset, byteLength } = data.values as Uint8Array<ArrayBuffer>;
  duckdb.copy_data_to_vector(vector, 0, buffer, byteOffset, byteLength);
  if (data.nullCount > 0) copyValidity(vector, data);
}

function copyText(vector: duckdb.Vector, data: Data): void {
  const bytes = data.values as Uint8Array;
  if (data.nullCount > 0) copyValidity(vector, data);
  for (let row = 0; row < data.length; row++) {
    if (!data.getValid(row)) continue;
    const text = bytes.subarray(data.valueOffsets[row], data.valueOffsets[row + 1]);
    duckdb.vector_assign_string_element_len(vector, row, text);
  }
}

function copyValidity(vector: duckdb.Vector, data: Data): void {
  const bits = new Uint8Array(Math.ceil(data.length / 64) * 8).fill(255);
  for (let row = 0; row < data.length; row++) if (!data.getValid(row)) bits[row >> 3]! &= ~(1 << (row & 7));
  duckdb.vector_ensure_validity_writable(vector);
  duckdb.copy_data_to_vector_validity(vector, 0, bits.buffer, 0, bits.byteLength);
}
