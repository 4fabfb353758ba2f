import { ConnectionSettings } from '#lib/connection/settings.ts';
import type { Account } from '#lib/connection/settings.ts';
import type { Lodestar } from '#lib/server/lodestar.ts';
import { seal, unseal } from '#lib/server/secret.ts';

/*
 * Secrets of connections, sealed for the address they were given for. Who may change a connection may not, with that, have
 * somebody's password sent elsewhere: with another address, authority or account the kept one does not open.
 */

type World = Pick<Lodestar, 'secrets'>;
/** What decides where a password goes. */
export type Reach = { id: string; url: string; settings: unknown };

export function sealSecret({ secrets }: World, to: Reach, secret: string): string {
  return seal(secrets, { purpose: 'connection', id: to.id, use: serviceUse(to) }, secret);
}

/** Throws SealBroken when it was given for another address, authority or account. */
export function openSecret({ secrets }: World, to: Reach, sealed: string): string {
  return unseal(secrets, { purpose: 'connection', id: to.id, use: serviceUse(to) }, sealed);
}

export function sealAccount({ secrets }: World, to: Reach, userId: string, { account, secret }: Account): string {
  return seal(secrets, { purpose: 'credential', id: `${to.id} ${userId}`, use: ownUse(to, account) }, secret);
}

export function openAccount({ secrets }: World, to: Reach, row: { userId: string; account: string; secret: string }) {
  const place = { purpose: 'credential', id: `${to.id} ${row.userId}`, use: ownUse(to, row.account) } as const;
  return { account: row.account, secret: unseal(secrets, place, row.secret) };
}

/** Whether what was given for one may be used for the other. */
export function isSameReach(one: Reach, other: Reach): boolean {
  return serviceUse(one) === serviceUse(other);
}

function serviceUse({ url, settings }: Reach): string {
  const { authority, identity } = ConnectionSettings.parse(settings);
  const account = identity.kind === 'service' ? identity.account : '';
  return JSON.stringify([url, authority.trim(), identity.kind, account]);
}

function ownUse(to: Reach, account: string): string {
  return JSON.stringify([serviceUse(to), account]);
}
