import { compressionsAlgorithmsByBitmask } from '@platformatic/kafka';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';

/*
 * SECURITY 3. Whoever may write to a topic writes what we unpack. The library unpacks without a bound, so the two packings
 * that can become a thousand times as much are given one here, in its own table; snappy and lz4 grow 255 times at most.
 */

/** The most that a batch may become, bytes; a broker takes batches of about one MiB unless it is told otherwise. */
export const mostUnpacked = 64 * 2 ** 20;

type Codec = { decompressSync(data: Buffer | { buffer: Buffer }): Buffer };

const table = compressionsAlgorithmsByBitmask as unknown as Record<number, Codec>;
const bounds = { maxOutputLength: mostUnpacked };
const [gzip, zstd] = [1, 4];

/** Again is fine. */
export function boundCodecs(): void {
  table[gzip!]!.decompressSync = (data) => gunzipSync(toBuffer(data), bounds);
  table[zstd!]!.decompressSync = (data) => zstdDecompressSync(toBuffer(data), bounds);
}

function toBuffer(data: Buffer | { buffer: Buffer }): Buffer {
  return Buffer.isBuffer(data) ? data : data.buffer;
}
