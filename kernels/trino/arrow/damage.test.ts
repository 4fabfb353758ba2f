import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { everyType } from '#lib/testing/trino-types.ts';
import { PageError } from './error.ts';
import { readPage } from './page.ts';
import { encode, faultOf } from './testing.ts';

describe('whatever is done to the bytes, the answer is a PageError or rows', () => {
  const page = encode(
    JSON.stringify({
      id: 'q',
      columns: everyType.map(([type], index) => ({ name: `v${index}`, type })),
      data: [0, 1].map((row) => everyType.map(([, , both]) => both[row])),
      stats: { state: 'RUNNING' },
    }),
  );
  const survives = (bytes: Uint8Array) => {
    try {
      readPage(bytes, null);
    } catch (error) {
      if (!(error instanceof PageError)) throw error;
    }
  };

  test('cut off anywhere', () => {
    for (let end = 0; end < page.length; end++) {
      expect(() => survives(page.subarray(0, end))).not.toThrow();
      expect(faultOf(page.slice(0, end))).not.toBeNull();
    }
  });

  test('with any bytes changed', () => {
    const change = fc.tuple(
      fc.nat(page.length - 1),
      fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(...encode('"\\[]{},:0-.eEnu'))),
    );
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = page.slice();
        for (const [at, byte] of changes) bytes[at] = byte;
        survives(bytes);
      }),
      { numRuns: 5000 },
    );
  });

  test('with any part left out or said twice', () => {
    fc.assert(
      fc.property(fc.nat(page.length), fc.nat(200), fc.boolean(), (from, count, isTwice) => {
        const part = page.subarray(from, from + count);
        survives(
          Buffer.concat([page.subarray(0, from), ...(isTwice ? [part, part] : []), page.subarray(from + count)]),
        );
      }),
      { numRuns: 2000 },
    );
  });
});
