import type { Source } from '#kernels/trino/arrow/source.ts';
import { quote, skipString } from '#kernels/trino/arrow/json.ts';
import type { About } from './builder.ts';
import { FixedBuilder } from './number.ts';
import { plainString } from './string.ts';
import { tens } from './scaled.ts';
import { multiplyAdd, negate, storeExact, storeProduct, storeSmall } from './wide.ts';

/** DECIMAL: a string of digits to 128 bits. Trino writes as many digits behind the point as the type has. */
export class DecimalBuilder extends FixedBuilder<Int32Array> {
  private readonly scale: number;
  private readonly whole: number;

  constructor(about: About) {
    super(about, new Int32Array(0), 4);
    const [precision, scale] = about.plan.type.numbers;
    this.scale = scale!;
    this.whole = precision! - scale!;
  }

  read(source: Source, at: number): number {
    const { bytes } = source;
    if (bytes[at] !== quote) return this.nullOr('a number in quotes', source, at);
    if (this.length === this.room) this.makeRoom();
    const end = this.few(bytes, at);
    return end > 0 ? end : this.many(bytes, at);
  }

  /** Up to nine digits, which fill one word; 0 when it is not as simple as that. */
  private few(bytes: Uint8Array, from: number): number {
    const isNegative = bytes[from + 1] === 45;
    const first = isNegative ? from + 2 : from + 1;
    let at = first;
    let value = 0;
    let digit = bytes[at]! - 48;
    for (; digit >= 0 && digit <= 9 && at - first < 9; digit = bytes[++at]! - 48)
      value = (Math.imul(value, 10) + digit) | 0;
    const whole = at - first;
    if (bytes[at] === 46)
      for (digit = bytes[++at]! - 48; digit >= 0 && digit <= 9 && at - first <= 9; digit = bytes[++at]! - 48)
        value = (Math.imul(value, 10) + digit) | 0;
    const fraction = at - first - whole;
    if (whole === 0 || whole > this.whole) return 0;
    if (digit >= 0 && digit <= 9) return fraction > 0 ? this.more(bytes, first, at, value) : 0;
    if (bytes[at] !== quote || (fraction === 0 ? 0 : fraction - 1) !== this.scale) return 0;
    const place = 4 * this.length++;
    const { lanes } = this;
    if (isNegative) value = -value;
    const sign = value >> 31;
    lanes[place] = value;
    lanes[place + 1] = sign;
    lanes[place + 2] = sign;
    lanes[place + 3] = sign;
    return at + 1;
  }

  /** Up to nine digits more, behind the first nine, which are `front`, and the point. */
  private more(bytes: Uint8Array, first: number, from: number, front: number): number {
    let at = from;
    let rest = 0;
    let digit = bytes[at]! - 48;
    for (; digit >= 0 && digit <= 9 && at - from < 9; digit = bytes[++at]! - 48)
      rest = (Math.imul(rest, 10) + digit) | 0;
    if (bytes[at] !== quote || bytes[at - 1 - this.scale] !== 46) return 0;
    const isNegative = bytes[first - 1] === 45;
    const { lanes } = this;
    const place = 4 * this.length++;
    const by = tens[at - from]!;
    if (at - first <= 16) storeExact(lanes, place, isNegative ? -front * by - rest : front * by + rest);
    else storeProduct(lanes, place, front, by, rest, isNegative);
    const sign = lanes[place + 1]! >> 31;
    lanes[place + 2] = sign;
    lanes[place + 3] = sign;
    return at + 1;
  }

  private many(bytes: Uint8Array, at: number): number {
    const end = this.digits(bytes, at + 1);
    if (end < 0) return this.again(bytes, at);
    this.length++;
    return end;
  }

  private digits(bytes: Uint8Array, at: number): number {
    const isNegative = bytes[at] === 45;
    if (isNegative) at++;
    const first = at;
    let head = 0;
    let digit = bytes[at]! - 48;
    for (const most = at + 9; at < most && digit >= 0 && digit <= 9; digit = bytes[++at]! - 48)
      head = (Math.imul(head, 10) + digit) | 0;
    let value = head;
    for (; digit >= 0 && digit <= 9; digit = bytes[++at]! - 48) value = value * 10 + digit;
    const point = at;
    let end = at;
    if (bytes[at] === 46) {
      for (digit = bytes[++at]! - 48; digit >= 0 && digit <= 9; digit = bytes[++at]! - 48) value = value * 10 + digit;
      end = at;
    }
    const fraction = end === point ? 0 : end - point - 1;
    if (bytes[end] !== quote || point === first || fraction !== this.scale) return -1;
    if (point - first > this.whole && !this.isPadded(bytes, first, point)) return -1;
    if (value <= 9_007_199_254_740_991) storeSmall(this.lanes, 4 * this.length, value, isNegative);
    else this.long(bytes, first, end, isNegative);
    return end + 1;
  }

  /** Zeros in front of what the type has room for. */
  private isPadded(bytes: Uint8Array, first: number, point: number): boolean {
    for (let at = first; at < point - this.whole; at++) if (bytes[at] !== 48) return false;
    return true;
  }

  private long(bytes: Uint8Array, first: number, end: number, isNegative: boolean): void {
    const place = 4 * this.length;
    this.lanes.fill(0, place, place + 4);
    for (let at = first; at < end; at++) if (bytes[at] !== 46) multiplyAdd(this.lanes, place, 10, bytes[at]! - 48);
    if (isNegative) negate(this.lanes, place);
  }

  private again(bytes: Uint8Array, at: number): number {
    const plain = plainString(bytes, at);
    if (!plain || this.digits(plain, 1) !== plain.length) this.wrongValue(bytes, at);
    this.length++;
    return skipString(bytes, at);
  }
}
