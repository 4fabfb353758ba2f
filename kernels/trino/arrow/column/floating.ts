import type { Source } from '#kernels/trino/arrow/source.ts';
import { closeBracket, comma, quote } from '#kernels/trino/arrow/json.ts';
import { FixedBuilder } from './number.ts';
import type { About } from './builder.ts';
import { scaled, tens } from './scaled.ts';
import { mayBeBetween, nearestSingle } from './single.ts';

const latin = new TextDecoder('latin1');

/**
 * REAL and DOUBLE. Up to 2^53 times or over a power of ten that is exact itself, one operation rounds once and so is right
 * (Clinger); what has more digits is left to the engine's own Number(). NaN and the infinities come as strings.
 */
abstract class FloatingBuilder<Lanes extends Float32Array | Float64Array> extends FixedBuilder<Lanes> {
  private value = 0;
  private exponent = 0;

  /** Where the number ends that begins at `at`, its value in `this.value`; for null, the end below zero. */
  private number(source: Source, from: number): number {
    const { bytes } = source;
    let at = from;
    const isNegative = bytes[at] === 45;
    const first = isNegative ? ++at : at;
    let front = 0;
    let digit = bytes[at]! - 48;
    for (; digit >= 0 && digit <= 9 && at - first < 9; digit = bytes[++at]! - 48)
      front = (Math.imul(front, 10) + digit) | 0;
    const point = at;
    if (bytes[at] === 46) {
      let last = first + 9;
      at++;
      if (front === 0) {
        while (bytes[at] === 48) at++;
        last = at + 8;
      }
      for (digit = bytes[at]! - 48; digit >= 0 && digit <= 9 && at <= last; digit = bytes[++at]! - 48)
        front = (Math.imul(front, 10) + digit) | 0;
    }
    if (point === first || at - point === 1 || (bytes[first] === 48 && point - first > 1))
      return this.anyNumber(source, from);
    const byte = bytes[at];
    const isSimple = (byte === comma || byte === closeBracket) && at - point <= tens.length;
    if (!isSimple) return this.longer(source, from, point, at, front);
    const value = at === point ? front : front / tens[at - point - 1]!;
    this.value = isNegative ? -value : value;
    return at;
  }

  /** More digits behind the first nine, or an exponent; the point is at `point`, or nowhere. */
  private longer(source: Source, from: number, point: number, at: number, front: number): number {
    const { bytes } = source;
    const start = at;
    let rest = 0;
    let digit = bytes[at]! - 48;
    for (; digit >= 0 && digit <= 9 && at - start < 9; digit = bytes[++at]! - 48)
      rest = (Math.imul(rest, 10) + digit) | 0;
    if ((digit >= 0 && digit <= 9) || (point === start && bytes[at] === 46)) return this.anyNumber(source, from);
    const more = at - start;
    let power = point === start ? 0 : point + 1 - at;
    if ((bytes[at]! | 32) === 101) {
      at = this.exponentEnd(bytes, at + 1, from);
      power += this.exponent;
    }
    const size = scaled(front, more, rest, power);
    if (size !== size) return this.readText(bytes, from, at);
    this.value = bytes[from] === 45 ? -size : size;
    return at;
  }

  private exponentEnd(bytes: Uint8Array, at: number, from: number): number {
    const isDown = bytes[at] === 45;
    if (isDown || bytes[at] === 43) at++;
    const start = at;
    let exponent = 0;
    let digit = bytes[at]! - 48;
    for (; digit >= 0 && digit <= 9; digit = bytes[++at]! - 48) exponent = exponent * 10 + digit;
    if (at === start) this.wrongValue(bytes, from);
    this.exponent = isDown ? -exponent : exponent;
    return at;
  }

  /** Of any length; or a word, null, or a fault. */
  private anyNumber(source: Source, from: number): number {
    const { bytes } = source;
    let at = bytes[from] === 45 ? from + 1 : from;
    if (!isDigit(bytes[at]!)) return this.other(source, from);
    if (bytes[at] === 48 && isDigit(bytes[at + 1]!)) this.wrongValue(bytes, from);
    while (isDigit(bytes[at]!)) at++;
    if (bytes[at] === 46) {
      if (!isDigit(bytes[++at]!)) this.wrongValue(bytes, from);
      while (isDigit(bytes[at]!)) at++;
    }
    if ((bytes[at]! | 32) === 101) at = this.exponentEnd(bytes, at + 1, from);
    return this.readText(bytes, from, at);
  }

  private readText(bytes: Uint8Array, from: number, to: number): number {
    this.value = Number(latin.decode(bytes.subarray(from, to)));
    return to;
  }

  read(source: Source, at: number): number {
    const { bytes } = source;
    const end = this.number(source, at);
    if (end < 0) return -end;
    if (this.length === this.room) this.makeRoom();
    this.store(this.length++, this.value, bytes, at, end);
    return end;
  }

  /** A word stands in the name's own quotes, a number within them. */
  override readKey(source: Source, at: number): number {
    const { bytes } = source;
    const first = bytes[at + 1] === 45 ? bytes[at + 2]! : bytes[at + 1]!;
    return first >= 48 && first <= 57 ? this.bareKey(source, at) : this.read(source, at);
  }

  protected abstract store(row: number, value: number, bytes: Uint8Array, from: number, to: number): void;

  /** A word in quotes, or null, told by a negative end. */
  private other(source: Source, at: number): number {
    const { bytes } = source;
    if (bytes[at] !== quote) return -this.nullOr('a number', source, at);
    for (const [word, value] of words) {
      if (!isAt(bytes, at, word)) continue;
      this.value = value;
      return at + word.length;
    }
    return this.wrongShape('a number', bytes, at);
  }
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
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
