import {
  Binary,
  Bool,
  DateDay,
  Decimal,
  Dictionary,
  Float32,
  Float64,
  Int16,
  Int32,
  Int64,
  Int8,
  Time,
  TimeUnit,
  Timestamp,
  Uint16,
  Uint32,
  Uint64,
  Uint8,
  Utf8,
  makeData,
  vectorFromArray,
} from 'apache-arrow';
import type { Data, DataType, Vector } from 'apache-arrow';
import { Bits, Bytes } from './bytes.ts';
import { Rows, isSet, rowsOf } from './column.ts';
import type { Column, Source } from './column.ts';
import { pushStrings } from './strings.ts';

/** Columns whose memory Arrow and DuckDB share byte for byte. */
class FixedColumn implements Column {
  readonly type: DataType;
  private width: number;
  private view: (bytes: ArrayBuffer) => unknown;
  private rows = new Rows();
  private values = new Bytes();

  constructor(type: DataType, width: number, view: (bytes: ArrayBuffer) => unknown) {
    this.type = type;
    this.width = width;
    this.view = view;
  }

  append(source: Source, start: number, count: number): void {
    this.rows.append(source, start, count);
    this.values.push(rowsOf(source, this.width).subarray(start * this.width, (start + count) * this.width));
  }

  bytes(): number {
    return this.values.length;
  }

  take(): Data {
    return makeData({ type: this.type, ...this.rows.take(), data: this.view(this.values.take().buffer) } as never);
  }
}

const i8 = (bytes: ArrayBuffer) => new Int8Array(bytes);
const u8 = (bytes: ArrayBuffer) => new Uint8Array(bytes);
const i16 = (bytes: ArrayBuffer) => new Int16Array(bytes);
const u16 = (bytes: ArrayBuffer) => new Uint16Array(bytes);
const i32 = (bytes: ArrayBuffer) => new Int32Array(bytes);
const u32 = (bytes: ArrayBuffer) => new Uint32Array(bytes);
const i64 = (bytes: ArrayBuffer) => new BigInt64Array(bytes);
const u64 = (bytes: ArrayBuffer) => new BigUint64Array(bytes);
const f32 = (bytes: ArrayBuffer) => new Float32Array(bytes);
const f64 = (bytes: ArrayBuffer) => new Float64Array(bytes);

const micro = TimeUnit.MICROSECOND;

export const fixed = {
  tinyint: () => new FixedColumn(new Int8(), 1, i8),
  smallint: () => new FixedColumn(new Int16(), 2, i16),
  integer: () => new FixedColumn(new Int32(), 4, i32),
  bigint: () => new FixedColumn(new Int64(), 8, i64),
  utinyint: () => new FixedColumn(new Uint8(), 1, u8),
  usmallint: () => new FixedColumn(new Uint16(), 2, u16),
  uinteger: () => new FixedColumn(new Uint32(), 4, u32),
  ubigint: () => new FixedColumn(new Uint64(), 8, u64),
  hugeint: () => new FixedColumn(new Decimal(0, 38, 128), 16, u32),
  float: () => new FixedColumn(new Float32(), 4, f32),
  double: () => new FixedColumn(new Float64(), 8, f64),
  date: () => new FixedColumn(new DateDay(), 4, i32),
  time: () => new FixedColumn(new Time(micro, 64), 8, i64),
  timeNs: () => new FixedColumn(new Time(TimeUnit.NANOSECOND, 64), 8, i64),
  timestamp: (unit: TimeUnit = micro) => new FixedColumn(new Timestamp(unit), 8, i64),
  timestampTz: () => new FixedColumn(new Timestamp(micro, 'UTC'), 8, i64),
  decimal128: (width: number, scale: number) => new FixedColumn(new Decimal(scale, width, 128), 16, u32),
};

/** A narrow DECIMAL is kept in 2, 4 or 8 bytes by DuckDB, always in 16 by Arrow. */
export class DecimalColumn implements Column {
  readonly type: DataType;
  private width: 2 | 4 | 8;
  private rows = new Rows();
  private values = new Bytes();

