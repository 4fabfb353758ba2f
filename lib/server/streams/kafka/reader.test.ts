import { UnsupportedCompressionError } from '@platformatic/kafka';
import pino from 'pino';
import { expect, test, vi } from 'vitest';
import type { PartsRead } from '#lib/stream/source.ts';
import { Problem } from '#lib/server/problem.ts';
import type { Batch } from '#lib/server/streams/judge.ts';
import { earliest, type Cluster, type Wanted } from './cluster.ts';
import { Reader } from './reader.ts';
import type { Fetched } from './records.ts';
import { BatchBroken, codes, toWords } from './words.ts';

/*
 * What a healthy cluster does not do at a wish: a batch nobody can read, a log that was cut back, a log of ours that fails.
 * All else is tested against a real one.
 */

type Log = { start: number; end: number; isBroken?: boolean; damaged?: { first: number; below: number } };

/** A topic whose partitions hold the numbers of their offsets. */
function topicOf(logs: Record<number, Log>, topic = { id: 'a' }) {
  let isOpen = true;
  let unpacked = 0;
  const cluster = {
    /** How often what is damaged was fetched. */
    unpacked: () => unpacked,
    topic: 'shop',
    look: async () => ({ log: topic.id, leaders: new Map(Object.keys(logs).map((id) => [Number(id), 1])) }),
    nameOf: () => 'broker',
    offsets: async (_: number, ids: number[], at: bigint) => {
      await new Promise((resolve) => setImmediate(resolve));
      return new Map(ids.map((id) => [id, at === earliest ? logs[id]!.start : logs[id]!.end]));
    },
    fetch: async (_: number, wanted: Wanted[], most: { bytes: number }): Promise<Fetched[]> => {
      await new Promise((resolve) => setImmediate(resolve));
      if (!isOpen) throw new Error('closed');
      if (wanted.some(({ partition }) => logs[partition]!.isBroken))
        throw new UnsupportedCompressionError('of no known kind');
      for (const { partition, offset } of wanted) {
        const { damaged } = logs[partition]!;
        const isWithin = damaged && offset < damaged.below && (most.bytes > 1 || offset >= damaged.first);
        if (isWithin) unpacked++;
        if (isWithin) throw new BatchBroken('A batch of records cannot be read.');
      }
      return wanted.map(({ partition, offset }) => read(partition, offset, logs[partition]!));
    },
    close: async () => void (isOpen = false),
  };
  return cluster as unknown as Cluster & { unpacked(): number };
}

function read(partition: number, offset: number, { start, end }: Log): Fetched {
  const none = { partition, start, end, records: [], next: offset };
  if (offset < start || offset > end) return { ...none, error: codes.offsetOutOfRange };
  const value = Buffer.from(`{"id":${offset}}`);
  return { ...none, error: 0, ...(offset < end && { records: [{ offset, value }], next: offset + 1 }) };
}

/** A log in memory; `fails` says when storing does, after or before it was stored. */
function logOf(parts: PartsRead = {}, fails: (count: number) => 'before' | 'after' | null = () => null) {
  const found: string[] = [];
  let count = 0;
  const append = async ({ part, items, read }: Batch) => {
    const fault = fails(count++);
    if (fault === 'before') throw new Problem(503, 'not-stored', 'The disk is full.');
    if ((parts[part!]?.offset ?? null) !== (read!.from?.offset ?? null)) throw new Problem(409, 'read-otherwise', '');
    parts[part!] = read!.to;
    found.push(...items.map((item) => `${part}:${'raw' in item ? String(item.raw) : ''}`));
    if (fault === 'after') throw new Problem(503, 'not-stored', 'Nobody knows.');
  };
  return { found, parts, target: { partsRead: async () => ({ ...parts }), append } };
}

function start(cluster: Cluster, target: ReturnType<typeof logOf>['target'], now = () => Date.now()) {
  const end = new AbortController();
  const words = (error: unknown) => toWords(error, { topic: 'shop', tls: null, sasl: null });
  const reader = new Reader({ cluster, target, log: pino({ level: 'silent' }), now, words });
  const work = reader.run(end.signal);
  return { reader, stop: () => (end.abort(), work) };
}

const at = (offset: number) => ({ offset, log: 'a', lost: 0, resets: 0 });

