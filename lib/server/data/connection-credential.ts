import type { Account } from '#lib/connection/settings.ts';
import { ConnectionSettings } from '#lib/connection/settings.ts';
import type { CredentialView } from '#lib/connection/view.ts';
import type { Actor } from '#lib/server/access.ts';
import { sealAccount } from '#lib/server/connections/reach.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { Problem, conflict } from '#lib/server/problem.ts';
import { demandConnection } from './connection-row.ts';

/** Keeps the actor's own account on a cluster, sealed, after the cluster has let it in. */
export async function putCredential(
  actor: Actor,
  connectionId: string,
  account: Account,
  signal: AbortSignal,
): Promise<CredentialView> {
  const { row } = await demandConnection(actor, connectionId, 'read');
  if (ConnectionSettings.parse(row.settings).identity.kind !== 'person')
    throw new Problem(422, 'no-account-needed', `On ${row.name} nobody has an account of their own.`);
  const tried = await getLodestar().connections.signIn(row, account, signal);
  if (tried.state === 'failed')
    throw new Problem(422, 'not-tested', `The cluster does not let this account in: ${tried.found}`, { step: tried });
  return keep(actor, connectionId, row.version, account);
}

/** Forgets it; nothing of the actor's runs there any more. */
export async function deleteCredential(actor: Actor, connectionId: string): Promise<void> {
  await demandConnection(actor, connectionId, 'read');
  await getLodestar().db.credential.deleteMany({ where: { connectionId, userId: actor.userId } });
}

/** For the connection as it was tried; one that was changed meanwhile gets nothing. */
async function keep(actor: Actor, connectionId: string, version: number, account: Account): Promise<CredentialView> {
  const { row } = await demandConnection(actor, connectionId, 'read');
  if (row.version !== version)
    throw conflict('changed-meanwhile', `${row.name} was changed meanwhile. Look at it and try again.`);
  const key = { connectionId, userId: actor.userId };
  const updatedAt = getLodestar().now();
  const data = { account: account.account, secret: sealAccount(getLodestar(), row, actor.userId, account), updatedAt };
  await getLodestar().db.credential.upsert({
    where: { connectionId_userId: key },
    create: { ...key, ...data },
    update: data,
  });
  return { account: account.account, updatedAt: updatedAt.toISOString() };
}
