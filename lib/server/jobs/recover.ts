import type { PrismaClient } from '#prisma/client/client.ts';

/*
 * Runs whose worker is gone. Their lease ran out: they wait again, at most `attempts` times in all; then they failed, lost.
 * Or (embedded, where one process is all there is) it was given by a process before this one: the server was killed or
 * restarted, which is no fault of the run, as its SQL has a process of its own; so it may wait again far oftener.
 */

export interface Recovery {
  bootId: string;
  /** Only this process can hold leases: those of any other are void at once. */
  alone: boolean;
  attempts: number;
}

/** Restarts of the server that one run may live through. */
const restarts = 50;

/** Puts lost runs back in the queue; gives their ids. */
export async function recover(db: PrismaClient, { bootId, alone, attempts }: Recovery): Promise<string[]> {
  const mine = `${bootId}:%`;
  const found = await db.$queryRaw<{ id: string; state: string }[]>`
    UPDATE "Run" SET lease = NULL, "leaseUntil" = NULL,
      state = CASE WHEN lost.again THEN 'queued' ELSE 'failed' END,
      "endedAt" = CASE WHEN lost.again THEN NULL ELSE now() END,
      error = CASE WHEN lost.again THEN NULL ELSE ${failure()}::jsonb END
    FROM (
      SELECT id, attempt < CASE WHEN ${alone} AND lease NOT LIKE ${mine} THEN ${restarts}::int ELSE ${attempts}::int END AS again
      FROM "Run" WHERE state = 'running' AND ("leaseUntil" < now() OR (${alone} AND lease NOT LIKE ${mine}))
      FOR UPDATE
    ) lost
    WHERE "Run".id = lost.id
    RETURNING "Run".id, "Run".state`;
  for (const run of found)
    await db.runLine.create({
      data: {
        runId: run.id,
        text: `The worker was lost; ${run.state === 'queued' ? 'the run waits for another' : 'no attempt is left'}.`,
      },
    });
  return found.map((run) => run.id);
}

function failure(): string {
  return JSON.stringify({
    code: 'lost',
    message: 'The worker was lost too often while it ran this window. Nothing was published. Run it again.',
  });
}
