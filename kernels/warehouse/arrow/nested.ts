import duckdb from '@duckdb/node-bindings';
import { DuckDBVector } from '@duckdb/node-api';
import type { DuckDBType } from '@duckdb/node-api';
import { Field, FixedSizeList, List, Map_, Struct, Utf8, makeData } from 'apache-arrow';
import type { Data, DataType } from 'apache-arrow';
import { Bytes } from './bytes.ts';
import { Rows, isSet, rowsOf } from './column.ts';
import type { Column, Source } from './column.ts';

export class StructColumn implements Column {
  readonly type: Struct;
  private rows = new Rows();
  private children: Column[];

  constructor(fields: { name: string; column: Column }[]) {
    this.children = fields.map((field) => field.column);
    this.type = new Struct(fields.map(({ name, column }) => new Field(name, column.type, true)));
  }

  append(source: Source, start: number, count: number): void {
    this.rows.append(source, start, count);
    this.children.forEach((child, index) => {
      const vector = duckdb.struct_vector_get_child(source.vector, index);
      child.append({ vector, size: source.size }, start, count);
    });
  }

  bytes(): number {
    return this.children.reduce((sum, child) => sum + child.bytes(), 0);
  }

  take(): Data {
    return makeData({ type: this.type, ...this.rows.take(), children: this.children.map((child) => child.take()) });
  }
}

/** LIST, and MAP, which both keep as a list of key and value. */
export class ListColumn implements Column {
  readonly type: DataType;
  private rows = new Rows();
  private child: Column;
  private offsets: number[] = [0];

  constructor(child: Column, kind: 'list' | 'map') {
    this.child = child;
    this.type = kind === 'list' ? new List(new Field('l', child.type, true)) : mapType(child.type as Struct);
  }

  append(source: Source, start: number, count: number): void {
    const bits = this.rows.append(source, start, count);
    const entries = rowsOf(source, 16);
    const view = new DataView(entries.buffer, entries.byteOffset, entries.byteLength);
    const vector = duckdb.list_vector_get_child(source.vector);
    const runs = new Runs(this.child, { vector, size: duckdb.list_vector_get_size(source.vector) });
    for (let row = start; row < start + count; row++) {
      const length = isSet(bits, row) ? Number(view.getBigUint64(row * 16 + 8, true)) : 0;
      if (length > 0) runs.add(Number(view.getBigUint64(row * 16, true)), length);
      this.offsets.push(this.offsets.at(-1)! + length);
    }
    runs.flush();
  }

  bytes(): number {
    return this.child.bytes() + this.offsets.length * 4;
  }

  take(): Data {
    const valueOffsets = Int32Array.from(this.offsets);
    this.offsets = [0];
    return makeData({ type: this.type as List, ...this.rows.take(), valueOffsets, child: this.child.take() });
  }
}

function mapType(entries: Struct): Map_ {
  const [key, value] = entries.children;
  const fields = [new Field('key', key!.type, false), new Field('value', value!.type, true)];
  return new Map_(new Field('entries', new Struct(fields), false) as never);
}

/** A list's rows may point anywhere in the child; neighbours are appended together. */
class Runs {
  private column: Column;
  private source: Source;
  private from = 0;
  private count = 0;

  constructor(column: Column, source: Source) {
    this.column = column;
    this.source = source;
  }

  add(from: number, count: number): void {
    if (from !== this.from + this.count) {
      this.flush();
      this.from = from;
    }
    this.count += count;
  }

  flush(): void {
    if (this.count > 0) this.column.append(this.source, this.from, this.count);
    this.from += this.count;
    this.count = 0;
  }
}

/** ARRAY: every row has the same number of items, also a null one. */
export class ArrayColumn implements Column {
  readonly type: FixedSizeList;
  private rows = new Rows();
  private child: Column;
  private size: number;

  constructor(child: Column, size: number) {
    this.child = child;
    this.size = size;
    this.type = new FixedSizeList(size, new Field('l', child.type, true));
  }

  append(source: Source, start: number, count: number): void {
    this.rows.append(source, start, count);
    const vector = duckdb.array_vector_get_child(source.vector);
    this.child.append({ vector, size: source.size * this.size }, start * this.size, count * this.size);
  }

  bytes(): number {
    return this.child.bytes();
  }

  take(): Data {
    return makeData({ type: this.type, ...this.rows.take(), child: this.child.take() });
  }
}

/** Types that Arrow in the browser cannot hold whole (INTERVAL, TIMETZ, UUID, BIT, UNION …), in DuckDB's own words. */
export class TextColumn implements Column {
  readonly type = new Utf8();
  private duckType: DuckDBType;
  private rows = new Rows();
  private values = new Bytes();
  private offsets: number[] = [0];
  private say: (value: unknown) => string;

  constructor(duckType: DuckDBType, say: (value: unknown) => string = String) {
    this.duckType = duckType;
    this.say = say;
  }

  append(source: Source, start: number, count: number): void {
    const vector = DuckDBVector.create(source.vector, source.size, this.duckType);
    for (let row = start; row < start + count; row++) {
      const value = vector.getItem(row);
      this.rows.push(value !== null);
      if (value !== null) this.values.push(new TextEncoder().encode(this.say(value)));
      this.offsets.push(this.values.length);
    }
  }

  bytes(): number {
    return this.values.length;
  }

  take(): Data {
    const valueOffsets = Int32Array.from(this.offsets);
    this.offsets = [0];
    return makeData({ type: this.type, ...this.rows.take(), valueOffsets, data: this.values.take() });
  }
}
