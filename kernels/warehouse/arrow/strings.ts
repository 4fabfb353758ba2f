import duckdb from '@duckdb/node-bindings';
import type { Bytes } from './bytes.ts';

/*
 * DuckDB's strings, 16 bytes each: a length, then up to 12 bytes in place, or a prefix and a pointer. Reading through a
 * pointer costs a call into the engine, so strings that lie close together are read with one call: a byte that lies
 * between two readable bytes at most one page apart is readable itself, whatever it holds.
 */

const slot = 16;
const inPlace = 12;
const page = 4096;

/** Appends the strings of rows [start, start + count) that are not null; `ends` gets each row's end in `into`. */
export function pushStrings(
  slots: Uint8Array,
  isValid: (row: number) => boolean,
  start: number,
  count: number,
  into: Bytes,
  ends: (end: number) => void,
): void {
  const view = new DataView(slots.buffer, slots.byteOffset, slots.byteLength);
  const far = new FarReader(slots);
  for (let row = start; row < start + count; row++) {
    if (isValid(row)) pushString(view, slots, row, into, far);
    ends(into.length);
  }
  far.flush();
}

function pushString(view: DataView, slots: Uint8Array, row: number, into: Bytes, far: FarReader): void {
  const at = row * slot;
  const length = view.getUint32(at, true);
  if (length <= inPlace) into.push(slots.subarray(at + 4, at + 4 + length));
  else far.read(at + 8, length, Number(view.getBigUint64(at + 8, true)), into);
}

/** Gathers neighbouring strings into runs; fills their places when a run ends. */
class FarReader {
  private slots: Uint8Array;
  private wanted: { offset: number; length: number; at: number; into: Bytes }[] = [];
  private pointerAt = 0;
  private from = 0;
  private to = 0;

  constructor(slots: Uint8Array) {
    this.slots = slots;
  }

  read(pointerAt: number, length: number, address: number, into: Bytes): void {
    if (this.wanted.length > 0 && !this.isNear(address)) this.flush();
    if (this.wanted.length === 0) {
      this.pointerAt = pointerAt;
      this.from = this.to = address;
    }
    this.wanted.push({ offset: address - this.from, length, at: into.length, into });
    this.to = Math.max(this.to, address + length);
    into.grow(length);
  }

  flush(): void {
    if (this.wanted.length === 0) return;
    const buffer = this.slots.buffer as ArrayBuffer;
    const run = duckdb.get_data_from_pointer(buffer, this.slots.byteOffset + this.pointerAt, this.to - this.from);
    for (const { offset, length, at, into } of this.wanted) into.write(at, run.subarray(offset, offset + length));
    this.wanted = [];
  }

  private isNear(address: number): boolean {
    if (address < this.from) return false;
    return address <= this.to || Math.floor(address / page) - Math.floor((this.to - 1) / page) <= 1;
  }
}
