import {
  Base,
  kGetApi,
  kGetBootstrapConnection,
  type API,
  type BaseOptions,
  type Connection,
  type fetchV17,
  type listOffsetsV9,
  type metadataV12,
} from '@platformatic/kafka';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { isIP } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { KafkaSource } from '#lib/stream/source.ts';
import type { Exceptions } from '#lib/server/outbound/address.ts';
import type { Lookup } from '#lib/server/outbound/agent.ts';
import { trusting } from '#lib/server/outbound/trust.ts';
import { boundCodecs } from './codecs.ts';
import { Gate, type Address } from './gate.ts';
import { toFetched, type Fetched } from './records.ts';
import { KafkaRefused, codes, toBroken } from './words.ts';

/*
 * A topic of a Kafka cluster: where its partitions are, what they hold, and their records from an offset on. It asks and
 * gives; it keeps no position, joins no group and commits nothing to Kafka.
 */

export interface ClusterOptions {
  source: Pick<KafkaSource, 'brokers' | 'topic' | 'tls' | 'sasl'>;
  secret: string | null;
  exceptions: Exceptions;
  /** For tests; the system's resolver unless told. */
  lookup?: Lookup;
}

export interface Topic {
  /** What tells it from another of the same name; '' where the cluster is too old to tell. */
  log: string;
  /** The leader of each partition; null while it has none. */
  leaders: Map<number, number | null>;
}

export interface Wanted {
  partition: number;
  offset: number;
}

export const earliest = -2n;
export const latest = -1n;

boundCodecs();

const times = { connectTimeout: 5000, requestTimeout: 15_000 };

/** Throws for a `ca` that is no PEM. */
export class Cluster {
  readonly topic: string;
  private client: Client;
  private nodes = new Map<number, Address>();
  private log = '';

  constructor({ source, secret, exceptions, lookup }: ClusterOptions) {
    const gate = new Gate(exceptions, source.tls !== null, lookup);
    this.topic = source.topic;
    this.client = new Client(gate, source.brokers.map(toAddress), optionsOf(source, secret, gate));
  }

  /** Throws KafkaRefused for a topic that is not there or not ours to read, and whatever a connection throws. */
  async look(): Promise<Topic> {
    const known = [...this.nodes.values()];
    const asked = [[this.topic], false, false] as const;
    const found = await this.client.ask<metadataV12.MetadataResponse>(await this.client.any(known), 'Metadata', asked);
    this.nodes = new Map(found.brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }]));
    const topic = found.topics.find(({ name }) => name === this.topic);
    if (!topic || (topic.errorCode !== 0 && topic.errorCode !== codes.leaderNotAvailable))
      throw new KafkaRefused(topic?.errorCode ?? codes.unknownTopic);
    this.log = isNothing(topic.topicId) ? '' : topic.topicId;
    const leaders = topic.partitions.map(({ partitionIndex, leaderId }) => [partitionIndex, leaderId] as const);
    return { log: this.log, leaders: new Map(leaders.map(([id, leader]) => [id, leader < 0 ? null : leader])) };
  }

  /** The address of a node, for people. */
  nameOf(node: number): string {
    const address = this.nodes.get(node);
    return address ? `${address.host}:${address.port}` : `broker ${node}`;
  }

  /** Where partitions of one leader begin (`earliest`) or end (`latest`). */
  async offsets(node: number, partitions: readonly number[], at: bigint): Promise<Map<number, number>> {
    const asked = partitions.map((partitionIndex) => ({ partitionIndex, currentLeaderEpoch: -1, timestamp: at }));
    const topics = [{ name: this.topic, partitions: asked }];
    const found = await this.client.ask<listOffsetsV9.ListOffsetsResponse>(await this.connection(node), 'ListOffsets', [
      -1,
      1,
      topics,
    ]);
    const offsets = new Map<number, number>();
    for (const { partitionIndex, errorCode, offset } of found.topics.flatMap((topic) => topic.partitions)) {
      if (errorCode !== 0) throw new KafkaRefused(errorCode);
      offsets.set(partitionIndex, Number(offset));
    }
    return offsets;
  }

  /**
   * Records of partitions that one node leads, at most `bytes` of them (one batch of records always), after `wait` ms at
   * most when there are none. What is wrong with one partition is told in it. Throws BatchBroken for records that cannot be
   * unpacked, whichever of the partitions they are of.
   */
  async fetch(node: number, wanted: readonly Wanted[], { bytes, wait }: { bytes: number; wait: number }) {
    const connection = await this.connection(node);
    const api = await this.client.api('Fetch');
    const partitions = wanted.map(({ partition, offset }) => ({
      partition,
      fetchOffset: BigInt(offset),
      currentLeaderEpoch: -1,
      lastFetchedEpoch: -1,
      partitionMaxBytes: bytes,
    }));
    // Topics have names until version 12 and ids since.
    const topics = [{ topicId: api.version <= 12 ? this.topic : this.log, partitions }];
    const session = [0, -1] as const;
    const asked = [wait, 1, bytes, 1, ...session, topics, [], ''];
    const found = await this.client.ask<fetchV17.FetchResponse>(connection, 'Fetch', asked).catch((error: unknown) => {
      throw toBroken(error);
    });
    if (found.errorCode !== 0) throw new KafkaRefused(found.errorCode);
    const offsets = new Map(wanted.map(({ partition, offset }) => [partition, offset]));
    const parts = found.responses.flatMap((topic) => topic.partitions);
    return parts.map((part): Fetched => toFetched(part, offsets.get(part.partitionIndex)!));
  }

  async close(): Promise<void> {
    await this.client.close().catch(() => undefined);
  }

  private connection(node: number): Promise<Connection> {
    const address = this.nodes.get(node);
    if (!address) throw new KafkaRefused(codes.leaderNotAvailable);
    return this.client.to(address);
  }
}

