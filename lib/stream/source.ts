import { z } from 'zod';

/*
 * Where the events of a stream come from when nobody pushes them: we fetch them, and keep with the events how far each part
 * of the source was read, so that each record counts once.
 */

const host = /^(\[[0-9a-f:.]+\]|[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?)$/i;

/** `host:port`; 9092 is meant without a port. An IPv6 address stands in brackets. */
const BrokerAddress = z
  .string()
  .trim()
  .max(300)
  .transform((text) => (/:\d+$/.test(text) ? text : `${text}:9092`))
  .refine(
    (text) => host.test(text.replace(/:\d+$/, '')) && portOf(text) >= 1 && portOf(text) <= 65_535,
    'is no host:port, such as kafka.example.com:9092',
  );

function portOf(address: string): number {
  return Number(/\d+$/.exec(address)![0]);
}

export const SaslMechanism = z.enum(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']);

const brokers = z.array(BrokerAddress).min(1).max(32);
const tls = z.strictObject({
  /** PEM of an authority to trust beside the usual ones; '' for those alone. */
  ca: z.string().max(200_000).default(''),
});
const sasl = z.strictObject({ mechanism: SaslMechanism, username: z.string().min(1).max(255) });

/** A topic whose records are JSON objects, an event each. Its password is not in here: it is kept sealed. */
export const KafkaSource = z.strictObject({
  kind: z.literal('kafka'),
  /** Some of the cluster's brokers; the others are learned from them. */
  brokers,
  topic: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,249}$/, 'is no name of a topic: it has up to 249 letters, digits, points, dashes and _'),
  tls: tls.nullable().default(null),
  sasl: sasl.nullable().default(null),
  /** Which of the records that are there when the stream is made come first; later partitions are read from their beginning. */
  start: z.enum(['earliest', 'latest']).default('earliest'),
});
export type KafkaSource = z.infer<typeof KafkaSource>;

/** What people do in the project: Lodestar's own events, as they are noted. Nothing else can be said of it. */
export const TelemetrySource = z.strictObject({ kind: z.literal('telemetry') });
export type TelemetrySource = z.infer<typeof TelemetrySource>;

export const StreamSource = z.discriminatedUnion('kind', [KafkaSource, TelemetrySource]);
export type StreamSource = z.infer<typeof StreamSource>;

/** What may be changed of a source: how it is reached, never what it is. What is not named stays. */
export const SourceChange = z.strictObject({
  brokers: brokers.optional(),
  tls: tls.nullable().optional(),
  sasl: sasl.nullable().optional(),
});
export type SourceChange = z.infer<typeof SourceChange>;

/** How far a part of a source was read. */
export const PartRead = z.object({
  /** The next record to come. */
  offset: z.number().int(),
  /** Which log the offset is of: a topic that is deleted and made again has another. '' where the source does not tell. */
  log: z.string(),
  /** Records that the source deleted before they were read, over the stream's life. */
  lost: z.number().int(),
  /** How often the log was found made anew or cut back. */
  resets: z.number().int(),
});
export type PartRead = z.infer<typeof PartRead>;

/** By the part's name: a partition's number. */
export const PartsRead = z.record(z.string(), PartRead);
export type PartsRead = z.infer<typeof PartsRead>;

export function isSameRead(one: PartRead | null, other: PartRead | null): boolean {
  if (one === null || other === null) return one === other;
  return one.offset === other.offset && one.log === other.log;
}

/** How fetching goes, for people. */
export const SourceView = z.object({
  kind: z.literal('kafka'),
  brokers: z.array(z.string()),
  topic: z.string(),
  tls: tls.nullable(),
  sasl: sasl.nullable(),
  start: z.enum(['earliest', 'latest']),
  /** Whether a password is kept. */
  hasSecret: z.boolean(),
  /** starting, reading, waiting (there is trouble, it is tried again), elsewhere (another Lodestar reads it). */
  state: z.enum(['starting', 'reading', 'waiting', 'elsewhere']),
  /** What keeps it from reading, and what to do. */
  trouble: z.string().nullable(),
  partitions: z.array(
    z.object({
      id: z.string(),
      /** The next record to be read, and the number after the last one there is; null while unknown. */
      offset: z.number().int(),
      end: z.number().int().nullable(),
      lag: z.number().int().nullable(),
      lastReceivedAt: z.iso.datetime().nullable(),
      /** stuck: it does not move though it should; idle: nothing came for the stream's idle time; gone: the topic has it no more. */
      state: z.enum(['reading', 'idle', 'stuck', 'gone']),
      trouble: z.string().nullable(),
      lost: z.number().int(),
      resets: z.number().int(),
    }),
  ),
});
export type SourceView = z.infer<typeof SourceView>;
