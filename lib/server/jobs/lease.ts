import { randomUUID } from 'node:crypto';
import type { Prisma, PrismaClient } from '#prisma/client/client.ts';

/*
 * Who works on a run. A lease is a token in the run's row, good until a time of the database's clock; only its holder
 * may write the run, and `hold` locks the row inside the transaction that publishes. So it does not matter how late a worker is
 * that was thought dead: its token is gone, and with it its right to publish. The partial unique index Run_running_once
 * keeps a second run of the same window waiting.
 */

export interface Lease {
  runId: string;
  token: string;
}

/** The run is no longer ours: cancelled, or given to another after our lease ran out. */
export class LeaseLost extends Error {
  override name = 'LeaseLost';
}

/**
 * Takes the next run that waits, in order of asking, schedules before backfills; null when none can be taken. Runs of `except`, jobs
 * by their ids, are left.
 */
export async function claim(
  db: PrismaClient,
  bootId: string,
  seconds: number,
  except: readonly string[] = [],
): Promise<Lease | null> {
  const token = `${bootId}:${randomUUID()}`;
  try {
    const taken = await db.$queryRaw<{ id: string }[]>`
      UPDATE "Run" SET state = 'running', lease = ${token}, "leaseUntil" = now() + ${seconds} * interval '1 second',
        attempt = attempt + 1, "startedAt" = now(), "endedAt" = NULL, error = NULL, "notBefore" = NULL,
        "promotionId" = (SELECT "promotionId" FROM "Job" WHERE "Job".id = "Run"."jobId")
      WHERE state = 'queued' AND id = (
        SELECT waiting.id FROM "Run" waiting
        WHERE waiting.state = 'queued' AND (waiting."notBefore" IS NULL OR waiting."notBefore" <= now())
          AND NOT waiting."jobId" = ANY(${[...except]})
          AND NOT EXISTS (SELECT 1 FROM "Run" other WHERE other.state = 'running'
            AND other."jobId" = waiting."jobId" AND other."windowStart" = waiting."windowStart")
        ORDER BY waiting.cause = 'backfill', waiting."queuedAt", waiting."windowStart", waiting.id
        LIMIT 1 FOR UPDATE SKIP LOCKED)
      RETURNING id`;
    return taken[0] ? { runId: taken[0].id, token } : null;
  } catch (error) {
    if (isTaken(error)) return null;
    throw error;
  }
}

/** Keeps the lease for `seconds` more; throws LeaseLost when it is another's. */
export async function renew(db: PrismaClient, lease: Lease, seconds: number): Promise<void> {
  const kept = await db.$executeRaw`
    UPDATE "Run" SET "leaseUntil" = now() + ${seconds} * interval '1 second'
    WHERE id = ${lease.runId} AND lease = ${lease.token} AND state = 'running'`;
  if (kept === 0) throw new LeaseLost(`Run ${lease.runId} is no longer held.`);
}

/** Locks the run's row for the rest of the transaction; throws LeaseLost when it is not ours. The fence of publishing. */
export async function hold(tx: Prisma.TransactionClient, lease: Lease): Promise<void> {
  const held = await tx.$queryRaw<unknown[]>`
    SELECT id FROM "Run" WHERE id = ${lease.runId} AND lease = ${lease.token} AND state = 'running' FOR UPDATE`;
  if (held.length === 0) throw new LeaseLost(`Run ${lease.runId} is no longer held.`);
}

/** Throws LeaseLost when the run is not ours now; it may be another's the moment after. */
export async function demandLease(db: PrismaClient, lease: Lease): Promise<void> {
  const held = await db.run.count({ where: { id: lease.runId, lease: lease.token, state: 'running' } });
  if (held === 0) throw new LeaseLost(`Run ${lease.runId} is no longer held.`);
}

/** Writes the end of a run, if it is still ours; says whether it was. */
export async function close(
  db: PrismaClient | Prisma.TransactionClient,
  lease: Lease,
  end: Prisma.RunUpdateManyMutationInput,
): Promise<boolean> {
  const { count } = await db.run.updateMany({
    where: { id: lease.runId, lease: lease.token, state: 'running' },
    data: { ...end, lease: null, leaseUntil: null },
  });
  return count === 1;
}

/** Another worker took a run of the same window between our look and our write (Run_running_once). */
function isTaken(error: unknown): boolean {
  return (
    error instanceof Error && /Run_running_once|23505|P2010.*unique/is.test(`${error.message} ${JSON.stringify(error)}`)
  );
}
