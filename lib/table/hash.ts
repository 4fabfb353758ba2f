import type { RecordBatch, Schema } from 'apache-arrow';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { columnsOf } from './column.ts';
import { textReader } from './text.ts';

/*
 * The canonical hash of a table: SHA-256 over names, types and every value's exact text in row order. How the rows were
 * cut into batches, which engine made them and how Arrow laid them out do not show in it.
 */
export class TableHash {
  private hash = sha256.create();

  constructor(schema: Schema) {
    this.push(JSON.stringify(columnsOf(schema)));
  }

  add(batch: RecordBatch): void {
    const readers = batch.data.children.map((data) => textReader(data));
    for (let start = 0; start < batch.numRows; start += 1024) {
      const end = Math.min(batch.numRows, start + 1024);
      let block = '';
      for (let row = start; row < end; row++) for (const read of readers) block += framed(read(row));
      this.push(block);
    }
  }

  /** 64 hexadecimal digits. Nothing can be added afterwards. */
  digest(): string {
    return bytesToHex(this.hash.digest());
  }

  private push(text: string): void {
    this.hash.update(new TextEncoder().encode(text));
  }
}

export function hashTable(schema: Schema, batches: Iterable<RecordBatch>): string {
  const hash = new TableHash(schema);
  for (const batch of batches) hash.add(batch);
  return hash.digest();
}

/** SHA-256 of a text, in hexadecimal. */
export function hashText(text: string): string {
  return bytesToHex(sha256(new TextEncoder().encode(text)));
}

/** Its length before it, so that no two rows of values run together alike. */
function framed(text: string | null): string {
  return text === null ? '~' : `${text.length}:${text}`;
}
