import { PageError, malformed } from '#kernels/trino/arrow/error.ts';
import type { Source } from '#kernels/trino/arrow/source.ts';
import { openBrace, openBracket, quote, skipSpace, skipValue } from '#kernels/trino/arrow/json.ts';
import type { Plan } from '#kernels/trino/arrow/field.ts';

/*
 * A builder gathers the values of one column, or of one part of a nested one, as Arrow keeps them. Its memory is kept from
 * batch to batch; `part` shows what was gathered, `reset` begins anew.
 */

/** What was gathered since the last reset, in the builder's own memory. */
export interface Part {
  length: number;
  nullCount: number;
  /** null where every value is there. */
  validity: Uint8Array | null;
  offsets: Uint8Array | null;
  values: Uint8Array | null;
  children: Part[];
}

/** A good value that its column's pick does not hold. Caught in page.ts, which picks again or says so. */
export class Misfitting {
  readonly builder: Builder;
  readonly value: string;
  readonly at: number;

  constructor(builder: Builder, value: string, at: number) {
    this.builder = builder;
    this.value = value;
    this.at = at;
  }
}

/** Whose values they are, for messages. */
export interface About {
  column: string;
  plan: Plan;
  /** Whether it is the column itself, and no part of it. */
  isWhole: boolean;
}

export abstract class Builder {
  readonly about: About;
  length = 0;
  nullCount = 0;
  /** How many values there is memory for. */
  protected room = 0;
  private validity = new Uint8Array(0);

  constructor(about: About) {
    this.about = about;
  }

  /** Reads the value, or null, that begins at `at`; returns where it has ended. */
  abstract read(source: Source, at: number): number;

  /** Reads a name of a JSON object, at its opening quote, as the value it stands for. */
  readKey(source: Source, at: number): number {
    return this.read(source, at);
  }

  protected abstract enlarge(rows: number): void;
  /** Makes the value of a row that is null be none. */
  protected abstract blank(row: number): void;
  abstract part(): Part;

  reset(): void {
    if (this.nullCount > 0) this.validity.fill(255, 0, (this.length >> 3) + 1);
    this.length = 0;
    this.nullCount = 0;
  }

  pushNull(): void {
    if (this.length === this.room) this.makeRoom();
    const row = this.length++;
    this.validity[row >> 3]! &= ~(1 << (row & 7));
    this.nullCount++;
    this.blank(row);
  }

  protected makeRoom(): void {
    const rows = Math.max(1024, this.room * 2);
    const validity = new Uint8Array(rows >> 3).fill(255);
    validity.set(this.validity.subarray(0, this.room >> 3));
    this.validity = validity;
    this.enlarge(rows);
    this.room = rows;
  }

  protected validityPart(): Uint8Array | null {
    return this.nullCount === 0 ? null : this.validity.subarray(0, (this.length + 7) >> 3);
  }

  /** What begins at `at` is null, or stands behind white space, or is the wrong kind of thing. */
  protected nullOr(expected: string, source: Source, at: number): number {
    const { bytes } = source;
    if (bytes[at]! <= 32) {
      const first = skipSpace(bytes, at);
      return first > at ? this.read(source, first) : this.wrongShape(expected, bytes, at);
    }
    const isNull = bytes[at] === 110 && bytes[at + 1] === 117 && bytes[at + 2] === 108 && bytes[at + 3] === 108;
    if (!isNull) return this.wrongShape(expected, bytes, at);
    this.pushNull();
    return at + 4;
  }

  /** The name holds what is no string elsewhere, a number or true. */
  protected bareKey(source: Source, at: number): number {
    const { bytes } = source;
    if (bytes[at + 1] === 110) this.wrongValue(bytes, at);
    const end = this.read(source, at + 1);
    return bytes[end] === quote ? end + 1 : this.wrongValue(bytes, at);
  }

  protected wrongShape(expected: string, bytes: Uint8Array, at: number): never {
    const found = foundAt(bytes, at);
    throw new PageError('shape', `Column "${this.about.column}" has ${found} where ${expected} should be.`, at);
  }

  protected wrongValue(bytes: Uint8Array, at: number): never {
    const value = excerpt(bytes, at);
    throw new PageError(
      'value',
      `Column "${this.about.column}" has ${value}, which is no ${this.about.plan.type.text}.`,
      at,
    );
  }

  protected misfit(bytes: Uint8Array, at: number): never {
    throw new Misfitting(this, excerpt(bytes, at), at);
  }
}

function foundAt(bytes: Uint8Array, at: number): string {
  const byte = bytes[at]!;
  if (byte === quote) return 'a string';
  if (byte === openBracket) return 'a list';
  if (byte === openBrace) return 'an object';
  if (byte === 45 || (byte >= 48 && byte <= 57)) return 'a number';
  if (byte === 116 || byte === 102) return 'true or false';
  if (byte === 110) return 'null';
  return malformed(at < bytes.length ? 'an unexpected character' : 'it ends too early', at);
}

function excerpt(bytes: Uint8Array, at: number): string {
  const text = new TextDecoder().decode(bytes.subarray(at, Math.min(skipValue(bytes, at), at + 320)));
  return [...text].slice(0, 80).join('').replace(/^"|"$/g, '');
}
