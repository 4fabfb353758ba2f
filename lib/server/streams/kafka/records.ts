import type { RecordsBatch, fetchV17 } from '@platformatic/kafka';

export interface KafkaRecord {
  offset: number;
  /** Null in a tombstone. */
  value: Buffer | null;
}

export interface Fetched {
  partition: number;
  /** Kafka's code of what was wrong with this partition; 0 for nothing. */
  error: number;
  /** The first record that the broker keeps, and the number after the last one that is committed; -1 where it does not say. */
  start: number;
  end: number;
  records: KafkaRecord[];
  /** Where to go on: beyond the records, and beyond what is none (markers, aborted transactions, what compaction took). */
  next: number;
}

const isTransactional = 1 << 4;
const isControl = 1 << 5;

/** The records of a partition from an offset on. Those of aborted transactions are no records (isolation: read committed). */
export function toFetched(part: fetchV17.FetchResponsePartition, from: number): Fetched {
  const aborted = (part.abortedTransactions ?? []).toSorted((a, b) => Number(a.firstOffset - b.firstOffset));
  const ended = new Set<bigint>();
  const records: KafkaRecord[] = [];
  let next = from;
  for (const batch of part.records ?? []) {
    const last = Number(batch.firstOffset) + batch.lastOffsetDelta;
    while (aborted.length > 0 && Number(aborted[0]!.firstOffset) <= last) ended.add(aborted.shift()!.producerId);
    if (batch.attributes & isControl) {
      if (isAbort(batch)) ended.delete(batch.producerId);
    } else if (!(batch.attributes & isTransactional && ended.has(batch.producerId))) records.push(...of(batch, from));
    next = Math.max(next, last + 1);
  }
  return {
    partition: part.partitionIndex,
    error: part.errorCode,
    start: Number(part.logStartOffset),
    end: Number(part.lastStableOffset >= 0n ? part.lastStableOffset : part.highWatermark),
    records,
    next,
  };
}

/** A broker gives whole batches, which may begin before what was asked for. */
function* of(batch: RecordsBatch, from: number): Generator<KafkaRecord> {
  for (const record of batch.records) {
    const offset = Number(batch.firstOffset) + record.offsetDelta;
    if (offset >= from) yield { offset, value: (record.value as Buffer | null) ?? null };
  }
}

/** The key of a marker: version (16 bits), then 0 for abort, 1 for commit. */
function isAbort({ records }: RecordsBatch): boolean {
  return records[0]?.key?.readInt16BE(2) === 0;
}
