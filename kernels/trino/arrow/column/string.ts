import type { Source } from '#kernels/trino/arrow/source.ts';
import { before, specials } from '#kernels/trino/arrow/source.ts';
import { PageError } from '#kernels/trino/arrow/error.ts';
import {
  backslash,
  quote,
  copy,
  plainEnd,
  shortEscapes,
  skipString,
  skipValue,
  unescape,
} from '#kernels/trino/arrow/json.ts';
import { Builder } from './builder.ts';
import type { Part } from './builder.ts';

/** Values of any length, one behind the other. Arrow's offsets count to 2^31; a batch ends long before. */
export abstract class VariableBuilder extends Builder {
  protected values = new Uint8Array(8192);
  /** The same, to be written by words. */
  protected into = new DataView(this.values.buffer);
  protected offsets = new Int32Array(1);

  part(): Part {
    const { length, nullCount } = this;
    const offsets = new Uint8Array(this.offsets.buffer, 0, (length + 1) * 4);
    const values = this.values.subarray(0, this.offsets[length]!);
    return { length, nullCount, validity: this.validityPart(), offsets, values, children: [] };
  }

  /** Room for so many more bytes. */
  protected reserve(count: number): void {
    const needed = this.offsets[this.length]! + count;
    if (needed <= this.values.length) return;
    if (needed > 0x7fffffff)
      throw new PageError('value', `Column "${this.about.column}" has more than 2 GB in one batch.`);
    const larger = new Uint8Array(Math.min(0x7fffffff, Math.max(needed, this.values.length * 2)));
    larger.set(this.values.subarray(0, this.offsets[this.length]!));
    this.values = larger;
    this.into = new DataView(larger.buffer);
  }

  protected close(end: number): void {
    this.offsets[++this.length] = end;
  }

  protected enlarge(rows: number): void {
    const offsets = new Int32Array(rows + 1);
    offsets.set(this.offsets);
    this.offsets = offsets;
  }

  protected blank(row: number): void {
    this.offsets[row + 1] = this.offsets[row]!;
  }
}

/** From so many bytes on it is quicker to look for the end first and to copy in one go. */
const long = 128;
/** Room that is there before a string is read by words; a longer one is read again with enough of it. */
const usual = 4096;

/** A string of JSON, its escapes undone: VARCHAR and whatever is kept in Trino's own words. */
export class TextBuilder extends VariableBuilder {
  private wasLong = false;

  read(source: Source, at: number): number {
    const { bytes } = source;
    if (bytes[at] !== quote) return this.nullOr('a string', source, at);
    if (this.length === this.room) this.makeRoom();
    const start = this.offsets[this.length]!;
    if (this.wasLong) return this.readLong(bytes, at, start);
    if (this.values.length - start < usual) this.reserve(usual);
    const { values, into } = this;
    const { words } = source;
    const limit = Math.min(source.safe, at + values.length - start - 8);
    let place = start;
    let from = at + 1;
    for (;;) {
      let marks = 0;
      while (from < limit) {
        const word = words.getInt32(from, true);
        into.setInt32(place, word, true);
        marks = specials(word);
        if (marks !== 0) break;
        from += 4;
        place += 4;
      }
      if (marks === 0) return this.readLong(bytes, at, start);
      const plain = before(marks);
      from += plain;
      place += plain;
      const byte = bytes[from]!;
      if (byte === quote) break;
      const escape = byte === backslash ? shortEscapes[bytes[from + 1]!]! : 0;
      if (escape === 0) return this.readLong(bytes, at, start);
      values[place++] = escape;
      from += 2;
    }
    if (place - start > long) this.wasLong = true;
    this.offsets[++this.length] = place;
    return from + 1;
  }

  /** What is written past the end of a typed array is lost: so this one knows the size before. */
  private readLong(bytes: Uint8Array, at: number, start: number): number {
    const end = plainEnd(bytes, at + 1);
    if (bytes[end] !== quote) return this.readEscaped(bytes, at, start);
    this.wasLong = end - at > long;
    this.reserve(end - at);
    this.close(copy(bytes, at + 1, end, this.values, start));
    return end + 1;
  }

  private readEscaped(bytes: Uint8Array, at: number, start: number): number {
    const end = skipString(bytes, at);
    this.reserve(end - at);
    this.close(unescape(bytes, at + 1, end - 1, this.values, start));
    return end;
  }
}

/** A type we do not know: a string as its text, anything else as its JSON. */
export class AnyBuilder extends TextBuilder {
  override read(source: Source, at: number): number {
    const { bytes } = source;
    if (bytes[at] === quote || bytes[at] === 110) return super.read(source, at);
    const end = skipValue(bytes, at);
    checkJson(bytes.subarray(at, end), at);
    if (this.length === this.room) this.makeRoom();
    this.reserve(end - at);
    const place = this.offsets[this.length]!;
    this.values.set(bytes.subarray(at, end), place);
    this.close(place + end - at);
    return end;
  }
}

/** What becomes objects, if only to be looked at, is bounded: 1 MB. */
const mostJson = 1 << 20;

function checkJson(bytes: Uint8Array, at: number): void {
  if (bytes.length > mostJson)
    throw new PageError('value', 'A value of a type that is not known is larger than 1 MB.', at);
  try {
    JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new PageError('malformed', `The cluster's answer is not JSON: ${(error as Error).message}`, at);
  }
}

/** A leaf told as a string of its own form. `parse` reads it from behind the opening quote to behind the closing one. */
export interface Quoted {
  /** −1 when what stands there, taken as it is, is not of the form. */
  parse(bytes: Uint8Array, at: number): number;
}

/** The string without its escapes, in its quotes; null when it has none. */
export function plainString(bytes: Uint8Array, at: number): Uint8Array | null {
  const end = skipString(bytes, at);
  if (bytes.subarray(at, end).indexOf(backslash) < 0) return null;
  const plain = new Uint8Array(end - at + 1);
  plain[0] = quote;
  const close = unescape(bytes, at + 1, end - 1, plain, 1);
  plain[close] = quote;
  return plain.subarray(0, close + 1);
}
