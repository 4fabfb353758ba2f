import { afterAll, beforeAll, expect, test } from 'vitest';
import { KafkaSource } from '#lib/stream/source.ts';
import { startKafka, type TestKafka } from '#lib/testing/kafka.ts';
import { startLodestar, type TestLodestar } from '#lib/testing/lodestar.ts';
import { makeActor, makeProject } from '#lib/testing/people.ts';
import { makeStreamRow } from '#lib/testing/streams.ts';
import { until } from '#lib/testing/until.ts';

/** Two brokers, of which one is killed: its partition has nobody who leads it. */

let kafka: TestKafka;
let lodestar: TestLodestar;
beforeAll(async () => {
  kafka = await startKafka({ nodes: 2 });
  lodestar = await startLodestar({ config: { ALLOW_PRIVATE_ADDRESSES: '127.0.0.1' } });
  await lodestar.sources.start();
});
afterAll(async () => {
  await lodestar?.close();
  await kafka?.stop();
});

const patience = 90_000;
const records = (partition: number, count: number) =>
  Array.from({ length: count }, () => ({ value: { time: '2026-11-21T09:00:00Z' }, partition }));

test('a partition whose broker is away is named, the others move, and it goes on when the broker is back', async () => {
  await kafka.createTopic('both', [[1], [2]]);
  await kafka.produce('both', [...records(0, 10), ...records(1, 10)]);
  const id = await makeStreamRow((await makeProject(await makeActor())).id, { key: [], idle: 1 });
  const source = KafkaSource.parse({ kind: 'kafka', brokers: kafka.brokers, topic: 'both' });
  await lodestar.db.stream.update({ where: { id }, data: { source } });
  await lodestar.sources.renew(id);
  const view = async () => lodestar.sources.view(await lodestar.db.stream.findUniqueOrThrow({ where: { id } }))!;
  const has = (events: number) =>
    until(async () => (await lodestar.streams.live(id)).end === events, `${events} events are there`, patience);
  await has(20);
  await kafka.kill(1);
  await until(async () => (await view()).partitions[1]?.state === 'stuck', 'it is named', patience);
  await kafka.produce('both', records(0, 10));
  await has(30);
  const { state, trouble, partitions } = await view();
  expect(state).toBe('reading');
  expect(trouble).toMatch(/^Partition 1 does not move: /);
  expect(partitions).toMatchObject([
    { id: '0', offset: 20, trouble: null },
    { id: '1', offset: 10, state: 'stuck' },
  ]);
  await until(async () => (await view()).partitions[0]?.state === 'idle', 'the other has nothing to give', patience);
  await kafka.start(1);
  await kafka.produce('both', records(1, 10));
  await has(40);
  await until(async () => (await view()).trouble === null, 'nothing is told any more', patience);
});
