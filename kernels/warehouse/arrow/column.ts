import duckdb from '@duckdb/node-bindings';
import type { Data, DataType } from 'apache-arrow';
import { Bits } from './bytes.ts';

/** A vector of DuckDB with how many rows its memory holds. */
export interface Source {
  vector: duckdb.Vector;
  size: number;
}

/** Collects one column's rows out of DuckDB's memory until they are taken as Arrow data. */
export interface Column {
  readonly type: DataType;
  /** Rows [start, start + count) of the source; copied, the source may go. */
  append(source: Source, start: number, count: number): void;
  /** Roughly what has been gathered. */
  bytes(): number;
  take(): Data;
}

/** The validity of a source's rows: null where every row is valid. */
export function validityOf({ vector, size }: Source): Uint8Array | null {
  return duckdb.vector_get_validity(vector, Math.ceil(size / 64) * 8) ?? null;
}

export function isSet(bits: Uint8Array | null, row: number): boolean {
  return !bits || ((bits[row >> 3]! >> (row & 7)) & 1) === 1;
}

/** The bytes of `size` rows of `width` bytes each. */
export function rowsOf({ vector, size }: Source, width: number): Uint8Array {
  return duckdb.vector_get_data(vector, size * width);
}

/** What every column keeps: which rows are there. */
export class Rows {
  private valid = new Bits();

  get length(): number {
    return this.valid.length;
  }

  append(source: Source, start: number, count: number): Uint8Array | null {
    const bits = validityOf(source);
    this.valid.pushFrom(bits, start, count);
    return bits;
  }

  push(isValid: boolean): void {
    this.valid.push(isValid);
  }

  take(): { length: number; nullCount: number; nullBitmap: Uint8Array | null } {
    const length = this.valid.length;
    const { bits, zeros } = this.valid.take();
    return { length, nullCount: zeros, nullBitmap: zeros > 0 ? bits : null };
  }
}
