import type { RecordsBatch, fetchV17 } from '@platformatic/kafka';
import { expect, test } from 'vitest';
import { toFetched } from './records.ts';

/** What a broker gives, as the library reads it: batches of records, of which some are markers of transactions. */

interface Given {
  count?: number;
  /** The offset after which the batch ends, when compaction took its last records. */
  last?: number;
  producer?: number;
  isTransactional?: boolean;
  marker?: 'commit' | 'abort';
}

function batch(
  first: number,
  { count = 1, last = first + count - 1, producer = -1, isTransactional, marker }: Given = {},
) {
  const key = marker && Buffer.from([0, 0, 0, marker === 'abort' ? 0 : 1]);
  return {
    firstOffset: BigInt(first),
    lastOffsetDelta: last - first,
    attributes: (isTransactional || marker ? 16 : 0) | (marker ? 32 : 0),
    producerId: BigInt(producer),
    records: Array.from({ length: count }, (_, at) => ({
      offsetDelta: at,
      key: key ?? null,
      value: marker ? Buffer.alloc(6) : Buffer.from(`${first + at}`),
    })),
  } as unknown as RecordsBatch;
}

function part(records: RecordsBatch[], aborted: [producer: number, first: number][] = []) {
  return {
    partitionIndex: 3,
    errorCode: 0,
    highWatermark: 100n,
    lastStableOffset: 90n,
    logStartOffset: 0n,
    abortedTransactions: aborted.map(([id, first]) => ({ producerId: BigInt(id), firstOffset: BigInt(first) })),
    records,
  } as unknown as fetchV17.FetchResponsePartition;
}

const read = (from: number, records: RecordsBatch[], aborted?: [number, number][]) => {
  const { records: found, next } = toFetched(part(records, aborted), from);
  return { offsets: found.map(({ offset }) => offset), next };
};
const ours = { producer: 7, isTransactional: true };

test('records before the offset that was asked for are left out: a broker gives whole batches', () => {
  expect(read(12, [batch(10, { count: 5 })])).toEqual({ offsets: [12, 13, 14], next: 15 });
  expect(toFetched(part([batch(0)]), 0)).toMatchObject({ partition: 3, start: 0, end: 90, error: 0 });
});

test('where compaction took records the place is after what they were', () => {
  expect(read(0, [batch(0, { count: 2, last: 9 })])).toEqual({ offsets: [0, 1], next: 10 });
  expect(read(5, [])).toEqual({ offsets: [], next: 5 });
});

test('markers are no records, and are passed', () => {
  expect(read(0, [batch(0, ours), batch(1, { producer: 7, marker: 'commit' })])).toEqual({ offsets: [0], next: 2 });
});

test('of an aborted transaction there is nothing, also when its end is not in sight; others go on beside it', () => {
  const all = [batch(0, { ...ours, count: 2 }), batch(2, { producer: 8, isTransactional: true }), batch(3)];
  expect(read(0, all, [[7, 0]])).toEqual({ offsets: [2, 3], next: 4 });
  const ended = [...all, batch(4, { producer: 7, marker: 'abort' }), batch(5, ours)];
  expect(read(0, ended, [[7, 0]])).toEqual({ offsets: [2, 3, 5], next: 6 });
});

test('one producer may abort, commit and abort again', () => {
  const abort = { producer: 7, marker: 'abort' } as const;
  const commit = { producer: 7, marker: 'commit' } as const;
  const all = [batch(0, ours), batch(1, abort), batch(2, ours), batch(3, commit), batch(4, ours), batch(5, abort)];
  expect(
    read(0, all, [
      [7, 4],
      [7, 0],
    ]),
  ).toEqual({ offsets: [2], next: 6 });
});
