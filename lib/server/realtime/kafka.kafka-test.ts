import { afterAll, beforeAll, expect, test } from 'vitest';
import { KafkaSource } from '#lib/stream/source.ts';
import { startKafka, type TestKafka } from '#lib/testing/kafka.ts';
import { makeRealTimeJob, openSales, rowsIn, salesAt, startSales, type Sales } from '#lib/testing/realtime.ts';
import { until } from '#lib/testing/until.ts';

/** A real-time job over a stream whose events a real Kafka gives. */

let kafka: TestKafka;
let sales: Sales;
beforeAll(async () => {
  kafka = await startKafka();
  sales = await startSales({ parts: { config: { ALLOW_PRIVATE_ADDRESSES: '127.0.0.1' } } });
  await sales.lodestar.sources.start();
});
afterAll(async () => {
  await sales?.close();
  await kafka?.stop();
});

const patience = 60_000;

/** A topic of two partitions, a stream that reads it, and a job that answers each minute of it. */
async function begin(topic: string, stream: object): Promise<string> {
  Object.assign(sales, await openSales(stream));
  await kafka.createTopic(topic, 2);
  const source = KafkaSource.parse({ kind: 'kafka', brokers: kafka.brokers, topic });
  await sales.lodestar.db.stream.update({ where: { id: sales.streamId }, data: { source } });
  await sales.lodestar.sources.renew(sales.streamId);
  return makeRealTimeJob(sales, {});
}

const produce = (topic: string, partition: number, events: object[]) =>
  kafka.produce(
    topic,
    events.map((value) => ({ value, partition })),
  );
const output = () => rowsIn(sales, 'live_sales', "strftime(window_start, '%H:%M:%S') AS at, shop, sales, cents");
const reads = (jobId: string, position: number) =>
  until(
    async () => (await sales.lodestar.db.liveJob.findUniqueOrThrow({ where: { jobId } })).position >= position,
    `event ${position} is read`,
    patience,
  );
const has = (rows: number) => until(async () => (await output()).length === rows, `${rows} rows are there`, patience);

test('a window waits for the slowest partition, is published when that has passed its end, and a broker that is away changes nothing', async () => {
  const jobId = await begin('sales', { idle: 86_400 });
  await produce('sales', 0, salesAt([1, 2, 3]));
  await produce('sales', 1, salesAt([4], { id: 10, shop: 'b' }));
  await reads(jobId, 4);
  await produce('sales', 0, salesAt([61, 62, 130], { id: 20 }));
  await reads(jobId, 7);
  expect(await output()).toEqual([]);
  await kafka.kill();
  await kafka.start();
  await produce('sales', 1, salesAt([5, 60], { id: 30, shop: 'b' }));
  await has(2);
  expect(await output()).toEqual([
    ['10:00:00', 'a', '3', '6'],
    ['10:00:00', 'b', '2', '42'],
  ]);
  await produce('sales', 1, salesAt([121], { id: 40, shop: 'b' }));
  await has(4);
  expect((await output()).slice(2)).toEqual([
    ['10:01:00', 'a', '2', '43'],
    ['10:01:00', 'b', '1', '32'],
  ]);
  const { late, eventsIn } = await sales.lodestar.db.liveJob.findUniqueOrThrow({ where: { jobId } });
  expect({ late, eventsIn }).toEqual({ late: 0n, eventsIn: 10n });
});

test('a partition that is silent for the stated idle time lets the others go on', async () => {
  const jobId = await begin('silent', { idle: 2 });
  await produce('silent', 1, salesAt([1], { shop: 'b' }));
  await reads(jobId, 1);
  await produce('silent', 0, salesAt([2, 61], { id: 10 }));
  await until(
    async () => {
      await produce('silent', 0, salesAt([62], { id: 20 }));
      return (await output()).length === 2;
    },
    'the window is there without the silent one',
    patience,
  );
  expect((await output()).slice(0, 2)).toEqual([
    ['10:00:00', 'a', '1', '11'],
    ['10:00:00', 'b', '1', '1'],
  ]);
});
