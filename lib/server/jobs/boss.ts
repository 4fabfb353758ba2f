import { PgBoss } from 'pg-boss';
import type { Lodestar } from '#lib/server/lodestar.ts';

/*
 * pg-boss as an alarm clock: cron with time zones, over many nodes, on PGlite or PostgreSQL. It says "look again"
 * and "this job's time has come"; what is then done follows from the run rows, so a message lost or doubled costs nothing.
 * Its worker stops when the database restarts: `supervise` makes a new one.
 */
export interface Boss {
  schedule(jobId: string, cron: string, timeZone: string): Promise<void>;
  unschedule(jobId: string): Promise<void>;
  /** Wakes the workers of every node. */
  ring(): Promise<void>;
  state(): 'ok' | 'down';
  stop(): Promise<void>;
}

export interface Calls {
  onTick(jobId: string): Promise<void>;
  onRing(): void;
}

const tickQueue = 'lodestar-tick';
const runQueue = 'lodestar-run';

export async function startBoss(
  world: Pick<Lodestar, 'executeSql' | 'log'>,
  embedded: boolean,
  calls: Calls,
): Promise<Boss> {
  let boss = await launch(world, embedded, calls);
  let failures = 0;
  const supervisor = setInterval(() => void supervise(), 10_000);
  supervisor.unref();

  const supervise = async () => {
    const alive = await boss.isInstalled().catch(() => false);
    failures = alive ? 0 : failures + 1;
    if (failures < 2) return;
    world.log.warn('the job queue does not answer; starting it anew');
    await boss
      .stop({ graceful: false })
      .catch((error: unknown) => world.log.warn({ err: error }, 'the old queue did not stop'));
    boss = await launch(world, embedded, calls).catch((error: unknown) => {
      world.log.error({ err: error }, 'the job queue did not start; trying again');
      return boss;
    });
  };

  return {
    schedule: (jobId, cron, tz) => boss.schedule(tickQueue, cron, { jobId }, { tz, key: jobId }),
    unschedule: (jobId) => boss.unschedule(tickQueue, jobId),
    ring: async () => void (await boss.send(runQueue, {})),
    state: () => (failures === 0 ? 'ok' : 'down'),
    stop: async () => {
      clearInterval(supervisor);
      await boss.stop({ graceful: false });
    },
  };
}

async function launch(
  { executeSql, log }: Pick<Lodestar, 'executeSql' | 'log'>,
  embedded: boolean,
  calls: Calls,
): Promise<PgBoss> {
  const boss = new PgBoss({ db: { executeSql }, backend: embedded ? 'pglite' : 'postgres' });
  boss.on('error', (error) => log.warn({ err: error }, 'job queue'));
  await boss.start();
  await boss.createQueue(tickQueue);
  await boss.createQueue(runQueue);
  await boss.work<{ jobId: string }>(tickQueue, { pollingIntervalSeconds: 2 }, async ([message]) => {
    if (message) await calls.onTick(message.data.jobId);
  });
  await boss.work(runQueue, { pollingIntervalSeconds: 2, batchSize: 100 }, async () => calls.onRing());
  return boss;
}
