import type { PrismaClient } from '#prisma/client/client.ts';

/*
 * Runs whose worker is gone. Their lease ran out, or (embedded, where one process is all there is) it was given by a
 * process before this one. They wait again, at most `attempts` times in all; then they failed, lost.
 */

export interface Recovery {
  bootId: string;
  /** Only this process can hold leases: those of any other are void at once. */
  alone: boolean;
  attempts: number;
}

/** Puts lost runs back in the queue; gives their ids. */
export async function recover(db: PrismaClient, { bootId, alone, attempts }: Recovery): Promise<string[]> {
  const mine = `${bootId}:%`;
  const found = await db.$queryRaw<{ id: string; state: string }[]>`
    UPDATE "Run" SET lease = NULL, "leaseUntil" = NULL,
      state = CASE WHEN attempt < ${attempts} THEN 'queued' ELSE 'failed' END,
      "endedAt" = CASE WHEN attempt < ${attempts} THEN NULL ELSE now() END,
      error = CASE WHEN attempt < ${attempts} THEN NULL ELSE ${lost(attempts)}::jsonb END
    WHERE state = 'running' AND ("leaseUntil" < now() OR (${alone} AND lease NOT LIKE ${mine}))
    RETURNING id, state`;
  for (const run of found)
    await db.runLine.create({
      data: {
        runId: run.id,
        text: `The worker was lost; ${run.state === 'queued' ? 'the run waits for another' : 'no attempt is left'}.`,
      },
    });
  return found.map((run) => run.id);
}

function lost(attempts: number): string {
  return JSON.stringify({
    code: 'lost',
    message: `The worker was lost ${attempts} times while it ran this window. Nothing was published. Run it again.`,
  });
}
