import { isUtf8 } from 'node:buffer';
import { PageError, malformed } from './error.ts';
import type { TrinoColumn } from './field.ts';
import { closeBrace, colon, comma, openBrace, openBracket, quote, skipSpace, skipString, skipValue } from './json.ts';
import { checkColumns, checkSame, rowsAt } from './rows.ts';
import type { PackedBatch } from './pack.ts';
import type { Chosen, Rows } from './rows.ts';
import { Source } from './source.ts';

/*
 * One answer of Trino's protocol, from its bytes: everything but the rows is small and read as JSON, the rows go straight
 * from the bytes into columns. Keys may come in any order; rows that stand before their columns are read in a second pass.
 * Bytes that are not what they should be make a PageError with their place, whatever they are.
 */

/** A page without its rows, as the cluster wrote it; whoever uses a key checks it. */
export interface PageHead {
  columns: TrinoColumn[] | null;
  /** null where rows stood; what the spooling protocol sends in their place. */
  data: unknown;
  [key: string]: unknown;
}

export interface ReadRows {
  /** null as long as there was no row. */
  chosen: Chosen | null;
  batches: PackedBatch[];
}

export interface ReadPage extends ReadRows {
  head: PageHead;
}

/**
 * Reads a page; `chosen` comes from an earlier page of the same result. In `spent`, the memory of the bytes, rows may be
 * given back where the bytes are of no more use; null keeps the bytes as they are. Throws PageError.
 */
export function readPage(bytes: Uint8Array, chosen: Chosen | null, spent: ArrayBuffer | null = null): ReadPage {
  checkUtf8(bytes);
  return new PageReader(bytes, chosen).read(spent);
}

/** Reads `[[…], […]]`, the rows of a spooled segment; the rest as `readPage`. Throws PageError. */
export function readRows(
  bytes: Uint8Array,
  columns: TrinoColumn[],
  chosen: Chosen | null,
  spent: ArrayBuffer | null = null,
): ReadRows {
  checkUtf8(bytes);
  if (chosen) checkSame(chosen, columns);
  const rows = rowsAt(new Source(bytes), skipSpace(bytes, 0), columns, chosen);
  checkEnd(bytes, rows.end);
  return { chosen: rows.chosen, batches: rows.batches(spent) };
}

function checkUtf8(bytes: Uint8Array): void {
  if (!isUtf8(bytes)) throw new PageError('malformed', "The cluster's answer is not UTF-8.");
}

function checkEnd(bytes: Uint8Array, at: number): void {
  const end = skipSpace(bytes, at);
  if (end < bytes.length) malformed('more follows after its end', end);
}

/** What stands beside the rows is handed on as objects, in one go: more than any cluster writes would hold up everybody. */
const mostHead = 4 << 20;

function checkSize(size: number): void {
  if (size > mostHead)
    throw new PageError('malformed', `The cluster's answer has ${size} bytes beside its rows, which is too many.`);
}

class PageReader {
  private readonly bytes: Uint8Array;
  private readonly chosen: Chosen | null;
  private columns: TrinoColumn[] | null = null;
  private hasColumns = false;
  private rows: Rows | null = null;
  /** Where the rows begin and end, once they were met. */
  private from = -1;
  private to = -1;

  constructor(bytes: Uint8Array, chosen: Chosen | null) {
    this.bytes = bytes;
    this.chosen = chosen;
  }

  read(spent: ArrayBuffer | null): ReadPage {
    const { bytes } = this;
    let at = skipSpace(bytes, 0);
    if (bytes[at] !== openBrace) malformed(at < bytes.length ? 'it is no object' : 'it is empty', at);
    at = skipSpace(bytes, at + 1);
    if (bytes[at] === closeBrace) at++;
    else
      do at = skipSpace(bytes, this.member(skipSpace(bytes, at)));
      while (this.isMore(at++));
    checkEnd(bytes, at);
    const head = this.head();
    if (this.from >= 0) this.rows ??= this.readRows();
    return { head, chosen: this.rows?.chosen ?? this.chosen, batches: this.rows?.batches(spent) ?? [] };
  }

  private member(at: number): number {
    const { bytes } = this;
    if (bytes[at] !== quote) malformed('a key is missing', at);
    const end = skipString(bytes, at);
    const key = this.parse(at, end);
    const colonAt = skipSpace(bytes, end);
    if (bytes[colonAt] !== colon) malformed('a colon is missing', colonAt);
    const from = skipSpace(bytes, colonAt + 1);
    if (key === 'data' && bytes[from] === openBracket) return this.data(from);
    const to = skipValue(bytes, from);
    if (key === 'columns') this.nameColumns(from, to);
    return to;
  }

  private nameColumns(from: number, to: number): void {
    if (this.hasColumns) malformed('it has its columns twice', from);
    this.hasColumns = true;
    this.columns = checkColumns(this.parse(from, to));
  }

  private data(from: number): number {
    if (this.from >= 0) malformed('it has its rows twice', from);
    this.from = from;
    if (this.columns || this.chosen) this.rows = this.readRows();
    this.to = this.rows?.end ?? skipValue(this.bytes, from);
    return this.to;
  }

  private readRows(): Rows {
    const columns = this.columns ?? this.chosen?.columns;
    if (!columns)
      throw new PageError('columns', 'The cluster sent rows without saying what their columns are.', this.from);
    if (this.chosen) checkSame(this.chosen, columns);
    return rowsAt(new Source(this.bytes), this.from, columns, this.chosen);
  }

  private isMore(at: number): boolean {
    if (this.bytes[at] === comma) return true;
    if (this.bytes[at] === closeBrace) return false;
    return malformed(at < this.bytes.length ? 'a comma or an end is missing' : 'it ends too early', at);
  }

  private head(): PageHead {
    const { from, to } = this;
    checkSize(this.bytes.length - (from < 0 ? 0 : to - from));
    const text = from < 0 ? this.text(0) : `${this.text(0, from)}null${this.text(to)}`;
    const head = parse(text) as Record<string, unknown>;
    const columns = checkColumns(head['columns']);
    if (this.chosen) checkSame(this.chosen, columns);
    this.columns = columns;
    return { ...head, columns, data: head['data'] ?? null };
  }

  private parse(from: number, to: number): unknown {
    checkSize(to - from);
    return parse(this.text(from, to));
  }

  private text(from: number, to?: number): string {
    return decoder.decode(this.bytes.subarray(from, to));
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return malformed('a part of it cannot be read', 0);
  }
}
