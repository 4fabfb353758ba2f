import { isDeepStrictEqual } from 'node:util';
import { Prisma, type Stream } from '#prisma/client/client.ts';
import { KafkaSource, PartsRead, StreamSource, type SourceChange, type TelemetrySource } from '#lib/stream/source.ts';
import type { StreamSpec } from '#lib/stream/spec.ts';
import { allows, demand, type Actor } from '#lib/server/access.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { Problem, conflict, forbidden } from '#lib/server/problem.ts';
import { telemetryContract } from '#lib/server/streams/telemetry/feed.ts';
import { isSameReach, openPassword, sealPassword } from '#lib/server/streams/kafka/reach.ts';
import { probe, probeAgain, refusedFor } from '#lib/server/streams/kafka/probe.ts';

/*
 * Where a stream's events are fetched from. A source makes this server call addresses that people give it, with a password:
 * it is an owner's to make and change, nothing of it is kept before it was tried, and its password is shown to nobody.
 */

/**
 * Who may make a stream, delete it or let go of its events by a retention: who may edit where events are pushed, an owner where they
 * are fetched. What was made with an owner's password and address, only an owner can make again.
 */
export async function demandMaker(actor: Actor, projectId: string, source: unknown): Promise<void> {
  const role = await demand(actor, projectId, 'edit');
  if (source && !allows(role, 'own'))
    throw forbidden(
      `A stream whose events are fetched is made, deleted, and told how long to keep them by an owner of the project; you are ${role}. Ask one of them.`,
    );
}

type Columns = Pick<Prisma.StreamUncheckedCreateInput, 'source' | 'secret' | 'parts' | 'columns'>;

/** What a new stream's row says of its source; nothing for one that is pushed to. Throws 422 when it cannot be read. */
export async function sourceOf(actor: Actor, projectId: string, id: string, spec: StreamSpec): Promise<Columns> {
  const { source, secret = null, eventTime, key, ahead, columns } = spec;
  await demandMaker(actor, projectId, source);
  if (!source) return { columns: columns ?? [] };
  if (source.kind === 'telemetry') return telemetryOf(source, spec);
  const { config, secrets, now } = getLodestar();
  const password = demandPassword(source, secret);
  const contract = { eventTime, key, ahead: ahead * 1000 };
  const exceptions = config.ALLOW_PRIVATE_ADDRESSES;
  const found = await probe({ source, secret: password, exceptions, contract, columns, now: now().getTime() });
  await demandMaker(actor, projectId, source);
  return {
    source,
    parts: found.parts,
    columns: found.columns ?? [],
    secret: password === null ? null : sealPassword(secrets, id, source, password),
  };
}

function telemetryOf(source: TelemetrySource, { eventTime, key, columns, secret }: StreamSpec): Columns {
  const isOwn = eventTime === telemetryContract.eventTime && isDeepStrictEqual(key, telemetryContract.key);
  if (isOwn && !columns && secret === undefined) return { source, parts: {}, columns: telemetryContract.columns };
  throw new Problem(
    422,
    'telemetry-contract',
    'The workbench’s own events have their columns already: give `"eventTime": "noted_at"`, `"key": "id"`, and neither columns nor a secret.',
  );
}

/** Another way to the same topic, or another password. A kept password serves the brokers and account it was given for only. */
export async function changedSource(
  actor: Actor,
  row: Stream,
  change: SourceChange,
  given: string | null | undefined,
): Promise<Pick<Prisma.StreamUncheckedUpdateInput, 'source' | 'secret'>> {
  await demand(actor, row.projectId, 'own');
  if (row.source === null) throw conflict('no-source', 'Events are pushed to this stream: it has no source to change.');
  const { config, secrets } = getLodestar();
  const before = StreamSource.parse(row.source);
  if (before.kind === 'telemetry')
    throw conflict(
      'no-source',
      'These are the workbench’s own events: there is nothing to change about where they come from.',
    );
  const source = KafkaSource.parse({ ...before, ...change });
  const kept = row.secret !== null && given === undefined && isSameReach(before, source);
  const secret = kept ? openPassword(secrets, row.id, before, row.secret!) : (given ?? null);
  const password = demandPassword(source, secret);
  const exceptions = config.ALLOW_PRIVATE_ADDRESSES;
  await probeAgain({ source, secret: password, exceptions }, PartsRead.parse(row.parts ?? {}));
  await demand(actor, row.projectId, 'own');
  return { source, secret: password === null ? null : sealPassword(secrets, row.id, source, password) };
}

/** Throws 409 where events are fetched. */
export function demandPushed({ source }: Stream): void {
  if (source === null) return;
  const known = StreamSource.parse(source);
  const words = known.kind === 'kafka' ? `are fetched (kafka, ${known.topic})` : 'are the workbench’s own';
  throw conflict(
    'has-source',
    `The events of this stream ${words}; nothing can be pushed to it. Push to a stream of its own.`,
  );
}

/** What the source signs in with; null for one that does not. PLAIN sends it as it is, SCRAM does not. */
function demandPassword({ sasl, tls }: KafkaSource, secret: string | null): string | null {
  if (!sasl) return null;
  if (sasl.mechanism === 'PLAIN' && !tls)
    throw refusedFor({
      words: 'A password would go over the network in the open. Switch TLS on, or sign in by SCRAM.',
      part: 'sasl',
    });
  if (secret) return secret;
  const detail =
    'The source signs in: give the password (secret). One that is kept serves only the brokers, authority and account it was given for.';
  throw new Problem(422, 'secret-needed', detail, { errors: [{ in: 'body', field: 'secret', message: detail }] });
}