  constructor(precision: number, scale: number) {
    this.type = new Decimal(scale, precision, 128);
    this.width = precision <= 4 ? 2 : precision <= 9 ? 4 : 8;
  }

  append(source: Source, start: number, count: number): void {
    this.rows.append(source, start, count);
    const from = rowsOf(source, this.width);
    const view = new DataView(from.buffer, from.byteOffset, from.byteLength);
    const room = this.values.grow(count * 16);
    const to = new DataView(room.buffer, room.byteOffset, room.byteLength);
    for (let row = 0; row < count; row++) widen(view, (start + row) * this.width, this.width, to, row * 16);
  }

  bytes(): number {
    return this.values.length;
  }

  take(): Data {
    return makeData({ type: this.type, ...this.rows.take(), data: u32(this.values.take().buffer) } as never);
  }
}

function widen(from: DataView, at: number, width: 2 | 4 | 8, to: DataView, place: number): void {
  const low = width === 8 ? from.getInt32(at, true) : width === 4 ? from.getInt32(at, true) : from.getInt16(at, true);
  const sign = width === 8 ? from.getInt32(at + 4, true) >> 31 : low >> 31;
  to.setInt32(place, low, true);
  to.setInt32(place + 4, width === 8 ? from.getInt32(at + 4, true) : sign, true);
  to.setInt32(place + 8, sign, true);
  to.setInt32(place + 12, sign, true);
}

/** A byte a row in DuckDB, a bit a row in Arrow. */
export class BooleanColumn implements Column {
  readonly type = new Bool();
  private rows = new Rows();
  private values = new Bits();

  append(source: Source, start: number, count: number): void {
    this.rows.append(source, start, count);
    const bytes = rowsOf(source, 1);
    for (let row = start; row < start + count; row++) this.values.push(bytes[row] !== 0);
  }

  bytes(): number {
    return this.values.length / 8;
  }

  take(): Data {
    return makeData({ type: this.type, ...this.rows.take(), data: this.values.take().bits });
  }
}

/** VARCHAR and JSON as Utf8, BLOB as Binary. */
export class StringColumn implements Column {
  readonly type: Utf8 | Binary;
  private rows = new Rows();
  private values = new Bytes(4096);
  private offsets: number[] = [0];

  constructor(type: Utf8 | Binary) {
    this.type = type;
  }

  append(source: Source, start: number, count: number): void {
    const bits = this.rows.append(source, start, count);
    const isValid = (row: number) => isSet(bits, row);
    pushStrings(rowsOf(source, 16), isValid, start, count, this.values, (end) => this.offsets.push(end));
  }

  bytes(): number {
    return this.values.length + this.offsets.length * 4;
  }

  take(): Data {
    const valueOffsets = Int32Array.from(this.offsets);
    this.offsets = [0];
    return makeData({ type: this.type as Utf8, ...this.rows.take(), valueOffsets, data: this.values.take() });
  }
}

/** ENUM as a dictionary: DuckDB's numbers are the indices, its members the dictionary, sent once. */
export class EnumColumn implements Column {
  readonly type: Dictionary;
  private inner: FixedColumn;
  private members: Vector<Utf8>;

  constructor(members: readonly string[]) {
    this.inner =
      members.length <= 255 ? fixed.utinyint() : members.length <= 65_535 ? fixed.usmallint() : fixed.uinteger();
    this.members = vectorFromArray(members, new Utf8());
    this.type = new Dictionary(new Utf8(), this.inner.type as Uint8);
  }

  append(source: Source, start: number, count: number): void {
    this.inner.append(source, start, count);
  }

  bytes(): number {
    return this.inner.bytes();
  }

  take(): Data {
    const { length, nullCount, nullBitmap, values } = this.inner.take();
    return makeData({
      type: this.type,
      length,
      nullCount,
      nullBitmap,
      data: values as Uint8Array,
      dictionary: this.members,
    });
  }
}
