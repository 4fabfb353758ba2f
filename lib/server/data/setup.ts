import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Prisma } from '#prisma/client/client.ts';
import { newId } from '#lib/notebook/id.ts';
import { hashSecret, newSecret } from '#lib/server/auth/secret.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { conflict, Problem } from '#lib/server/problem.ts';
import { fillIfPossible } from '#lib/server/warehouse/sample/fill.ts';
import { TimeZone } from './project.ts';
import { readSetting, writeSetting } from './setting.ts';
import { addPerson, hasAccounts, NewPerson, prepare, type PreparedPerson } from './user.ts';

/*
 * The first account. Whoever can read the console gets it: the server prints a one-time token at each start while there
 * is no account, and keeps only its hash. Containers give ADMIN_EMAIL and ADMIN_PASSWORD instead.
 */

export const Setup = NewPerson.extend({
  token: z.string().max(200),
  workspace: z.string().trim().min(1).max(100).default('Lodestar'),
  project: z.string().trim().min(1).max(100).default('First project'),
  timeZone: TimeZone.default('UTC'),
});
export type Setup = z.infer<typeof Setup>;

export interface Founded {
  userId: string;
  projectId: string;
}

/** A fresh token to print; earlier ones stop working. Null when there is an account already. */
export async function offerSetup(): Promise<string | null> {
  const { db } = getLodestar();
  if (await hasAccounts()) return null;
  const token = newSecret('setup');
  await writeSetting(db, 'setup', { hash: hashSecret(token) });
  return token;
}

/** Makes the first account, an administrator, and its project. The token works once. */
export async function completeSetup(given: Setup, address: string): Promise<Founded> {
  const hash = hashSecret(given.token);
  const right = await getLodestar().limits.attempt({ address }, async () => (await isOffered(hash)) || null);
  if (!right) throw await refusal();
  return found(given, await prepare(given), (db) => takeOffer(db, hash));
}

/** The first administrator of ADMIN_EMAIL and ADMIN_PASSWORD; null when there is an account already. */
export async function foundFromEnvironment(email: string, password: string): Promise<Founded | null> {
  if (await hasAccounts()) return null;
  const person = { name: email.split('@')[0] ?? email, email, password };
  const place = { workspace: 'Lodestar', project: 'First project', timeZone: 'UTC' };
  return found(place, await prepare(person), async () => {});
}

type Place = Pick<Setup, 'workspace' | 'project' | 'timeZone'>;

async function found(
  place: Place,
  person: PreparedPerson,
  permit: (db: Prisma.TransactionClient) => Promise<void>,
): Promise<Founded> {
  const { now } = getLodestar();
  const founded = await getLodestar().db.$transaction(async (db) => {
    await db.$executeRaw`LOCK TABLE "User" IN SHARE ROW EXCLUSIVE MODE`;
    if (await hasAccounts(db)) throw alreadyDone();
    await permit(db);
    const user = await addPerson(db, person, true);
    const owner = { userId: user.id, role: 'owner', createdAt: now() };
    const project = await db.project.create({
      data: {
        id: newId(),
        name: place.project,
        timeZone: place.timeZone,
        createdAt: now(),
        members: { create: owner },
      },
    });
    await writeSetting(db, 'workspace', { name: place.workspace });
    return { userId: user.id, projectId: project.id };
  });
  await fillIfPossible(founded.projectId, founded);
  return founded;
}

async function takeOffer(db: Prisma.TransactionClient, hash: string): Promise<void> {
  const { count } = await db.setting.deleteMany({ where: { key: 'setup', value: { equals: { hash } } } });
  if (count === 0) throw wrongToken();
}

async function isOffered(hash: string): Promise<boolean> {
  const offer = await readSetting<{ hash: string }>(getLodestar().db, 'setup');
  return offer !== null && timingSafeEqual(Buffer.from(offer.hash), Buffer.from(hash));
}

async function refusal(): Promise<Problem> {
  return (await hasAccounts()) ? alreadyDone() : wrongToken();
}

const alreadyDone = () =>
  conflict('already-set-up', 'This Lodestar has its first account. Sign in, or ask for an invitation.');
const wrongToken = () =>
  new Problem(
    403,
    'wrong-setup-token',
    'This is not the setup token. The server printed it on its console at its last start.',
  );