/** The library's client with every connection through the gate; of it we use connections, sign-in, and versions of APIs. */
class Client extends Base {
  private gate: Gate;
  private bootstrap: Address[];

  constructor(gate: Gate, bootstrap: Address[], options: BaseOptions) {
    super(options);
    this.gate = gate;
    this.bootstrap = bootstrap;
    // A connection may fail more than once, and an error that nobody hears would end the process.
    this.connections.on('connecting', ({ connection }) => connection.on('error', () => undefined));
  }

  async to(address: Address): Promise<Connection> {
    const passed = await this.gate.pass(address);
    try {
      return await this.connections.get(passed);
    } catch (error) {
      this.gate.forget();
      throw error;
    }
  }

  /** The first broker that answers, of those people named and then of those we know. */
  async any(known: readonly Address[] = []): Promise<Connection> {
    const errors: unknown[] = [];
    for (const address of [...this.bootstrap, ...known])
      try {
        return await this.to(address);
      } catch (error) {
        errors.push(error);
      }
    throw errors.length === 1 ? errors[0] : new AggregateError(errors, 'no broker answers');
  }

  api(name: string): Promise<API<unknown[], unknown>> {
    return new Promise((resolve, reject) => {
      this[kGetApi]<unknown[], unknown>(name, (error, api) => (error ? reject(error) : resolve(api!)));
    });
  }

  /** An answer that names what is wrong with parts of it is an answer. After anything else the connection is not used again. */
  async ask<Answer>(connection: Connection, name: string, asked: readonly unknown[]): Promise<Answer> {
    try {
      return (await (await this.api(name)).async(connection, ...asked)) as Answer;
    } catch (error) {
      const { response } = error as { response?: Answer };
      if (response) return response;
      await drop(connection);
      throw error;
    }
  }

  override [kGetBootstrapConnection](callback: (error: Error | null, connection?: Connection) => void): void {
    this.any().then(
      (connection) => queueMicrotask(() => callback(null, connection)),
      (error: Error) => queueMicrotask(() => callback(error)),
    );
  }
}

/** At once, whatever the broker does; the pool has let go of it when this resolves. */
async function drop({ socket }: Connection): Promise<void> {
  if (socket.closed) return;
  const closed = once(socket, 'close');
  socket.destroy();
  await closed;
}

function optionsOf({ brokers, tls, sasl }: ClusterOptions['source'], secret: string | null, gate: Gate): BaseOptions {
  const isNamed = brokers.some((broker) => isIP(toAddress(broker).host) === 0);
  return {
    clientId: 'lodestar',
    bootstrapBrokers: brokers.map(toAddress),
    retries: 0,
    ...times,
    ...(tls && { tls: { lookup: gate.lookup, ...trustOf(tls.ca) } as BaseOptions['tls'] & object }),
    ...(tls && { tlsServerName: isNamed }),
    ...(sasl && { sasl: { ...sasl, password: secret ?? '' } }),
  };
}

function trustOf(ca: string): { secureContext?: SecureContext } {
  if (ca.trim() === '') return {};
  void new X509Certificate(ca); // Throws for what is no PEM, which would be trusted for nothing and say nothing.
  return { secureContext: trusting(ca) };
}

function toAddress(broker: string): Address {
  const [, host, port] = /^(.*):(\d+)$/.exec(broker)!;
  return { host: host!.replace(/^\[|\]$/g, ''), port: Number(port) };
}

/** Brokers that know no ids say zeros. */
function isNothing(id: string | undefined): id is undefined {
  return !id || /^[0-]+$/.test(id);
}
