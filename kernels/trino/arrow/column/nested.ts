import type { Source } from '#kernels/trino/arrow/source.ts';
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
import { RowReader } from './row.ts';

/** ROW: a list of its values in JSON. */
export class RowBuilder extends Builder {
  private readonly children: Builder[];
  private readonly row: RowReader;

  constructor(about: About, children: Builder[]) {
    super(about);
    this.children = children;
    this.row = new RowReader(children, `A row in column "${about.column}"`);
  }

  read(source: Source, at: number): number {
    const { bytes } = source;
    if (bytes[at] !== openBracket) return this.nullOr('a list of values', source, at);
    if (this.length === this.room) this.makeRoom();
    const end = this.row.read(source, at);
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

  read(source: Source, at: number): number {
    const { bytes } = source;
    if (bytes[at] !== openBracket) return this.nullOr('a list', source, at);
    if (this.length === this.room) this.makeRoom();
    const { item } = this;
    at = skipSpace(bytes, at + 1);
    if (bytes[at] === closeBracket) at++;
    else
      do at = skipSpace(bytes, item.read(source, skipSpace(bytes, at)));
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

  read(source: Source, at: number): number {
    const { bytes } = source;
    if (bytes[at] !== openBrace) return this.nullOr('an object', source, at);
    if (this.length === this.room) this.makeRoom();
    at = skipSpace(bytes, at + 1);
    if (bytes[at] === closeBrace) at++;
    else
      do at = skipSpace(bytes, this.entry(source, skipSpace(bytes, at)));
      while (isMore(bytes, at++, closeBrace));
    this.offsets[++this.length] = this.value.length;
    return at;
  }

  private entry(source: Source, at: number): number {
    const { bytes } = source;
    if (bytes[at] !== quote) return malformed('a name of an object is missing', at);
    at = skipSpace(bytes, this.key.readKey(source, at));
    if (bytes[at] !== colon) return malformed('a colon is missing', at);
    return this.value.read(source, skipSpace(bytes, at + 1));
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
