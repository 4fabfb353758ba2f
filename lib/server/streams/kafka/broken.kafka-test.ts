import { mkdtemp, open, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { KafkaSource, type SourceView } from '#lib/stream/source.ts';
import { createWarehouse } from '#lib/server/warehouse/create.ts';
import { startKafka, type TestKafka } from '#lib/testing/kafka.ts';
import { startLodestar, type TestLodestar } from '#lib/testing/lodestar.ts';
import { makeActor, makeProject } from '#lib/testing/people.ts';
import { makeStreamRow } from '#lib/testing/streams.ts';
import { until } from '#lib/testing/until.ts';

/** Batches that nobody can unpack, in a real broker's log: too large, or damaged on its disk. */

let dir: string;
let kafka: TestKafka;
let lodestar: TestLodestar;
let project: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lodestar-kafka-broken-'));
  kafka = await startKafka({ dir });
  lodestar = await startLodestar({
    config: { ALLOW_PRIVATE_ADDRESSES: '127.0.0.1' },
    warehouse: (world) => createWarehouse(world),
  });
  project = (await makeProject(await makeActor())).id;
  await lodestar.sources.start();
});
afterAll(async () => {
  await lodestar?.close();
  await kafka?.stop();
  await rm(dir, { recursive: true, force: true });
});

const patience = 60_000;
const records = (from: number, below: number, partition = 0) =>
  Array.from({ length: below - from }, (_, at) => {
    const id = from + at;
    return { value: { time: '2026-11-21T09:00:00Z', id, pad: `${id}`.repeat(50) }, partition };
  });

async function stream(topic: string): Promise<string> {
  const id = await makeStreamRow(project, { key: [] });
  const source = KafkaSource.parse({ kind: 'kafka', brokers: kafka.brokers, topic });
  await lodestar.db.stream.update({ where: { id }, data: { source } });
  await lodestar.sources.renew(id);
  return id;
}

async function view(id: string): Promise<SourceView> {
  return lodestar.sources.view(await lodestar.db.stream.findUniqueOrThrow({ where: { id } }))!;
}

const has = (id: string, count: number) =>
  until(async () => (await lodestar.streams.live(id)).end === count, `${count} events are there`, patience);

async function ids(id: string): Promise<number[]> {
  const { items } = await lodestar.streams.read(id, 0, 1000, AbortSignal.timeout(patience));
  return items.map((item) => Number(item.id)).sort((a, b) => a - b);
}

const range = (from: number, below: number) => Array.from({ length: below - from }, (_, at) => from + at);

test.for(['zstd', 'lz4'] as const)('what %s makes small and is huge is not unpacked', async (packing) => {
  const topic = `bomb-${packing}`;
  await kafka.createTopic(topic, 2, { 'max.message.bytes': `${2 ** 24}` });
  await kafka.produce(topic, records(0, 3));
  await kafka.produce(topic, [{ value: 'x'.repeat(100 * 2 ** 20), partition: 0 }], packing);
  await kafka.produce(topic, [...records(3, 5), ...records(5, 6, 1)]);
  const id = await stream(topic);
  await has(id, 4);
  await until(
    async () => (await view(id)).trouble?.includes('It goes on at offset 4'),
    'the way out is told',
    patience,
  );
  const { trouble, partitions } = await view(id);
  expect(trouble).toMatch(
    /^Partition 0 does not move: The batch of records at offset 3 becomes more than 64 MiB when it is unpacked\. Nothing was passed over/,
  );
  expect(partitions).toMatchObject([{ state: 'stuck', offset: 3, lost: 0 }, { trouble: null }]);
  await kafka.deleteBefore(topic, 0, 4);
  await has(id, 6);
  expect(await ids(id)).toEqual(range(0, 6));
  await until(async () => (await view(id)).trouble === null, 'nothing is told any more', patience);
  expect((await view(id)).partitions).toMatchObject([{ offset: 6, lost: 1 }, {}]);
});

test.for(['gzip', 'snappy'] as const)('a batch of %s that is damaged is named with the way out', async (packing) => {
  const topic = `damaged-${packing}`;
  await kafka.createTopic(topic, 1);
  await kafka.produce(topic, records(0, 10), packing);
  const first = await logOf(topic);
  await kafka.produce(topic, records(10, 30), packing);
  await damage(first.path, first.bytes, (await logOf(topic)).bytes);
  await kafka.produce(topic, records(30, 40), packing);
  const id = await stream(topic);
  await has(id, 10);
  await until(
    async () => (await view(id)).trouble?.includes('It goes on at offset 30'),
    'the way out is told',
    patience,
  );
  expect((await view(id)).trouble).toMatch(
    /does not move: The batch of records at offset 10 cannot be unpacked: it is damaged/,
  );
  await kafka.deleteBefore(topic, 0, 30);
  await has(id, 20);
  expect(await ids(id)).toEqual([...range(0, 10), ...range(30, 40)]);
  expect((await view(id)).partitions).toMatchObject([{ offset: 40, lost: 20 }]);
});

async function logOf(topic: string): Promise<{ path: string; bytes: number }> {
  const files = await readdir(dir, { recursive: true });
  const path = join(
    dir,
    files.find((name) => name.endsWith(join(`${topic}-0`, '00000000000000000000.log')))!,
  );
  return { path, bytes: (await stat(path)).size };
}

/** What a batch of records has before what is packed, bytes. */
const head = 61;

/** Other bits in the packed part of the batch at [from, below). */
async function damage(path: string, from: number, below: number): Promise<void> {
  const file = await open(path, 'r+');
  const bytes = Buffer.alloc(below - from - head);
  await file.read(bytes, 0, bytes.length, from + head);
  for (let at = 0; at < bytes.length; at++) bytes[at]! ^= 0x5a;
  await file.write(bytes, 0, bytes.length, from + head);
  await file.close();
}
