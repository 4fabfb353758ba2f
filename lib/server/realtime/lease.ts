import { randomUUID } from 'node:crypto';
import type { Prisma, PrismaClient } from '#prisma/client/client.ts';

/*
 * Who works on a real-time job. A lease is a token in the job's row, good until a time of the database's clock; every commit
 * locks the row by it, so it does not matter how late a session is that was thought dead: its token is gone, and with it
 * its right to commit.
 */
export interface Lease {
  jobId: string;
  token: string;
}

/** The job is another's now. */
export class LeaseLost extends Error {
  override name = 'LeaseLost';
}

export interface Claim {
  bootId: string;
  /** Who works, in words. */
  node: string;
  seconds: number;
  /** Only this process can hold leases: those of any other are void at once. */
  alone: boolean;
  /** Jobs that are not taken now. */
  except: string[];
  /** Taken although it is in trouble. */
  asked: string[];
}

export interface Claimed {
  lease: Lease;
  /** How long nobody had worked on it, s, when who did so before did not give it back; else null. */
  abandoned: number | null;
}

/** Seconds after which a job is looked at again whose trouble people must mend. */
const troublePause = 60;

/** Takes a job that nobody works on; null when there is none. */
export async function claim(db: PrismaClient, asked: Claim): Promise<Claimed | null> {
  const { bootId, node, seconds, alone, except } = asked;
  const token = `${bootId}:${randomUUID()}`;
  const mine = `${bootId}:%`;
  const taken = await db.$queryRaw<{ jobId: string; abandoned: number | null }[]>`
    UPDATE "LiveJob" SET lease = ${token}, "leaseUntil" = now() + ${seconds} * interval '1 second', node = ${node}, since = now()
    FROM (
      SELECT live."jobId", CASE WHEN live.lease IS NULL THEN NULL
        ELSE EXTRACT(EPOCH FROM now() - live."leaseUntil")::float8 + ${seconds}::float8 END AS abandoned
      FROM "LiveJob" live JOIN "Job" job ON job.id = live."jobId"
      WHERE job.state IN ('active', 'draining') AND NOT live."jobId" = ANY(${except})
        AND (live.lease IS NULL OR live."leaseUntil" < now() OR (${alone} AND live.lease NOT LIKE ${mine}))
        AND (live.trouble IS NULL OR (live.trouble->>'isTried') = 'true' OR live."jobId" = ANY(${asked.asked})
          OR live."updatedAt" < now() - ${troublePause} * interval '1 second')
      ORDER BY live."updatedAt" LIMIT 1 FOR UPDATE OF live SKIP LOCKED
    ) AS free
    WHERE "LiveJob"."jobId" = free."jobId"
    RETURNING "LiveJob"."jobId", free.abandoned`;
  const [found] = taken;
  return found ? { lease: { jobId: found.jobId, token }, abandoned: found.abandoned } : null;
}

/** Keeps the lease for `seconds` more; throws LeaseLost when it is another's. */
export async function renew(db: PrismaClient, { jobId, token }: Lease, seconds: number): Promise<void> {
  const kept = await db.$executeRaw`
    UPDATE "LiveJob" SET "leaseUntil" = now() + ${seconds} * interval '1 second'
    WHERE "jobId" = ${jobId} AND lease = ${token}`;
  if (kept === 0) throw lost(jobId);
}

/** Locks the job's place for the rest of the transaction; throws LeaseLost when it is not ours. The fence of every commit. */
export async function hold(tx: Prisma.TransactionClient, { jobId, token }: Lease): Promise<void> {
  const held = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM "LiveJob" WHERE "jobId" = ${jobId} AND lease = ${token} FOR UPDATE`;
  if (held.length === 0) throw lost(jobId);
}

/** Gives the job back, if it is still ours. */
export async function release(db: PrismaClient, { jobId, token }: Lease): Promise<void> {
  await db.$executeRaw`
    UPDATE "LiveJob" SET lease = NULL, "leaseUntil" = NULL WHERE "jobId" = ${jobId} AND lease = ${token}`;
}

function lost(jobId: string): LeaseLost {
  return new LeaseLost(`The real-time job ${jobId} is worked on elsewhere.`);
}
