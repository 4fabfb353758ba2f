import { hash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KeyTable } from './key-table.ts';

test('it holds what a map in order of insertion holds, however full it is', () => {
  // Many hashes want the same places.
  const hashOf = (key: number) => {
    const bytes = hash('sha256', String(key), 'buffer').subarray(0, 16);
    bytes.fill(key % 3, 0, 3);
    return bytes;
  };
  const step = fc.oneof(
    fc.nat(60).map((key) => ({ key })),
    fc.constant('shift' as const),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const table = new KeyTable(4);
      const model = new Map<number, number>();
      for (const [at, each] of steps.entries()) {
        if (each !== 'shift') {
          table.add(Buffer.concat([Buffer.alloc(5), hashOf(each.key)]), 5, at);
          model.set(each.key, at);
        } else if (model.size > 0) {
          table.shift();
          model.delete(model.keys().next().value!);
        }
      }
      expect(table.size).toBe(model.size);
      expect(table.oldest).toBe(model.values().next().value);
      for (let key = 0; key <= 60; key++) expect(table.find(hashOf(key), 0)).toBe(model.get(key) ?? -Infinity);
    }),
    { numRuns: 500 },
  );
});
