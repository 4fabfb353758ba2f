import { Data, DataType, RecordBatch, Struct, makeData } from 'apache-arrow';
import type { Field, Schema } from 'apache-arrow';
import type { Part } from './column/builder.ts';

/*
 * A batch as one block of memory, so that it goes from thread to thread uncopied: the buffers one behind the other, each
 * on a border of 64 bytes, and eight numbers for each part, parents first.
 */

export interface PackedBatch {
  rows: number;
  memory: ArrayBuffer;
  /** For each part: length, nulls, then place and size of its validity, offsets and values; −1 where there is none. */
  layout: Int32Array;
}

const border = 64;
const perPart = 8;

/** Into `spent`, where it fits and fills at least half of it: memory that was used before takes less than new one. */
export function pack(rows: number, parts: readonly Part[], spent: ArrayBuffer | null = null): PackedBatch {
  const flat = parts.flatMap(flatten);
  const layout = new Int32Array(flat.length * perPart);
  let end = 0;
  flat.forEach((part, index) => {
    layout.set([part.length, part.nullCount], index * perPart);
    buffersOf(part).forEach((buffer, which) => {
      const size = buffer?.byteLength ?? -1;
      layout.set([size < 0 ? -1 : end, size], index * perPart + 2 + which * 2);
      end += Math.ceil(Math.max(0, size) / border) * border;
    });
  });
  const fits = spent !== null && end <= spent.byteLength && end * 2 >= spent.byteLength;
  const memory = fits ? spent : new ArrayBuffer(end);
  const bytes = new Uint8Array(memory);
  flat.forEach((part, index) =>
    buffersOf(part).forEach((buffer, which) => {
      if (buffer) bytes.set(buffer, layout[index * perPart + 2 + which * 2]);
    }),
  );
  return { rows, memory, layout };
}

function flatten(part: Part): Part[] {
  return [part, ...part.children.flatMap(flatten)];
}

function buffersOf({ validity, offsets, values }: Part): (Uint8Array | null)[] {
  return [validity, offsets, values];
}

/** The batch over the packed memory, none of which is copied. */
export function unpack(schema: Schema, packed: PackedBatch): RecordBatch {
  const reader = new LayoutReader(packed);
  const children = schema.fields.map((field) => reader.data(field));
  const type = new Struct(schema.fields);
  return new RecordBatch(schema, makeData({ type, length: packed.rows, nullCount: 0, children }));
}

class LayoutReader {
  private readonly memory: ArrayBuffer;
  private readonly layout: Int32Array;
  private at = 0;

  constructor({ memory, layout }: PackedBatch) {
    this.memory = memory;
    this.layout = layout;
  }

  data({ type }: Field): Data {
    const [length, nullCount, ...places] = this.layout.subarray(this.at, (this.at += perPart)) as unknown as number[];
    const nullBitmap = this.view(Uint8Array, places[0]!, places[1]!);
    const valueOffsets = this.view(Int32Array, places[2]!, places[3]!);
    const data = this.view(type.ArrayType, places[4]!, places[5]!);
    const given = { type, length, nullCount, nullBitmap, valueOffsets, data };
    if (DataType.isStruct(type))
      return makeData({ ...given, children: type.children.map((child) => this.data(child)) } as never);
    if (DataType.isList(type) || DataType.isMap(type))
      return makeData({ ...given, child: this.data(type.children[0]! as Field) } as never);
    return makeData(given as never);
  }

  private view<T>(
    Kind: { new (memory: ArrayBuffer, from: number, count: number): T; BYTES_PER_ELEMENT?: number },
    from: number,
    size: number,
  ): T | undefined {
    return from < 0 ? undefined : new Kind(this.memory, from, size / (Kind.BYTES_PER_ELEMENT ?? 1));
  }
}
