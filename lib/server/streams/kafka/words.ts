import { AddressRefused } from '#lib/server/outbound/agent.ts';
import type { KafkaSource } from '#lib/stream/source.ts';
import { mostUnpacked, tooLarge } from './codecs.ts';

/** Kafka's error codes that we tell apart. */
export const codes = {
  offsetOutOfRange: 1,
  unknownTopic: 3,
  leaderNotAvailable: 5,
  notLeader: 6,
  invalidTopic: 17,
  topicRefused: 29,
  groupRefused: 30,
  clusterRefused: 31,
  unsupportedMechanism: 33,
  unknownTopicId: 100,
} as const;

/** What a broker answered instead of what was asked for. */
export class KafkaRefused extends Error {
  override name = 'KafkaRefused';
  readonly apiCode: number;

  constructor(apiCode: number) {
    super(`Kafka answered with the error ${apiCode}`);
    this.apiCode = apiCode;
  }
}

/** A batch of records that cannot be unpacked or taken apart; `cause` says why. */
export class BatchBroken extends Error {
  override name = 'BatchBroken';
}

/** An error of a fetch: as it is, or BatchBroken where the answer came and cannot be taken apart. */
export function toBroken(error: unknown): unknown {
  const all = flatten(error);
  const isOther = all.some(
    ({ code, apiCode, syscall }) =>
      apiCode !== undefined || syscall !== undefined || (code?.startsWith('PLT_KFK_') && !unreadable.includes(code)),
  );
  if (isOther || error instanceof AddressRefused) return error;
  return Object.assign(new BatchBroken('A batch of records cannot be read.'), { cause: error });
}

const unreadable = ['OUT_OF_BOUNDS', 'UNSUPPORTED_COMPRESSION', 'UNSUPPORTED_FORMAT'].map((name) => `PLT_KFK_${name}`);

type Source = Pick<KafkaSource, 'topic' | 'tls' | 'sasl'>;

/** What is wrong of a source: its part that people can mend, null where it is none of them. */
export interface Fault {
  /** What went wrong and what to do about it, in sentences for people. Holds no password. */
  words: string;
  part: keyof KafkaSource | null;
}

export function toFault(error: unknown, source: Source): Fault {
  if (error instanceof BatchBroken) return { words: `A batch of records ${brokenWords(error)}.`, part: 'topic' };
  const all = flatten(error);
  for (const each of all) {
    const fault = faultOf(each, source);
    if (fault) return fault;
  }
  const said = all.find(({ code }) => code?.startsWith('PLT_KFK_'));
  return { words: said ? `Kafka could not be read: ${said.message}` : internal, part: null };
}

/** For what is no fault of Kafka or of people; what it was is for the log. */
export const internal =
  'Something went wrong in Lodestar itself while it read Kafka. It was logged, and is tried again; tell its operator if it stays.';

export function toWords(error: unknown, source: Source): string {
  return toFault(error, source).words;
}

/** Whether brokers were not reached, rather than answered something. */
export function isUnreached(error: unknown): boolean {
  return flatten(error).some(({ code }) => code === 'PLT_KFK_NETWORK' || code === 'PLT_KFK_TIMEOUT');
}

type Told = Error & { code?: string; apiCode?: number; apiId?: string; syscall?: string };

/** The error with all that it was caused by, the deepest first: that is what people can mend. */
function flatten(error: unknown, depth = 0): Told[] {
  if (!(error instanceof Error) || depth > 8) return [];
  const within = error instanceof AggregateError ? error.errors : [];
  return [...[error.cause, ...within].flatMap((each) => flatten(each, depth + 1)), error];
}

const untrusted = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
];

function faultOf(error: Told, source: Source): Fault | null {
  const { code, apiCode, apiId, message } = error;
  if (error instanceof AddressRefused)
    return {
      words: `${message} An operator of this server can allow it with ALLOW_PRIVATE_ADDRESSES.`,
      part: 'brokers',
    };
  return (
    faultAt(apiCode === codes.unsupportedMechanism ? 'sasl' : 'topic', answerWords(apiCode, apiId, source)) ??
    faultAt('sasl', signInWords(code, message, source)) ??
    faultAt('tls', tlsWords(code, message, source)) ??
    faultAt('brokers', networkWords(error, source))
  );
}