test('a partition that cannot be read is named, and keeps no other from moving', async () => {
  const { parts, target } = logOf();
  const { reader, stop } = start(topicOf({ 0: { start: 0, end: 9 }, 1: { start: 0, end: 9, isBroken: true } }), target);
  await vi.waitUntil(() => parts[0]?.offset === 9 && reader.parts.get(1)?.trouble);
  await stop();
  expect(reader.parts.get(1)!.trouble).toBe('Kafka could not be read: of no known kind');
  expect(reader.parts.get(0)!.trouble).toBeNull();
  expect(parts[1]).toEqual(at(0));
});

test('what comes before a damaged batch is read, where it is and the way out are told, and what was taken away then is lost', async () => {
  const log: Log = { start: 0, end: 12, damaged: { first: 5, below: 8 } };
  const { found, parts, target } = logOf();
  let clock = 0;
  const cluster = topicOf({ 0: log });
  const { reader, stop } = start(cluster, target, () => (clock += 6000));
  await vi.waitUntil(() => reader.parts.get(0)?.broken?.next);
  expect(parts[0]).toEqual(at(5));
  expect(reader.parts.get(0)!.trouble).toBe(
    'The batch of records at offset 5 cannot be unpacked: it is damaged, or packed in a way that is not known here. ' +
      'Nothing was passed over: the partition waits there. It goes on at offset 8 when what is before that was taken by the ' +
      'topic’s retention, or deleted by somebody who may (kafka-delete-records); what was not read is then counted as lost.',
  );
  const before = cluster.unpacked();
  const looked = clock;
  await vi.waitUntil(() => clock > looked + 100_000);
  expect(cluster.unpacked(), 'it is not unpacked again and again').toBe(before);
  log.start = 8;
  await vi.waitUntil(() => parts[0]?.offset === 12);
  await stop();
  expect(parts[0]).toEqual({ ...at(12), lost: 3 });
  expect(reader.parts.get(0)!.trouble).toBeNull();
  expect(found).toEqual([0, 1, 2, 3, 4, 8, 9, 10, 11].map((id) => `0:{"id":${id}}`));
});

test('a topic that was made again is read past the offset where the one before could not be', async () => {
  const log: Log = { start: 0, end: 12, damaged: { first: 5, below: 8 } };
  const topic = { id: 'a' };
  const { parts, target } = logOf();
  let clock = 0;
  const { reader, stop } = start(topicOf({ 0: log }, topic), target, () => (clock += 6000));
  await vi.waitUntil(() => reader.parts.get(0)?.broken?.next);
  delete log.damaged;
  log.end = 9;
  topic.id = 'b';
  await vi.waitUntil(() => parts[0]?.log === 'b' && parts[0].offset === 9, { timeout: 20_000 });
  await stop();
  expect(parts[0]).toEqual({ offset: 9, log: 'b', lost: 7, resets: 1 });
});

test('a batch that came to harm on its way is read when it comes again', async () => {
  const log: Log = { start: 0, end: 9, damaged: { first: 5, below: 6 } };
  const { parts, target } = logOf();
  const { reader, stop } = start(topicOf({ 0: log }), target);
  await vi.waitUntil(() => reader.parts.get(0)?.broken?.tries === 1);
  expect(parts[0]).toEqual(at(5));
  delete log.damaged;
  await vi.waitUntil(() => parts[0]?.offset === 9, { timeout: 20_000 });
  await stop();
  expect(parts[0]).toEqual(at(9));
});

test('after a log that was cut back reading goes on at its end, and that is counted', async () => {
  const { parts, target } = logOf({ 0: at(20) });
  const { stop } = start(topicOf({ 0: { start: 0, end: 12 } }), target);
  await vi.waitUntil(() => parts[0]?.offset === 12);
  await stop();
  expect(parts[0]).toEqual({ ...at(12), resets: 1 });
});

test.for(['before', 'after'] as const)('a batch that failed %s it was stored is stored once', async (when) => {
  const { found, parts, target } = logOf({}, (count) => (count % 4 === 3 ? when : null));
  const { stop } = start(topicOf({ 0: { start: 0, end: 7 } }), target);
  await vi.waitUntil(() => parts[0]?.offset === 7, { timeout: 20_000 });
  await stop();
  expect(found).toEqual(Array.from({ length: 7 }, (_, id) => `0:{"id":${id}}`));
});
