import { randomUUID } from 'node:crypto';
import { PromotionSpec } from '#lib/job/spec.ts';
import type { Lodestar } from '#lib/server/lodestar.ts';
import { startBoss, type Boss } from './boss.ts';
import { recover } from './recover.ts';
import type { Scheduler } from './scheduler.ts';
import { tick, tickAll } from './tick.ts';
import { startWorker, type Worker } from './worker.ts';

/*
 * Jobs in this process: the alarm clock (boss.ts) calls tick.ts, which plans runs; the worker takes them. Every few seconds all
 * of it is looked at again from the rows alone (lost runs, ticks nobody heard, runs whose pause is over), so that the
 * queue can fail without a window being missed. Nothing here decides who may run what: lib/server/data does.
 */
export interface SchedulerOptions {
  /** One process is all there is (PGlite). */
  embedded?: boolean;
  slots?: number;
  leaseSeconds?: number;
  attempts?: number;
  /** Seconds to wait after a failed attempt. */
  pause?(attempt: number): number;
  /** Seconds between looks at the rows. */
  every?: number;
  /** Seconds for which runs of a job are left to others when its stream cannot be read here. */
  leave?: number;
}

type World = Pick<Lodestar, 'config' | 'db' | 'executeSql' | 'warehouse' | 'connections' | 'streams' | 'now' | 'log'>;

export interface RunningScheduler extends Scheduler {
  /** Plans and recovers now rather than at the next look. */
  look(): Promise<void>;
  /** Resolves when no run is in hand and none that may be taken waits. */
  idle(): Promise<void>;
}

export async function startScheduler(world: World, options: SchedulerOptions = {}): Promise<RunningScheduler> {
  const { embedded = !world.config.DATABASE_URL, attempts = 3, every = 5 } = options;
  const { slots = 2, leaseSeconds = 30, pause = (attempt: number) => 5 * 4 ** (attempt - 1) } = options;
  const bootId = randomUUID();
  const { leave = 30 } = options;
  const worker = startWorker(world, { bootId, slots, leaseSeconds, attempts, pause, leave });
  const look = async () => {
    await recover(world.db, { bootId, alone: embedded, attempts });
    await tickAll(world.db, world.now());
    worker.wake();
  };
  const onTick = async (jobId: string) => {
    await tick(world.db, jobId, world.now());
    worker.wake();
  };
  const boss = await startBoss(world, embedded, { onTick, onRing: () => worker.wake() });
  await planAll(world, boss);
  await look();
  const looks = setInterval(
    () => void look().catch((error: unknown) => world.log.warn({ err: error }, 'jobs were not looked at')),
    every * 1000,
  );
  looks.unref();

  return {
    look,
    idle: () => worker.idle(),
    plan: (jobId) => plan(world, boss, jobId),
    enqueue: async () => {
      worker.wake();
      await boss.ring();
    },
    cancel: (runId) => cancel(world, worker, runId),
    state: () => boss.state(),
    stop: async () => {
      clearInterval(looks);
      await boss.stop();
      await worker.stop();
    },
  };
}

async function plan({ db }: World, boss: Boss, jobId: string): Promise<void> {
  const job = await db.job.findUnique({ where: { id: jobId }, include: { promotion: true } });
  if (!job || job.kind !== 'offline' || job.state !== 'active') return boss.unschedule(jobId);
  const { schedule, timeZone } = PromotionSpec.parse(job.promotion.spec);
  await boss.schedule(jobId, schedule, timeZone);
}

/** A server killed between an approval and its plan makes up for it here. */
async function planAll(world: World, boss: Boss): Promise<void> {
  const jobs = await world.db.job.findMany({ where: { kind: 'offline', state: 'active' }, select: { id: true } });
  for (const job of jobs) await plan(world, boss, job.id);
}

/** The row first: from then on nothing of this run can be published, whichever node has it in hand. */
async function cancel({ db, now }: World, worker: Worker, runId: string): Promise<void> {
  await db.run.updateMany({
    where: { id: runId, state: { in: ['queued', 'running'] } },
    data: { state: 'cancelled', endedAt: now(), lease: null, leaseUntil: null },
  });
  worker.abort(runId);
}
