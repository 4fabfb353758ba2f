import type { KafkaSource } from '#lib/stream/source.ts';
import type { Secrets } from '#lib/server/lodestar.ts';
import { seal, unseal } from '#lib/server/secret.ts';

/*
 * The password of a source, sealed for the brokers, authority and account it was given for: who may change where a stream
 * reads from may not, with that, have it sent elsewhere.
 */

type Box = Pick<Secrets, 'box'>;
type Reach = Pick<KafkaSource, 'brokers' | 'tls' | 'sasl'>;

export function sealPassword(secrets: Box, streamId: string, source: Reach, password: string): string {
  return seal(secrets, { purpose: 'stream', id: streamId, use: useOf(source) }, password);
}

/** Throws SealBroken when it was given for other brokers, another authority or another account. */
export function openPassword(secrets: Box, streamId: string, source: Reach, sealed: string): string {
  return unseal(secrets, { purpose: 'stream', id: streamId, use: useOf(source) }, sealed);
}

/** Whether what was given for one may be used for the other. */
export function isSameReach(one: Reach, other: Reach): boolean {
  return useOf(one) === useOf(other);
}

function useOf({ brokers, tls, sasl }: Reach): string {
  return JSON.stringify([brokers, tls && tls.ca.trim(), sasl && [sasl.mechanism, sasl.username]]);
}
