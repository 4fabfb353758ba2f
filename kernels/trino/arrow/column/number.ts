import type { Source } from '#kernels/trino/arrow/source.ts';
import { Builder } from './builder.ts';
import type { About, Part } from './builder.ts';
import { storeExact, storeProduct } from './wide.ts';

/** BOOLEAN: a bit a row. */
export class BooleanBuilder extends Builder {
  private bits = new Uint8Array(0);

  read(source: Source, at: number): number {
    const { bytes } = source;
    const byte = bytes[at];
    if (byte === 116 && bytes[at + 1] === 114 && bytes[at + 2] === 117 && bytes[at + 3] === 101) {
      if (this.length === this.room) this.makeRoom();
      const row = this.length++;
      this.bits[row >> 3]! |= 1 << (row & 7);
      return at + 4;
    }
    const isFalse =
      byte === 102 && bytes[at + 1] === 97 && bytes[at + 2] === 108 && bytes[at + 3] === 115 && bytes[at + 4] === 101;
    if (!isFalse) return this.nullOr('true or false', source, at);
    if (this.length === this.room) this.makeRoom();
    this.blank(this.length++);
    return at + 5;
  }

  override readKey(source: Source, at: number): number {
    return this.bareKey(source, at);
  }

  part(): Part {
    const values = this.bits.subarray(0, (this.length + 7) >> 3);
    return {
      length: this.length,
      nullCount: this.nullCount,
      validity: this.validityPart(),
      offsets: null,
      values,
      children: [],
    };
  }

  protected enlarge(rows: number): void {
    const bits = new Uint8Array(rows >> 3);
    bits.set(this.bits);
    this.bits = bits;
  }

  protected blank(row: number): void {
    this.bits[row >> 3]! &= ~(1 << (row & 7));
  }
}

/** Columns of one width. `lanes` is what their memory is written through; a value has `width` of them. */
export abstract class FixedBuilder<
  Lanes extends Int8Array | Int16Array | Int32Array | Float32Array | Float64Array,
> extends Builder {
  protected lanes: Lanes;
  private readonly width: number;

  constructor(about: About, empty: Lanes, width = 1) {
    super(about);
    this.lanes = empty;
    this.width = width;
  }

  part(): Part {
    const { buffer, BYTES_PER_ELEMENT: size } = this.lanes;
    const values = new Uint8Array(buffer, 0, this.length * this.width * size);
    return {
      length: this.length,
      nullCount: this.nullCount,
      validity: this.validityPart(),
      offsets: null,
      values,
      children: [],
    };
  }

  protected enlarge(rows: number): void {
    const Kind = this.lanes.constructor as new (count: number) => Lanes;
    const lanes = new Kind(rows * this.width);
    lanes.set(this.lanes);
    this.lanes = lanes;
  }

  protected blank(row: number): void {
    for (let lane = row * this.width; lane < (row + 1) * this.width; lane++) this.lanes[lane] = 0;
  }
}

/** TINYINT, SMALLINT, INTEGER. */
export class IntBuilder extends FixedBuilder<Int8Array | Int16Array | Int32Array> {
  private readonly most: number;

  constructor(about: About, empty: Int8Array | Int16Array | Int32Array) {
    super(about, empty);
    this.most = 2 ** (empty.BYTES_PER_ELEMENT * 8 - 1);
  }

  read(source: Source, at: number): number {
    const { bytes } = source;
    const from = at;
    const isNegative = bytes[at] === 45;
    if (isNegative) at++;
    let digit = bytes[at]! - 48;
    if (!(digit >= 0 && digit <= 9)) return this.nullOr('a whole number', source, from);
    let value = digit;
    const first = at++;
    while ((digit = bytes[at]! - 48) >= 0 && digit <= 9) {
      value = value * 10 + digit;
      at++;
    }
    if (at - first > 10 || value > (isNegative ? this.most : this.most - 1)) this.wrongValue(bytes, from);
    if (at - first > 1 && bytes[first] === 48) this.wrongValue(bytes, from);
    if (this.length === this.room) this.makeRoom();
    this.lanes[this.length++] = isNegative ? -value : value;
    return at;
  }

  override readKey(source: Source, at: number): number {
    return this.bareKey(source, at);
  }
}

/** BIGINT: two words of 32 bits, the least first. */
export class BigintBuilder extends FixedBuilder<Int32Array> {
  constructor(about: About) {
    super(about, new Int32Array(0), 2);
  }

  read(source: Source, at: number): number {
    const { bytes } = source;
    const from = at;
    const isNegative = bytes[at] === 45;
    if (isNegative) at++;
    let digit = bytes[at]! - 48;
    if (!(digit >= 0 && digit <= 9)) return this.nullOr('a whole number', source, from);
    let value = digit;
    const first = at++;
    for (const most = first + 9; at < most && (digit = bytes[at]! - 48) >= 0 && digit <= 9; at++)
      value = (Math.imul(value, 10) + digit) | 0;
    if (at - first > 1 && bytes[first] === 48) this.wrongValue(bytes, from);
    if (this.length === this.room) this.makeRoom();
    if (at - first === 9 && (digit = bytes[at]! - 48) >= 0 && digit <= 9)
      return this.long(bytes, from, first, value, isNegative);
    const place = 2 * this.length++;
    if (isNegative) value = -value;
    this.lanes[place] = value;
    this.lanes[place + 1] = value >> 31;
    return at;
  }

  override readKey(source: Source, at: number): number {
    return this.bareKey(source, at);
  }

  /** Ten digits or more, the first nine of which are `value`. */
  private long(bytes: Uint8Array, from: number, first: number, value: number, isNegative: boolean): number {
    let end = first + 9;
    for (let digit = 0; (digit = bytes[end]! - 48) >= 0 && digit <= 9; end++) value = value * 10 + digit;
    if (value < 9e15) {
      storeExact(this.lanes, 2 * this.length++, isNegative ? -value : value);
      return end;
    }
    if (end - first > 19) this.wrongValue(bytes, from);
    const front = digitsOf(bytes, first, end - 9);
    const fits = storeProduct(this.lanes, 2 * this.length, front, 1e9, digitsOf(bytes, end - 9, end), isNegative);
    if (!fits) this.wrongValue(bytes, from);
    this.length++;
    return end;
  }
}

/** The whole number that the digits [from, to) are; at most 15 of them. */
export function digitsOf(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) value = value * 10 + (bytes[at]! - 48);
  return value;
}

/** UNKNOWN, whose only value is null. */
export class NothingBuilder extends FixedBuilder<Int32Array> {
  constructor(about: About) {
    super(about, new Int32Array(0));
  }

  read(source: Source, at: number): number {
    return this.nullOr('null', source, at);
  }
}
