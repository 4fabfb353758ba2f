import type { TrinoTarget } from '#kernels/server.ts';
import { trinoUser } from '#lib/connection/identity.ts';
import type { Tried } from '#lib/server/connections/connections.ts';
import { basic, plainTarget, told } from '#lib/server/connections/target.ts';
import type { Targets, Trial } from './trial.ts';

/** Whom a connection that is not kept yet would run as. */
export function targetsOf({ tried, dispatcher }: Trial): Targets {
  const { person } = tried;
  const plain = { ...plainTarget(tried, dispatcher), authorization: authorizationOf(tried) };
  const as = (user: string): TrinoTarget => ({ ...plain, user, ...told(person, tried, { kind: 'test' }) });
  const targets: Targets = {
    account: as(accountOf(tried)),
    self: as(selfOf(tried)),
    as,
    selfIsRefused: false,
    acting: () => (targets.selfIsRefused ? targets.account : targets.self),
  };
  return targets;
}

/** Who signs in; '' when nobody can. */
export function accountOf(tried: Tried): string {
  const { identity } = tried.settings;
  if (identity.kind === 'service') return identity.account;
  return identity.kind === 'person' ? (tried.own?.account ?? '') : selfOf(tried);
}

function selfOf({ settings: { identity }, own, person }: Tried): string {
  return identity.kind === 'person' ? (own?.account ?? '') : trinoUser(identity, person.email);
}

function authorizationOf({ settings: { identity }, own, secret }: Tried): string | null {
  if (identity.kind === 'service') return secret === null ? null : basic({ account: identity.account, secret });
  return identity.kind === 'person' && own ? basic(own) : null;
}
