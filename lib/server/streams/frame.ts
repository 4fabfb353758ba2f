import { crc32 } from 'node:zlib';
import type { Moment } from '#lib/stream/moment.ts';
import type { PartsRead } from '#lib/stream/source.ts';
import type { StreamColumn } from '#lib/stream/spec.ts';

/*
 * A frame is what one group commit adds to a log: the events of several batches with what else must be known of them after
 * a crash. It is written and synced whole before the next one begins, so of a log that a crash cut off only the last frame
 * can be broken, and it was acknowledged to nobody.
 *
 *     "LSF1" · bytes that follow the header · CRC-32 of all that follows it · first offset (8) · rows · meta bytes · hash bytes
 *     meta as JSON · 16 bytes of hash a row, in streams with a key · the rows as NDJSON, our own columns first
 *
 * Numbers are 32 bits, little-endian, unless told.
 */
export interface Frame {
  /** The number of the first event; where there is none, of the next. */
  first: number;
  rows: number;
  meta: Meta;
  hashes: Uint8Array;
  lines: Uint8Array;
}

export interface Meta {
  /** When the events came, ms since 1970; never less than in the frame before. */
  received: number;
  batches: BatchRecord[];
  dead: DeadRecord[];
  /** Columns that these events added. */
  added: StreamColumn[];
  /** The earliest and latest time of the events, ms; null without events. */
  times: [number, number] | null;
  /** As in lib/stream/moment.ts; absent in frames of versions before it. */
  spans?: Moment['spans'];
  parts?: Moment['parts'];
  /** How far parts of the source were read with it; absent where events are pushed. */
  read?: PartsRead;
}

/** A batch as it is remembered: the same key again gets the same answer. */
export interface BatchRecord {
  key: string | null;
  /** SHA-256 of the body; '' without a key. */
  body: string;
  answer: Answer;
}

export interface Answer {
  accepted: number;
  duplicates: number;
  deadLetters: number;
  /** The end of the log after this batch: its events are the `accepted` ones before this number. */
  offset: number;
}

export interface DeadRecord {
  number: number;
  reason: string;
  raw: string;
  isCut: boolean;
}

export const headerBytes = 32;
export const hashBytes = 16;
const magic = Buffer.from('LSF1');

export function encodeFrame({ first, rows, meta, hashes, lines }: Frame): Buffer {
  const text = Buffer.from(JSON.stringify(meta));
  const length = text.length + hashes.length + lines.length;
  const bytes = Buffer.allocUnsafe(headerBytes + length);
  magic.copy(bytes);
  bytes.writeUInt32LE(length, 4);
  bytes.writeBigUInt64LE(BigInt(first), 12);
  bytes.writeUInt32LE(rows, 20);
  bytes.writeUInt32LE(text.length, 24);
  bytes.writeUInt32LE(hashes.length, 28);
  text.copy(bytes, headerBytes);
  bytes.set(hashes, headerBytes + text.length);
  bytes.set(lines, headerBytes + text.length + hashes.length);
  bytes.writeUInt32LE(crc32(bytes.subarray(12)), 8);
  return bytes;
}

export interface Header {
  /** Bytes that follow the header. */
  length: number;
  first: number;
  rows: number;
}

/** Null where no frame begins. */
export function readHeader(bytes: Buffer): Header | null {
  if (bytes.length < headerBytes || !bytes.subarray(0, 4).equals(magic)) return null;
  return { length: bytes.readUInt32LE(4), first: Number(bytes.readBigUInt64LE(12)), rows: bytes.readUInt32LE(20) };
}

/** Null where the bytes are not those that were written. */
export function decodeFrame(bytes: Buffer): Frame | null {
  const header = readHeader(bytes);
  if (!header || bytes.length < headerBytes + header.length) return null;
  const whole = bytes.subarray(0, headerBytes + header.length);
  if (crc32(whole.subarray(12)) !== whole.readUInt32LE(8)) return null;
  const hashesAt = headerBytes + whole.readUInt32LE(24);
  const linesAt = hashesAt + whole.readUInt32LE(28);
  const meta = JSON.parse(whole.toString('utf8', headerBytes, hashesAt)) as Meta;
  const { first, rows } = header;
  return { first, rows, meta, hashes: whole.subarray(hashesAt, linesAt), lines: whole.subarray(linesAt) };
}

/** Whether some whole frame lies in these bytes. */
export function holdsFrame(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(magic); at >= 0; at = bytes.indexOf(magic, at + 1))
    if (decodeFrame(bytes.subarray(at))) return true;
  return false;
}
