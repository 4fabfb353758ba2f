import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextSort, orderOf, type SortKey } from './order.ts';

async function sorted(keys: SortKey[], descending = false): Promise<SortKey[]> {
  const order = await orderOf(keys, { descending });
  return Array.from(order!, (row) => keys[row]!);
}

describe('the order rows are shown in', () => {
  it('agrees with the built-in sort and keeps equal rows as they came', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 20 })), async (keys) => {
        const order = await orderOf(keys, { slice: 7 });
        const expected = keys.map((_, row) => row).sort((a, b) => keys[a]! - keys[b]! || a - b);
        expect(Array.from(order!)).toEqual(expected);
      }),
    );
  });

  it('nulls stand last, upward and downward', async () => {
    expect(await sorted([null, 2, 1])).toEqual([1, 2, null]);
    expect(await sorted([null, 2, 1], true)).toEqual([2, 1, null]);
  });

  it('big whole numbers are compared exactly', async () => {
    expect(await sorted([9007199254740993n, 9007199254740992n])).toEqual([9007199254740992n, 9007199254740993n]);
  });

  it('is given up when it is no longer wanted', async () => {
    const asked = new AbortController();
    const order = await orderOf(
      Array.from({ length: 100 }, (_, row) => -row),
      {
        signal: asked.signal,
        slice: 10,
        pause: () => Promise.resolve(asked.abort()),
      },
    );
    expect(order).toBeNull();
  });

  it('no rows have an order too', async () => expect(await orderOf([])).toHaveLength(0));
});

describe('clicking a head', () => {
  it('goes up, down, and back to how it came', () => {
    const up = nextSort(null, 2);
    const down = nextSort(up, 2);
    expect(up).toEqual({ column: 2, descending: false });
    expect(down).toEqual({ column: 2, descending: true });
    expect(nextSort(down, 2)).toBeNull();
  });

  it('another head begins upward', () => {
    expect(nextSort({ column: 1, descending: true }, 0)).toEqual({ column: 0, descending: false });
  });
});
