import { randomUUID } from 'node:crypto';
import type { Prisma, PrismaClient } from '#prisma/client/client.ts';

/*
 * Who writes a stream. The lease is a token in the stream's row. It is looked at after a frame was synced and before anyone is
 * told: whoever takes it over reads the log to its end afterwards, so what was acknowledged is in what they read, and what a
 * writer adds later, that was thought dead, is acknowledged to nobody and lies beyond where its log counts.
 */
export interface Lease {
  streamId: string;
  token: string;
}

/** Another writes the stream now. */
export class LeaseLost extends Error {
  override name = 'LeaseLost';
}

export interface Taken {
  lease: Lease;
  /** Whether the writer before was of the same DATA_DIR, whose lock says that it is gone. */
  isOurs: boolean;
  /** The DATA_DIR of the writer before; null when there was none. */
  before: string | null;
}

/** `home` names the DATA_DIR; null when a writer of another one has the lease. */
export async function take(db: PrismaClient, streamId: string, home: string, seconds: number): Promise<Taken | null> {
  const token = randomUUID();
  const taken = await db.$queryRaw<{ before: string | null }[]>`
    UPDATE "Stream" SET lease = ${token}, "leaseHome" = ${home}, "leaseUntil" = now() + ${seconds} * interval '1 second'
    FROM (SELECT id, "leaseHome" AS before FROM "Stream" WHERE id = ${streamId} FOR UPDATE) AS earlier
    WHERE "Stream".id = earlier.id
      AND ("Stream".lease IS NULL OR "Stream"."leaseUntil" < now() OR "Stream"."leaseHome" = ${home})
    RETURNING earlier.before`;
  if (!taken[0]) return null;
  const { before } = taken[0];
  return { lease: { streamId, token }, isOurs: (before ?? home) === home, before };
}

/** Streams that were written last by another server: `written`; those of them that it writes now: `held`. */
export async function elsewhere(db: PrismaClient, home: string): Promise<Record<'written' | 'held', Set<string>>> {
  const found = await db.$queryRaw<{ id: string; isHeld: boolean }[]>`
    SELECT id, (lease IS NOT NULL AND "leaseUntil" >= now()) AS "isHeld" FROM "Stream" WHERE "leaseHome" <> ${home}`;
  const held = found.filter(({ isHeld }) => isHeld);
  return { written: new Set(found.map(({ id }) => id)), held: new Set(held.map(({ id }) => id)) };
}

/** Keeps the lease for `seconds` more; throws LeaseLost when it is another's. */
export async function renew(db: PrismaClient, { streamId, token }: Lease, seconds: number): Promise<void> {
  const kept = await db.$executeRaw`
    UPDATE "Stream" SET "leaseUntil" = now() + ${seconds} * interval '1 second'
    WHERE id = ${streamId} AND lease = ${token}`;
  if (kept === 0) throw lost(streamId);
}

/** Throws LeaseLost when the lease is not ours. The fence of an acknowledgement. */
export async function demandLease(db: PrismaClient, { streamId, token }: Lease): Promise<void> {
  const held = await db.$queryRaw<unknown[]>`SELECT 1 FROM "Stream" WHERE id = ${streamId} AND lease = ${token}`;
  if (held.length === 0) throw lost(streamId);
}

/** Locks the row for the rest of the transaction; throws LeaseLost when the lease is not ours. */
export async function hold(tx: Prisma.TransactionClient, { streamId, token }: Lease): Promise<void> {
  const held = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM "Stream" WHERE id = ${streamId} AND lease = ${token} FOR UPDATE`;
  if (held.length === 0) throw lost(streamId);
}

/** Gives the lease back untouched, as who took it cannot write there. */
export async function giveBack(db: PrismaClient, { lease, before }: Taken): Promise<void> {
  const { streamId, token } = lease;
  await db.$executeRaw`
    UPDATE "Stream" SET lease = NULL, "leaseUntil" = NULL, "leaseHome" = ${before}
    WHERE id = ${streamId} AND lease = ${token}`;
}

/** The home stays named: what it wrote is there. */
export async function release(db: PrismaClient, { streamId, token }: Lease): Promise<void> {
  await db.$executeRaw`UPDATE "Stream" SET lease = NULL, "leaseUntil" = NULL WHERE id = ${streamId} AND lease = ${token}`;
}

function lost(streamId: string): LeaseLost {
  return new LeaseLost(`The stream ${streamId} is written by another.`);
}
