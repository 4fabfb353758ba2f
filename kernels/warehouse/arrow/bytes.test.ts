import { describe, expect, test } from 'vitest';
import { Bits, Bytes } from './bytes.ts';

describe('bytes that grow', () => {
  test('keep what was pushed, then begin again', () => {
    const bytes = new Bytes(2);
    bytes.push(Uint8Array.of(1, 2, 3));
    bytes.push(Uint8Array.of(4));
    expect([...bytes.take()]).toEqual([1, 2, 3, 4]);
    expect(bytes.length).toBe(0);
    bytes.push(Uint8Array.of(9));
    expect([...bytes.take()]).toEqual([9]);
  });

  test('a place can be filled later', () => {
    const bytes = new Bytes(1);
    bytes.grow(2);
    bytes.push(Uint8Array.of(3));
    bytes.write(0, Uint8Array.of(1, 2));
    expect([...bytes.take()]).toEqual([1, 2, 3]);
  });
});

describe('bits', () => {
  const bitsOf = (bytes: Uint8Array, length: number) =>
    Array.from({ length }, (_, at) => (bytes[at >> 3]! >> (at & 7)) & 1);

  test('are the same whichever way they came', () => {
    for (let seed = 1; seed < 200; seed++) {
      const wanted: number[] = [];
      const bits = new Bits();
      for (let part = 0; part < 4; part++) {
        const count = (seed * 7 + part * 13) % 37;
        const source = part % 2 ? Uint8Array.from({ length: 8 }, (_, at) => (seed * 31 + at * 17) & 255) : null;
        const start = source ? (seed + part) % 11 : 0;
        bits.pushFrom(source, start, count);
        for (let at = start; at < start + count; at++) wanted.push(source ? (source[at >> 3]! >> (at & 7)) & 1 : 1);
      }
      const { bits: bytes, zeros } = bits.take();
      expect(bitsOf(bytes, wanted.length), `seed ${seed}`).toEqual(wanted);
      expect(zeros).toBe(wanted.filter((bit) => bit === 0).length);
    }
  });

  test('begin again after they were taken', () => {
    const bits = new Bits();
    bits.push(false);
    bits.take();
    bits.push(true);
    expect(bits.take()).toMatchObject({ zeros: 0 });
  });
});
