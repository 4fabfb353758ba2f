import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KafkaSource, SourceView } from '#lib/stream/source.ts';
import { createWarehouse } from '#lib/server/warehouse/create.ts';
import { startKafka, type TestKafka } from '#lib/testing/kafka.ts';
import { startLodestar, type TestLodestar } from '#lib/testing/lodestar.ts';
import { makeActor, makeProject } from '#lib/testing/people.ts';
import { makeStreamRow } from '#lib/testing/streams.ts';
import { until } from '#lib/testing/until.ts';
import type { Sources } from './sources.ts';

/** One broker of this file's own, which some of its tests kill. */

let kafka: TestKafka;
let lodestar: TestLodestar;
let sources: Sources;
let project: string;

beforeAll(async () => {
  kafka = await startKafka();
  lodestar = await startLodestar({
    config: { ALLOW_PRIVATE_ADDRESSES: '127.0.0.1' },
    warehouse: (world) => createWarehouse(world),
  });
  project = (await makeProject(await makeActor())).id;
  ({ sources } = lodestar);
  await sources.start();
});
afterAll(async () => {
  await lodestar?.close();
  await kafka?.stop();
});

const patience = 60_000;
const time = '2026-11-21T09:00:00Z';
const event = (id: number, more: object = {}) => ({ time, id, ...more });
const range = (from: number, below: number) => Array.from({ length: below - from }, (_, at) => from + at);

async function stream(topic: string, more: Partial<KafkaSource> = {}): Promise<string> {
  const id = await makeStreamRow(project, { key: [], idle: 1 });
  const source: KafkaSource = {
    kind: 'kafka',
    brokers: kafka.brokers,
    topic,
    tls: null,
    sasl: null,
    start: 'earliest',
    ...more,
  };
  await lodestar.db.stream.update({ where: { id }, data: { source } });
  await sources.renew(id);
  return id;
}

async function view(id: string): Promise<SourceView> {
  return sources.view(await lodestar.db.stream.findUniqueOrThrow({ where: { id } }))!;
}

const end = async (id: string) => (await lodestar.streams.live(id)).end;
const reaches = (id: string, count: number) =>
  until(async () => (await end(id)) >= count, `${count} events are there`, patience);

async function ids(id: string): Promise<number[]> {
  const { items } = await lodestar.streams.read(id, 0, 10_000, AbortSignal.timeout(patience));
  return items.map((item) => Number(item.id)).sort((a, b) => a - b);
}

test('records of all partitions become events, however they were packed, and partitions added later too', async () => {
  await kafka.createTopic('shop', 3);
  await kafka.produce(
    'shop',
    range(0, 300).map((id) => ({ value: event(id), partition: id % 3 })),
  );
  const id = await stream('shop');
  await reaches(id, 300);
  for (const [at, packed] of (['gzip', 'snappy', 'lz4', 'zstd'] as const).entries())
    await kafka.produce(
      'shop',
      range(300 + at * 10, 310 + at * 10).map((n) => ({ value: event(n), key: `${n}` })),
      packed,
    );
  await reaches(id, 340);
  await kafka.addPartitions('shop', 5, [1, 1]);
  await kafka.produce(
    'shop',
    range(340, 360).map((n) => ({ value: event(n), partition: 3 + (n % 2) })),
  );
  await reaches(id, 360);
  expect(await ids(id)).toEqual(range(0, 360));
  await until(async () => (await view(id)).partitions.every(({ lag }) => lag === 0), 'its lag is known', patience);
  const { partitions, ...rest } = await view(id);
  expect(rest).toMatchObject({ kind: 'kafka', topic: 'shop', state: 'reading', trouble: null, hasSecret: false });
  expect(partitions.map((part) => part.id)).toEqual(['0', '1', '2', '3', '4']);
  expect(partitions.reduce((sum, { offset }) => sum + offset, 0)).toBe(360);
  expect(partitions[3]).toMatchObject({ offset: 10, end: 10, trouble: null, lost: 0, resets: 0 });
  const parts = new Set((await lodestar.streams.timeline(id, 0, 1000)).flatMap(({ parts }) => Object.keys(parts)));
  expect([...parts].sort()).toEqual(['0', '1', '2', '3', '4']);
});

