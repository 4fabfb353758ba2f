import { compressionsAlgorithms, type CompressionAlgorithmValue } from '@platformatic/kafka';
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { boundCodecs, lz4Size, snappySize } from './codecs.ts';

boundCodecs();

interface Codec {
  compressSync(data: Buffer): Uint8Array;
  decompressSync(data: Buffer): Uint8Array;
}
const codecOf = (name: CompressionAlgorithmValue) =>
  (compressionsAlgorithms as unknown as Record<string, Codec>)[name]!;
const pack = (name: CompressionAlgorithmValue, data: Buffer) => Buffer.from(codecOf(name).compressSync(data));
const nothing = (mebibytes: number) => Buffer.alloc(mebibytes * 2 ** 20);

const packings = ['gzip', 'snappy', 'lz4', 'zstd'] as const;

test.each(packings)('what %s packed comes out as it was, up to the bound', (name) => {
  for (const data of [Buffer.from('x'), randomBytes(300_000), nothing(60)])
    expect(Buffer.compare(Buffer.from(codecOf(name).decompressSync(pack(name, data))), data)).toBe(0);
});

test.each(packings)('what %s makes small and is huge is refused', (name) => {
  const bomb = pack(name, nothing(100));
  expect(() => codecOf(name).decompressSync(bomb)).toThrow(expect.objectContaining({ code: 'ERR_BUFFER_TOO_LARGE' }));
});

test('snappy in pieces, as Java’s clients send it, is bounded by all of them together', () => {
  const piece = pack('snappy', nothing(20));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(piece.length);
  const head = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
  const pieces = (count: number) =>
    Buffer.concat([head, ...Array.from({ length: count }, () => [length, piece]).flat()]);
  expect(snappySize(pieces(3))).toBe(60 * 2 ** 20);
  expect(codecOf('snappy').decompressSync(pieces(3))).toHaveLength(60 * 2 ** 20);
  expect(() => codecOf('snappy').decompressSync(pieces(4))).toThrow(/becomes more than/);
});

test('the size of lz4 is never said smaller than it is, nor by more than a block larger', () => {
  for (const data of [randomBytes(5_000_000), nothing(10), Buffer.from('ab'.repeat(1_000_000))]) {
    const size = lz4Size(pack('lz4', data));
    expect(size).toBeGreaterThanOrEqual(data.length);
    expect(size).toBeLessThan(data.length + 4 * 2 ** 20);
  }
});

test('nonsense is not taken for something small', () => {
  const nonsense = randomBytes(100_000);
  expect(lz4Size(nonsense)).toBe(nonsense.length * 255);
  expect(() => codecOf('lz4').decompressSync(nonsense)).toThrow();
  expect(() => codecOf('snappy').decompressSync(Buffer.from([255, 255, 255]))).toThrow();
});
