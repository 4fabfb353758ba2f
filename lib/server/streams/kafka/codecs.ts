import { compressionsAlgorithmsByBitmask } from '@platformatic/kafka';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';

/*
 * SECURITY 3. Whoever may write to a topic writes what we unpack. The library unpacks without a bound, so each packing is given
 * one here, in the library's own table: gzip and zstd stop there, of snappy and lz4 it is known before how much they can become.
 */

/** The most that a batch may become, bytes; a broker takes batches of about one MiB unless it is told otherwise. */
export const mostUnpacked = 64 * 2 ** 20;

/** As zlib calls it. */
export const tooLarge = 'ERR_BUFFER_TOO_LARGE';

type Packed = Buffer | { buffer: Buffer };
interface Codec {
  decompressSync(data: Packed): Buffer;
}

const table = compressionsAlgorithmsByBitmask as unknown as Record<number, Codec>;
const numbers = { gzip: 1, snappy: 2, lz4: 3, zstd: 4 };
const bounds = { maxOutputLength: mostUnpacked };
let isBound = false;

/** Again is fine. */
export function boundCodecs(): void {
  if (isBound) return;
  isBound = true;
  table[numbers.gzip]!.decompressSync = (data) => gunzipSync(toBuffer(data), bounds);
  table[numbers.zstd]!.decompressSync = (data) => zstdDecompressSync(toBuffer(data), bounds);
  boundBefore(table[numbers.snappy]!, snappySize);
  boundBefore(table[numbers.lz4]!, lz4Size);
}

function boundBefore(codec: Codec, sizeOf: (packed: Buffer) => number): void {
  const unpack = codec.decompressSync.bind(codec);
  codec.decompressSync = (data) => {
    if (sizeOf(toBuffer(data)) > mostUnpacked)
      throw Object.assign(new RangeError(`A batch becomes more than ${mostUnpacked} bytes.`), { code: tooLarge });
    return unpack(data);
  };
}

const xerial = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);

/** What snappy says that it becomes: alone, or in pieces as Java's clients send it. What is neither is not unpacked. */
export function snappySize(packed: Buffer): number {
  if (!packed.subarray(0, xerial.length).equals(xerial)) return varint(packed);
  let size = 0;
  for (let at = 16; at + 4 <= packed.length;) {
    const length = packed.readUInt32BE(at);
    size += varint(packed.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return size;
}

function varint(bytes: Buffer): number {
  let value = 0;
  for (let at = 0; at < 5 && at < bytes.length; at++) {
    value += (bytes[at]! & 0x7f) * 2 ** (7 * at);
    if (bytes[at]! < 0x80) return value;
  }
  return 0; // Cut off: it fails by itself.
}

const lz4Magic = 0x184d2204;
/** No lz4 becomes more than so many times as much. */
const lz4Growth = 255;

/** The most that an lz4 frame can become: of each block it is known how large it is at most. */
export function lz4Size(packed: Buffer): number {
  if (packed.length < 7 || packed.readUInt32LE(0) !== lz4Magic) return packed.length * lz4Growth;
  const flags = packed[4]!;
  const mostOfBlock = 2 ** (8 + 2 * ((packed[5]! >> 4) & 7));
  const hasSize = (flags & 8) !== 0;
  const hasDictionary = (flags & 1) !== 0;
  const blockEnd = (flags & 16) === 0 ? 0 : 4;
  let size = 0;
  for (let at = 7 + (hasSize ? 8 : 0) + (hasDictionary ? 4 : 0); at + 4 <= packed.length;) {
    const head = packed.readUInt32LE(at);
    const length = head & 0x7fffffff;
    if (length === 0) break;
    size += head > 0x7fffffff ? length : Math.min(mostOfBlock, length * lz4Growth);
    at += 4 + length + blockEnd;
  }
  return size;
}

function toBuffer(data: Packed): Buffer {
  return Buffer.isBuffer(data) ? data : data.buffer;
}
