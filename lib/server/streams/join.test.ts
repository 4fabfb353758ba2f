import { expect, test } from 'vitest';
import type { Segment } from '#prisma/client/client.ts';
import { joinLimits, neighbours } from './join.ts';

const hour = 3_600_000;
const forever = { days: null, bytes: null };
const mib = 2 ** 20;

/** Hourly segments of so many MiB; null: one that is not sealed. */
function segmentsOf(sizes: (number | null)[]): Segment[] {
  return sizes.map((size, at) => ({
    id: String(at),
    state: size === null ? 'closed' : 'sealed',
    timeline: 't',
    bytes: BigInt(Math.round((size ?? 0) * mib)),
    rows: 10n,
    firstReceivedAt: new Date(at * hour),
    lastReceivedAt: new Date((at + 1) * hour - 1),
  })) as Segment[];
}

const ids = (...given: Parameters<typeof neighbours>) => neighbours(...given).map(({ id }) => Number(id));
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at);

test('the first run of enough small ones is joined, as far as one may be large', () => {
  expect(ids(segmentsOf(Array(7).fill(1)), forever)).toEqual([]);
  expect(ids(segmentsOf(Array(8).fill(1)), forever)).toEqual(range(0, 8));
  expect(ids(segmentsOf([9, 1, 1, 8, ...Array(9).fill(1), null, 1]), forever)).toEqual(range(4, 13));
  expect(ids(segmentsOf(Array(20).fill(7)), forever)).toEqual(range(0, 9));
  expect(ids(segmentsOf([]), forever)).toEqual([]);
});

test('no longer than a day, and a retention still finds pieces to let go', () => {
  expect(ids(segmentsOf(Array(60).fill(0.1)), forever)).toEqual(range(0, 24));
  expect(ids(segmentsOf(Array(60).fill(0.1)), { days: 5, bytes: null })).toEqual(range(0, 12));
  expect(ids(segmentsOf(Array(60).fill(0.1)), { days: 1, bytes: null })).toEqual([]);
  expect(ids(segmentsOf(Array(60).fill(0.1)), { days: null, bytes: 10 * mib })).toEqual(range(0, 9));
  expect(ids(segmentsOf(Array(60).fill(0.1)), forever, { ...joinLimits, rows: 99 })).toEqual(range(0, 9));
});
