import { Field, RecordBatch, Schema, Struct, Table, makeData, tableToIPC } from 'apache-arrow';
import { parquetMetadataAsync, parquetRead, parquetSchema, type FileMetaData } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { typeKey } from '#lib/table/column.ts';
import type { ConvertReply } from './convert.ts';
import { FileError } from './error.ts';
import { parquetColumns, type ParquetColumn } from './parquet-type.ts';

/*
 * Parquet to Arrow, one row group at a time. The file's logical types are taken off before it is read, because the reader
 * would turn decimals into floats and timestamps into milliseconds; parquet-type.ts puts them on the raw values.
 */

const maxUnpacked = 3 * 1024 * 1024 * 1024;

export async function* parquetToArrow(file: File): AsyncGenerator<ConvertReply> {
  const source = { byteLength: file.size, slice: (from: number, to?: number) => file.slice(from, to).arrayBuffer() };
  const metadata = await parquetMetadataAsync(source, { geoparquet: false });
  refuseBomb(file, metadata);
  const columns = parquetColumns(parquetSchema(metadata), file.name);
  const raw = withoutLogicalTypes(metadata, columns);
  const schema = new Schema(columns.map(fieldOf));
  const total = Number(metadata.num_rows);
  let read = 0;
  if (total === 0) yield { type: 'arrow', ipc: toIpc(schema, emptyBatch(schema, columns)), fraction: 1 };
  for (const group of metadata.row_groups) {
    const count = Number(group.num_rows);
    if (count === 0) continue;
    const chunks = await readGroup(source, raw, read, read + count);
    read += count;
    yield { type: 'arrow', ipc: toIpc(schema, batchOf(schema, columns, chunks, count)), fraction: read / total };
  }
}

type Chunks = Map<string, ArrayLike<unknown>[]>;

async function readGroup(
  file: { byteLength: number; slice(from: number, to?: number): Promise<ArrayBuffer> },
  metadata: FileMetaData,
  rowStart: number,
  rowEnd: number,
): Promise<Chunks> {
  const chunks: Chunks = new Map();
  const onChunk = ({ columnName, columnData }: { columnName: string; columnData: ArrayLike<unknown> }) => {
    chunks.set(columnName, [...(chunks.get(columnName) ?? []), columnData]);
  };
  await parquetRead({
    file,
    metadata,
    rowStart,
    rowEnd,
    compressors,
    onChunk,
    utf8: false,
    parsers,
    geoparquet: false,
  });
  return chunks;
}

/** For what is nested, and for INT96, which has no logical type. */
const parsers = {
  timestampFromMilliseconds: (value: bigint) => value,
  timestampFromMicroseconds: (value: bigint) => value,
  timestampFromNanoseconds: (value: bigint) => value,
  dateFromDays: (days: number) => new Date(days * 86_400_000).toISOString().slice(0, 10),
  jsonFromBytes: (bytes: Uint8Array) => bytes && new TextDecoder().decode(bytes),
};

function batchOf(schema: Schema, columns: ParquetColumn[], chunks: Chunks, count: number): RecordBatch {
  const children = columns.map((column) => {
    const values = whole(chunks.get(column.name) ?? []);
    return column.make(
      Array.from(values, (value) => (value === null || value === undefined ? null : column.of(value))),
    );
  });
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length: count, nullCount: 0, children }));
}

function emptyBatch(schema: Schema, columns: ParquetColumn[]): RecordBatch {
  return batchOf(schema, columns, new Map(), 0);
}

function whole(parts: ArrayLike<unknown>[]): ArrayLike<unknown> {
  return parts.length === 1 ? parts[0]! : parts.flatMap((part) => Array.from(part));
}

function toIpc(schema: Schema, batch: RecordBatch): Uint8Array {
  return tableToIPC(new Table(schema, [batch]), 'stream');
}

function fieldOf({ name, type, engineType }: ParquetColumn): Field {
  return new Field(name, type, true, engineType ? new Map([[typeKey, engineType]]) : null);
}

/** The same file, its flat columns told as the bare types they are stored as. */
function withoutLogicalTypes(metadata: FileMetaData, columns: ParquetColumn[]): FileMetaData {
  const bare = new Set(columns.filter(({ isRaw }) => isRaw).map(({ element }) => element));
  const schema = metadata.schema.map((element) => {
    if (!bare.has(element)) return element;
    const { converted_type: _converted, logical_type: _logical, ...rest } = element;
    return rest;
  });
  return { ...metadata, schema };
}

function refuseBomb(file: File, metadata: FileMetaData): void {
  const bytes = metadata.row_groups
    .flatMap((group) => group.columns)
    .reduce((sum, column) => sum + Number(column.meta_data?.total_uncompressed_size ?? 0), 0);
  if (bytes <= maxUnpacked) return;
  const size = `${(bytes / 1024 ** 3).toFixed(1)} GB`;
  throw new FileError(
    `${file.name} holds ${size} when unpacked, more than a browser tab can take.`,
    'Upload it as a dataset and query it on the warehouse.',
    'memory',
  );
}
