import { closeBracket, comma, quote } from '#kernels/trino/arrow/json.ts';
import { FixedBuilder } from './number.ts';
import type { About } from './builder.ts';
import { quotient } from './quotient.ts';
import { mayBeBetween, nearestSingle } from './single.ts';

const tens = Float64Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));
const latin = new TextDecoder('latin1');

/**
 * REAL and DOUBLE. Up to 2^53 times or over a power of ten that is exact itself, one operation rounds once and so is right
 * (Clinger); what has more digits is left to the engine's own Number(). NaN and the infinities come as strings.
 */
abstract class FloatingBuilder<Lanes extends Float32Array | Float64Array> extends FixedBuilder<Lanes> {
  private value = 0;

  /** Where the number ends that begins at `at`, its value in `this.value`; for null, the end below zero. */
  private number(bytes: Uint8Array, from: number): number {
    let at = from;
    const isNegative = bytes[at] === 45;
    const first = isNegative ? ++at : at;
    let mantissa = 0;
    let digit = bytes[at]! - 48;
    for (; digit >= 0 && digit <= 9 && at - first < 9; digit = bytes[++at]! - 48)
      mantissa = (Math.imul(mantissa, 10) + digit) | 0;
    const point = at;
    if (bytes[at] === 46)
      for (digit = bytes[++at]! - 48; digit >= 0 && digit <= 9 && at - first <= 9; digit = bytes[++at]! - 48)
        mantissa = (Math.imul(mantissa, 10) + digit) | 0;
    const byte = bytes[at];
    const isWhole = byte === comma || byte === closeBracket;
    if (!isWhole || point === first || at - point === 1 || (bytes[first] === 48 && point - first > 1))
      return this.anyNumber(bytes, from);
    const value = at === point ? mantissa : mantissa / tens[at - point - 1]!;
    this.value = isNegative ? -value : value;
    return at;
  }

  private anyNumber(bytes: Uint8Array, at: number): number {
    const from = at;
    const isNegative = bytes[at] === 45;
    if (isNegative) at++;
    let digit = bytes[at]! - 48;
    if (!(digit >= 0 && digit <= 9)) return this.other(bytes, from);
    const first = at;
    let head = 0;
    for (const most = at + 9; at < most && digit >= 0 && digit <= 9; digit = bytes[++at]! - 48)
      head = (Math.imul(head, 10) + digit) | 0;
    let mantissa = head;
    for (; digit >= 0 && digit <= 9; digit = bytes[++at]! - 48) mantissa = mantissa * 10 + digit;
    if (bytes[first] === 48 && at - first > 1) this.wrongValue(bytes, from);
    let power = 0;
    if (bytes[at] === 46) {
      const point = at;
      for (digit = bytes[++at]! - 48; digit >= 0 && digit <= 9; digit = bytes[++at]! - 48)
        mantissa = mantissa * 10 + digit;
      power = point + 1 - at;
      if (power === 0) this.wrongValue(bytes, from);
    }
    const digitsEnd = at;
    if (bytes[at] === 69 || bytes[at] === 101) {
      const isDown = bytes[++at] === 45;
      if (isDown || bytes[at] === 43) at++;
      const start = at;
      let exponent = 0;
      for (digit = bytes[at]! - 48; digit >= 0 && digit <= 9; digit = bytes[++at]! - 48)
        exponent = exponent * 10 + digit;
      if (at === start) this.wrongValue(bytes, from);
      power += isDown ? -exponent : exponent;
    }
    if (mantissa <= 9_007_199_254_740_991 && power >= -22 && power <= 22)
      mantissa = power < 0 ? mantissa / tens[-power]! : mantissa * tens[power]!;
    else {
      const near = power <= 0 && power >= -22 ? quotient(bytes, first, digitsEnd, tens[-power]!) : NaN;
      mantissa = near === near ? near : Number(latin.decode(bytes.subarray(first, at)));
    }
    this.value = isNegative ? -mantissa : mantissa;
    return at;
  }

  read(bytes: Uint8Array, at: number): number {
    const end = this.number(bytes, at);
    if (end < 0) return -end;
    if (this.length === this.room) this.makeRoom();
    this.store(this.length++, this.value, bytes, at, end);
    return end;
  }

  /** A word stands in the name's own quotes, a number within them. */
  override readKey(bytes: Uint8Array, at: number): number {
    const first = bytes[at + 1] === 45 ? bytes[at + 2]! : bytes[at + 1]!;
    return first >= 48 && first <= 57 ? this.bareKey(bytes, at) : this.read(bytes, at);
  }

  protected abstract store(row: number, value: number, bytes: Uint8Array, from: number, to: number): void;

  /** A word in quotes, or null, told by a negative end. */
  private other(bytes: Uint8Array, at: number): number {
    if (bytes[at] !== quote) return -this.nullOr('a number', bytes, at);
    for (const [word, value] of words) {
      if (!isAt(bytes, at, word)) continue;
      this.value = value;
      return at + word.length;
    }
    return this.wrongShape('a number', bytes, at);
  }
}

const words: [Uint8Array, number][] = [
  ['"NaN"', NaN] as const,
  ['"Infinity"', Infinity] as const,
  ['"-Infinity"', -Infinity] as const,
].map(([word, value]) => [new TextEncoder().encode(word), value]);

function isAt(bytes: Uint8Array, at: number, word: Uint8Array): boolean {
  for (let index = 0; index < word.length; index++) if (bytes[at + index] !== word[index]) return false;
  return true;
}

export class DoubleBuilder extends FloatingBuilder<Float64Array> {
  constructor(about: About) {
    super(about, new Float64Array(0));
  }

  protected store(row: number, value: number, bytes: Uint8Array, from: number): void {
    if (value === Infinity || value === -Infinity) this.checkInfinite(bytes, from);
    this.lanes[row] = value;
  }

  private checkInfinite(bytes: Uint8Array, from: number): void {
    if (bytes[from] !== quote) this.wrongValue(bytes, from);
  }
}

export class RealBuilder extends FloatingBuilder<Float32Array> {
  constructor(about: About) {
    super(about, new Float32Array(0));
  }

  protected store(row: number, value: number, bytes: Uint8Array, from: number, to: number): void {
    this.lanes[row] = mayBeBetween(value) ? nearestSingle(latin.decode(bytes.subarray(from, to)), value) : value;
    const stored = this.lanes[row]!;
    if ((stored === Infinity || stored === -Infinity) && bytes[from] !== quote) this.wrongValue(bytes, from);
  }
}