/** What is wrong with a batch that keeps its partition from moving, and the way out. */
export function stuckWords(error: BatchBroken, { offset, next }: { offset: number; next: number | null }): string {
  const begins = `The batch of records at offset ${offset} ${brokenWords(error)}. Nothing was passed over: the partition waits there.`;
  if (next === null) return `${begins} It goes on when the topic’s retention has taken that batch.`;
  return `${begins} It goes on at offset ${next} when what is before that was taken by the topic’s retention, or deleted by somebody who may (kafka-delete-records); what was not read is then counted as lost.`;
}

function brokenWords({ cause }: BatchBroken): string {
  const isLarge = flatten(cause).some(({ code }) => code === tooLarge);
  return isLarge
    ? `becomes more than ${mostUnpacked / 2 ** 20} MiB when it is unpacked`
    : 'cannot be unpacked: it is damaged, or packed in a way that is not known here';
}

function faultAt(part: keyof KafkaSource, words: string | null): Fault | null {
  return words === null ? null : { words, part };
}

function answerWords(apiCode: number | undefined, apiId: string | undefined, { topic, sasl }: Source): string | null {
  switch (apiCode) {
    case codes.unknownTopic:
    case codes.unknownTopicId:
      return `There is no topic ${topic} there, or it is not shown to ${sasl ? sasl.username : 'anybody who does not sign in'}.`;
    case codes.invalidTopic:
      return `The cluster takes ${topic} for no name of a topic.`;
    case codes.topicRefused:
    case codes.clusterRefused:
      return `${sasl ? sasl.username : 'Who does not sign in'} may not read the topic ${topic}: it needs READ and DESCRIBE on it.`;
    case codes.leaderNotAvailable:
    case codes.notLeader:
      return 'No broker leads it now: the one that did is away.';
    case codes.unsupportedMechanism:
      return `The cluster does not sign in by ${sasl?.mechanism ?? 'that mechanism'}: choose another one.`;
    case undefined:
      return null;
    default:
      return apiId?.startsWith('SASL') ? null : `Kafka answered ${apiId ?? `with its error ${apiCode}`}.`;
  }
}

function signInWords(code: string | undefined, message: string, { sasl }: Source): string | null {
  if (!sasl) return null;
  if (code === 'PLT_KFK_AUTHENTICATION' || /authentication failed/i.test(message))
    return `The cluster does not let ${sasl.username} in by ${sasl.mechanism}: the name or the password is wrong.`;
  return null;
}

function tlsWords(code: string | undefined, message: string, { tls }: Source): string | null {
  if (/requires TLS/.test(message)) return 'The broker speaks TLS at this port: switch TLS on.';
  if (!tls) return null;
  if (code && untrusted.includes(code))
    return "The broker's certificate is of no authority that is trusted here: give the authority's certificate (ca).";
  if (code === 'CERT_HAS_EXPIRED') return "The broker's certificate has expired.";
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `The broker's certificate is for another name: ${message}`;
  if (
    code === 'EPROTO' ||
    code?.startsWith('ERR_SSL') ||
    /before secure TLS|verify the broker supports TLS/.test(message)
  )
    return 'The broker does not speak TLS at this port: switch TLS off, or name the port where it does.';
  if (/PEM|no start line/i.test(message)) return 'The certificate (ca) cannot be read: it must be in PEM.';
  return null;
}

function networkWords(error: Told, { sasl, tls }: Source): string | null {
  const { code, message, address, port, hostname } = error as Told & NodeJS.ErrnoException & Record<string, unknown>;
  const where = address ? `${address}:${port}` : (hostname ?? 'the broker');
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `There is no host ${where}.`;
  if (code === 'ECONNREFUSED') return `Nobody answers at ${where}.`;
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return `There is no way to ${where} from here.`;
  if (code === 'PLT_KFK_TIMEOUT' || code === 'ETIMEDOUT' || /timed out/i.test(message))
    return `The broker does not answer: ${message}`;
  if (/closed/i.test(message) || code === 'ECONNRESET') {
    if (tls) return 'The broker closed the connection. Its log says why.';
    if (sasl) return 'The broker closed the connection: it may want TLS. Its log says why.';
    return 'The broker closed the connection: it may want a user and a password (SASL), or TLS.';
  }
  return null;
}
