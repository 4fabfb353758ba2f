import { PageError } from '#kernels/trino/arrow/error.ts';
import {
  closeBrace,
  closeBracket,
  colon,
  comma,
  openBrace,
  openBracket,
  quote,
  skipSpace,
} from '#kernels/trino/arrow/json.ts';
import { malformed } from '#kernels/trino/arrow/error.ts';
import { Builder } from './builder.ts';
import type { About, Part } from './builder.ts';

/** Reads `[value, value]`, one value for each builder; returns where it has ended. */
export function readRow(builders: readonly Builder[], bytes: Uint8Array, at: number, whose: string): number {
  const from = at++;
  const last = builders.length - 1;
  for (let index = 0; index <= last; index++) {
    if (bytes[at] === closeBracket) wrongCount(whose, index, last + 1, from);
    at = builders[index]!.read(bytes, at);
    if (bytes[at]! <= 32) at = skipSpace(bytes, at);
    if (bytes[at] === (index === last ? closeBracket : comma)) at++;
    else misplaced(whose, bytes, at, index + 1, last + 1, from);
  }
  return at;
}

function misplaced(whose: string, bytes: Uint8Array, at: number, read: number, count: number, from: number): never {
  if (bytes[at] === closeBracket) return wrongCount(whose, read, count, from);
  if (bytes[at] === comma) throw new PageError('shape', `${whose} has more than ${count} values.`, from);
  return malformed(at < bytes.length ? 'a comma or an end is missing' : 'it ends too early', at);
}

function wrongCount(whose: string, found: number, count: number, at: number): never {
  throw new PageError('shape', `${whose} has ${found} of its ${count} values.`, at);
}

/** ROW: a list of its values in JSON. */
export class RowBuilder extends Builder {
  private readonly children: Builder[];
  private readonly whose: string;

  constructor(about: About, children: Builder[]) {
    super(about);
    this.children = children;
    this.whose = `A row in column "${about.column}"`;
  }

  read(bytes: Uint8Array, at: number): number {
    if (bytes[at] !== openBracket) return this.nullOr('a list of values', bytes, at);
    if (this.length === this.room) this.makeRoom();
    const end = readRow(this.children, bytes, at, this.whose);
    this.length++;
    return end;
  }

  part(): Part {
    const children = this.children.map((child) => child.part());
    return {
      length: this.length,
      nullCount: this.nullCount,
      validity: this.validityPart(),
      offsets: null,
      values: null,
      children,
    };
  }

  override reset(): void {
    super.reset();
    for (const child of this.children) child.reset();
  }

  protected enlarge(): void {}

  protected blank(): void {
    for (const child of this.children) child.pushNull();
  }
}

/** What ARRAY and MAP share: where each one's items begin and end. */
abstract class ItemsBuilder extends Builder {
  protected offsets = new Int32Array(1);

  protected enlarge(rows: number): void {
    const offsets = new Int32Array(rows + 1);
    offsets.set(this.offsets);
    this.offsets = offsets;
  }

  protected blank(row: number): void {
    this.offsets[row + 1] = this.offsets[row]!;
  }

  protected items(children: Part[]): Part {
    const offsets = new Uint8Array(this.offsets.buffer, 0, (this.length + 1) * 4);
    return {
      length: this.length,
      nullCount: this.nullCount,
      validity: this.validityPart(),
      offsets,
      values: null,
      children,
    };
  }
}

export class ArrayBuilder extends ItemsBuilder {
  private readonly item: Builder;

  constructor(about: About, item: Builder) {
    super(about);
    this.item = item;
  }

  read(bytes: Uint8Array, at: number): number {
    if (bytes[at] !== openBracket) return this.nullOr('a list', bytes, at);
    if (this.length === this.room) this.makeRoom();
    const { item } = this;
    at = skipSpace(bytes, at + 1);
    if (bytes[at] === closeBracket) at++;
    else
      do at = skipSpace(bytes, item.read(bytes, skipSpace(bytes, at)));
      while (isMore(bytes, at++, closeBracket));
    this.offsets[++this.length] = item.length;
    return at;
  }

  part(): Part {
    return this.items([this.item.part()]);
  }

  override reset(): void {
    super.reset();
    this.item.reset();
  }
}

/** MAP: an object of JSON, its keys in quotes whatever they are. */
export class MapBuilder extends ItemsBuilder {
  private readonly key: Builder;
  private readonly value: Builder;

  constructor(about: About, key: Builder, value: Builder) {
    super(about);
    this.key = key;
    this.value = value;
  }

  read(bytes: Uint8Array, at: number): number {
    if (bytes[at] !== openBrace) return this.nullOr('an object', bytes, at);
    if (this.length === this.room) this.makeRoom();
    at = skipSpace(bytes, at + 1);
    if (bytes[at] === closeBrace) at++;
    else
      do at = skipSpace(bytes, this.entry(bytes, skipSpace(bytes, at)));
      while (isMore(bytes, at++, closeBrace));
    this.offsets[++this.length] = this.value.length;
    return at;
  }

  private entry(bytes: Uint8Array, at: number): number {
    if (bytes[at] !== quote) return malformed('a name of an object is missing', at);
    at = skipSpace(bytes, this.key.readKey(bytes, at));
    if (bytes[at] !== colon) return malformed('a colon is missing', at);
    return this.value.read(bytes, skipSpace(bytes, at + 1));
  }

  part(): Part {
    const children = [this.key.part(), this.value.part()];
    const entries = { length: this.value.length, nullCount: 0, validity: null, offsets: null, values: null, children };
    return this.items([entries]);
  }

  override reset(): void {
    super.reset();
    this.key.reset();
    this.value.reset();
  }
}

function isMore(bytes: Uint8Array, at: number, close: number): boolean {
  if (bytes[at] === comma) return true;
  if (bytes[at] === close) return false;
  return malformed(at < bytes.length ? 'a comma or an end is missing' : 'it ends too early', at);
}
