import type { KafkaSource, PartsRead } from '#lib/stream/source.ts';
import { check, inferColumns, toColumns, type Contract } from '#lib/stream/schema.ts';
import type { StreamColumn } from '#lib/stream/spec.ts';
import { Problem } from '#lib/server/problem.ts';
import type { Item } from '#lib/server/streams/judge.ts';
import { Cluster, earliest, latest, type ClusterOptions, type Topic } from './cluster.ts';
import { toItem } from './items.ts';
import { KafkaRefused, codes, toFault, type Fault } from './words.ts';

/*
 * A source is tried before it is kept: its brokers are reached, its topic is there, and of the records in it some are looked
 * at, the first and the last of each partition.
 */

export interface Probed {
  /** Where reading begins, partition by partition. */
  parts: PartsRead;
  /** What the records that were looked at say; null where there are none yet, or columns were stated. */
  columns: StreamColumn[] | null;
  /** Records that were looked at. */
  looked: number;
}

export interface Probe extends Omit<ClusterOptions, 'source'> {
  source: KafkaSource;
  contract: Contract;
  columns: StreamColumn[] | undefined;
  now: number;
}

/** Of each partition: records from its beginning and from before its end, and bytes in all. */
const sample = { records: 50, bytes: 2 ** 20, partitions: 16 };

/** Throws a Problem (422 `source-refused`) in words for people, whose `errors` name the part of the source it is about. */
export async function probe({ contract, columns, now, ...options }: Probe): Promise<Probed> {
  const { source } = options;
  return reaching(options, async (cluster) => {
    const topic = await cluster.look();
    const ends = await edges(cluster, topic, latest);
    const starts = await edges(cluster, topic, earliest);
    const items = await look(cluster, topic, starts, ends);
    const begin = source.start === 'latest' ? ends : starts;
    return {
      parts: Object.fromEntries([...begin].map(([id, offset]) => [id, { offset, log: topic.log, lost: 0, resets: 0 }])),
      columns: columns ?? understood(items, contract, now),
      looked: items.length,
    };
  });
}

/** Tries another way to the same topic; throws likewise, and when it leads to another one. */
export async function probeAgain(options: ClusterOptions & { source: KafkaSource }, parts: PartsRead): Promise<void> {
  await reaching(options, async (cluster) => {
    const topic = await cluster.look();
    await edges(cluster, topic, latest);
    const isOther = Object.values(parts).some(({ log }) => log !== '' && topic.log !== '' && log !== topic.log);
    if (isOther)
      throw refused(
        `There is a topic ${options.source.topic} there, but it is another one than this stream reads. Make a new stream for it.`,
      );
  });
}

async function reaching<T>(options: ClusterOptions & { source: KafkaSource }, work: (cluster: Cluster) => Promise<T>) {
  let cluster: Cluster | null = null;
  try {
    cluster = new Cluster(options);
    return await work(cluster);
  } catch (error) {
    throw error instanceof Problem ? error : refusedFor(toFault(error, options.source));
  } finally {
    await cluster?.close();
  }
}

async function edges(cluster: Cluster, { leaders }: Topic, at: bigint): Promise<Map<number, number>> {
  const found = new Map<number, number>();
  for (const [leader, partitions] of byLeader(leaders))
    for (const [id, offset] of await cluster.offsets(leader, partitions, at)) found.set(id, offset);
  return found;
}

function byLeader(leaders: Topic['leaders']): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const [id, leader] of leaders) {
    if (leader === null) throw new KafkaRefused(codes.leaderNotAvailable);
    found.set(leader, [...(found.get(leader) ?? []), id]);
  }
  return found;
}

async function look(cluster: Cluster, { leaders }: Topic, starts: Map<number, number>, ends: Map<number, number>) {
  const items: Item[] = [];
  for (const [leader, all] of byLeader(leaders)) {
    const partitions = all.filter((id) => ends.get(id)! > starts.get(id)!).slice(0, sample.partitions);
    for (const from of [
      starts,
      new Map([...ends].map(([id, end]) => [id, Math.max(starts.get(id)!, end - sample.records)])),
    ]) {
      if (partitions.length === 0) continue;
      const wanted = partitions.map((partition) => ({ partition, offset: from.get(partition)! }));
      const fetched = await cluster.fetch(leader, wanted, { bytes: sample.bytes, wait: 1000 });
      for (const { partition, records } of fetched)
        items.push(...records.slice(0, sample.records).map((record) => toItem(record, cluster.topic, partition)));
    }
  }
  return items;
}

/** The columns of the records; refuses a topic none of whose records could become an event. */
function understood(items: readonly Item[], contract: Contract, now: number): StreamColumn[] | null {
  if (items.length === 0) return null;
  const columns = inferColumns(
    items.map((item) => ('event' in item ? item.event : null)),
    contract,
    now,
  );
  if (columns) return columns;
  const [first] = items;
  const why = 'fault' in first! ? first.fault : reasonOf(first!.event, contract, now);
  throw refused(
    `None of the ${items.length} records that were looked at can become an event. The first, at ${first!.where!()}: ${why}`,
  );
}

function reasonOf(event: unknown, contract: Contract, now: number): string {
  const checked = check(event, toColumns([]), contract, now);
  return checked.ok ? '' : checked.reason;
}

/** What was found there is not what was looked for. */
function refused(words: string): Problem {
  return refusedFor({ words, part: 'topic' });
}

export function refusedFor({ words, part }: Fault): Problem {
  const errors = part && [{ in: 'body', field: `source.${part}`, message: words }];
  return new Problem(422, 'source-refused', words, errors ? { errors } : {});
}