test('what is no event becomes a dead letter that says where it lies', async () => {
  await kafka.createTopic('broken', 2);
  const values = [
    event(1),
    'no json{',
    null,
    '[1]',
    { id: 2 },
    { time: 'never', id: 3 },
    'x'.repeat(900_000),
    event(4),
  ];
  await kafka.produce(
    'broken',
    values.map((value) => ({ value, key: 'k', partition: 1 })),
  );
  const id = await stream('broken');
  await reaches(id, 2);
  await until(async () => (await view(id)).partitions[1]?.offset === 8, 'all of it was read', patience);
  const dead = await lodestar.db.deadLetter.findMany({ where: { streamId: id }, orderBy: { number: 'asc' } });
  expect(dead.map(({ reason }) => reason.slice(0, 70))).toEqual([
    expect.stringMatching(/^broken, partition 1, offset 1: The record is no JSON: /),
    'broken, partition 1, offset 2: The record has no value (a tombstone): ',
    expect.stringMatching(/^broken, partition 1, offset 3: An event is a JSON object, not /),
    expect.stringMatching(/^broken, partition 1, offset 4: time /),
    expect.stringMatching(/^broken, partition 1, offset 5: time /),
    expect.stringMatching(/^broken, partition 1, offset 6: The record is no JSON: /),
  ]);
  expect(dead.map(({ raw }) => raw.slice(0, 8))).toEqual(['no json{', '', '[1]', '{"id":2}', '{"time":', 'xxxxxxxx']);
  expect(dead.at(-1)!.isCut).toBe(true);
});

test('a broker that is killed is told and waited for; nothing is lost and nothing counts twice', async () => {
  await kafka.createTopic('killed', 2);
  await kafka.produce(
    'killed',
    range(0, 100).map((n) => ({ value: event(n), partition: n % 2 })),
  );
  const id = await stream('killed');
  await reaches(id, 100);
  await kafka.kill();
  await until(async () => (await view(id)).state === 'waiting', 'it is told', patience);
  const { trouble, partitions } = await view(id);
  expect(trouble).toMatch(/Nobody answers at 127\.0\.0\.1:\d+\.|closed the connection/);
  expect(partitions.map(({ offset }) => offset)).toEqual([50, 50]);
  await kafka.start();
  await kafka.produce(
    'killed',
    range(100, 200).map((n) => ({ value: event(n), partition: n % 2 })),
  );
  await reaches(id, 200);
  expect(await ids(id)).toEqual(range(0, 200));
  await until(async () => (await view(id)).trouble === null, 'nothing is told any more', patience);
  expect((await view(id)).state).toBe('reading');
});

test('records that retention took first are counted, and reading goes on with the first that is left', async () => {
  await kafka.createTopic('short', 1);
  await kafka.produce(
    'short',
    range(0, 10).map((n) => ({ value: event(n) })),
  );
  const id = await stream('short');
  await reaches(id, 10);
  const { source } = await lodestar.db.stream.findUniqueOrThrow({ where: { id } });
  await pausedSource(id);
  await kafka.produce(
    'short',
    range(10, 30).map((n) => ({ value: event(n) })),
  );
  await kafka.deleteBefore('short', 0, 25);
  await lodestar.db.stream.update({ where: { id }, data: { source: source! } });
  await sources.renew(id);
  await reaches(id, 15);
  expect(await ids(id)).toEqual([...range(0, 10), ...range(25, 30)]);
  expect((await view(id)).partitions).toMatchObject([{ offset: 30, lost: 15, resets: 0 }]);
});

test('a topic that was deleted and made again is read from its beginning, once, and that is told', async () => {
  await kafka.createTopic('again', 1);
  await kafka.produce(
    'again',
    range(0, 20).map((n) => ({ value: event(n) })),
  );
  const id = await stream('again');
  await reaches(id, 20);
  await kafka.deleteTopic('again');
  await until(async () => /There is no topic again there/.test((await view(id)).trouble ?? ''), 'it is told', patience);
  await kafka.createTopic('again', 1);
  await kafka.produce(
    'again',
    range(20, 50).map((n) => ({ value: event(n) })),
  );
  await reaches(id, 50);
  expect(await ids(id)).toEqual(range(0, 50));
  await until(async () => (await view(id)).trouble === null, 'nothing is told any more', patience);
  expect((await view(id)).partitions).toMatchObject([{ offset: 30, lost: 0, resets: 1 }]);
});

test('of two Lodestars one reads; when it is gone the other goes on where it stopped', async () => {
  await kafka.createTopic('shared', 1);
  await kafka.produce(
    'shared',
    range(0, 10).map((n) => ({ value: event(n) })),
  );
  const id = await stream('shared');
  await reaches(id, 10);
  await lodestar.db.stream.update({
    where: { id },
    data: { lease: 'of another', leaseHome: 'elsewhere', leaseUntil: soon() },
  });
  await kafka.produce(
    'shared',
    range(10, 20).map((n) => ({ value: event(n) })),
  );
  await until(async () => (await view(id)).state === 'elsewhere', 'it lets go', patience);
  expect((await view(id)).trouble).toBeNull();
  await lodestar.db.stream.update({ where: { id }, data: { lease: null, leaseHome: null, leaseUntil: null } });
  await reaches(id, 20);
  expect(await ids(id)).toEqual(range(0, 20));
});

/** No more of it is read, and all that was is stored. */
async function pausedSource(id: string): Promise<void> {
  await lodestar.db.stream.update({ where: { id }, data: { source: { kind: 'none' } } });
  await sources.renew(id);
}

function soon(): Date {
  return new Date(Date.now() + 3_600_000);
}
