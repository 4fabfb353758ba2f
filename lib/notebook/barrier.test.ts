import * as decoding from 'lib0/decoding';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { barrierType, encodeBarrier, readBarrier } from './barrier.ts';

test('a barrier is its type and its number, as the protocol says', () => {
  expect([...encodeBarrier(5)]).toEqual([100, 5]);
});

test('every number comes back as it went', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (n) => {
      const decoder = decoding.createDecoder(encodeBarrier(n));
      expect(decoding.readVarUint(decoder)).toBe(barrierType);
      expect(readBarrier(decoder)).toBe(n);
      expect(decoding.hasContent(decoder)).toBe(false);
    }),
  );
});

test('a barrier that ends early is refused', () => {
  const decoder = decoding.createDecoder(Uint8Array.of(100));
  decoding.readVarUint(decoder);
  expect(() => readBarrier(decoder)).toThrow();
});
