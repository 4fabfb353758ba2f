import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Admin, Producer, stringSerializers, type CompressionAlgorithmValue } from '@platformatic/kafka';
import { startBrokers, type Kafka, type KafkaOptions } from '#lib/server/boot/kafka/broker.mjs';

/** A record to write; `value` null is a tombstone, what is no text is written as JSON. */
export interface Produced {
  value: unknown;
  key?: string;
  partition?: number;
}

export type TestKafka = Kafka & {
  /** A number counts partitions; [[2], [1]] says the broker of each. */
  createTopic(name: string, partitions?: number | number[][], configs?: Record<string, string>): Promise<void>;
  deleteTopic(name: string): Promise<void>;
  /** `count`: how many there are afterwards; `brokers` of those that are added, from 1. */
  addPartitions(name: string, count: number, brokers: number[]): Promise<void>;
  produce(topic: string, records: Produced[], compression?: CompressionAlgorithmValue): Promise<void>;
  /** As retention does: what is before the offset goes. */
  deleteBefore(topic: string, partition: number, offset: number): Promise<void>;
};

/** A real Kafka of the test's own on free loopback ports, removed with its data by `stop()`. */
export async function startKafka(options: KafkaOptions = {}): Promise<TestKafka> {
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'lodestar-kafka-')));
  const remove = async () => {
    if (!options.dir) await rm(dir, { recursive: true, force: true });
  };
  try {
    const kafka = await startBrokers({ tell: (_, work) => work(), ...options, dir });
    const { stop } = kafka;
    return Object.assign(kafka, tools(kafka.brokers), { stop: () => stop().then(remove) });
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Clients are made for each call, so that a broker that was killed meanwhile is no matter. */
function tools(bootstrapBrokers: string[]): Omit<TestKafka, keyof Kafka> {
  const options = { clientId: 'test', bootstrapBrokers, retries: 20, retryDelay: 250 };
  const administer = (work: (admin: Admin) => Promise<unknown>) => using(new Admin(options), work);
  return {
    createTopic: (name, partitions = 1, configs = {}) =>
      administer((admin) =>
        admin.createTopics({
          topics: [name],
          ...(typeof partitions === 'number'
            ? { partitions, replicas: 1 }
            : {
                partitions: -1,
                replicas: -1,
                assignments: partitions.map((brokers, partition) => ({ partition, brokers })),
              }),
          configs: Object.entries(configs).map(([name, value]) => ({ name, value })),
        }),
      ),
    deleteTopic: (name) => administer((admin) => admin.deleteTopics({ topics: [name] })),
    addPartitions: (name, count, brokers) =>
      administer((admin) =>
        admin.createPartitions({
          topics: [{ name, count, assignments: brokers.map((broker) => ({ brokerIds: [broker] })) }],
        }),
      ),
    deleteBefore: (name, partition, offset) =>
      administer((admin) =>
        admin.deleteRecords({ topics: [{ name, partitions: [{ partition, offset: BigInt(offset) }] }] }),
      ),
    produce: (topic, records, compression = 'none') =>
      using(new Producer({ ...options, serializers: stringSerializers }), (producer) =>
        producer.send({
          acks: -1,
          idempotent: true,
          compression,
          messages: records.map(({ value, key, partition }) => ({
            topic,
            ...(value === null ? {} : { value: typeof value === 'string' ? value : JSON.stringify(value) }),
            ...(key === undefined ? {} : { key }),
            ...(partition === undefined ? {} : { partition }),
          })),
        }),
      ),
  };
}

async function using<T extends { close(): Promise<void> }>(client: T, work: (client: T) => Promise<unknown>) {
  try {
    await work(client);
  } finally {
    await client.close();
  }
}
