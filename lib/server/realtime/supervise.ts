import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Lodestar } from '#lib/server/lodestar.ts';
import type { Pace } from './chores.ts';
import { claim, release, renew, LeaseLost, type Claimed, type Lease } from './lease.ts';
import { noteRestart } from './notices.ts';
import type { RealTimeJobs } from './realtime.ts';
import { runSession, type SessionWorld } from './session.ts';

/*
 * Takes the real-time jobs that nobody works on and gives each a session, whose lease it keeps. Sessions end by themselves
 * (paused, drained, lost, in trouble); then the job is given back, and taken again by whoever looks next where it should go on.
 */
export interface RealTimeOptions {
  /** One process is all there is (PGlite). */
  embedded?: boolean;
  leaseSeconds?: number;
  /** Seconds between looks for jobs. */
  every?: number;
  /** Seconds for which a job is left to others when its stream cannot be read here. */
  leave?: number;
  /** How often a session folds, checks and forgets, s. */
  paces?: Partial<Pace>;
}

interface Working {
  controller: AbortController;
  wake: () => void;
  done: Promise<void>;
}

export function startRealTime(world: SessionWorld, options: RealTimeOptions = {}): RealTimeJobs {
  const { embedded = !world.config.DATABASE_URL, leaseSeconds = 6, every = 2, leave = 5 } = options;
  const bootId = randomUUID();
  const node = `${hostname()}, process ${process.pid}`;
  const working = new Map<string, Working>();
  const left = new Map<string, number>();
  const asked = new Set<string>();
  let isStopped = false;
  let looking: Promise<void> | null = null;
  let again = false;

  const take = ({ lease, abandoned }: Claimed) => {
    const { jobId } = lease;
    const controller = new AbortController();
    const bell = new EventTarget();
    const heart = beat(world, lease, controller, leaseSeconds);
    const done = work(lease, abandoned, controller.signal, bell).finally(() => {
      clearInterval(heart);
      working.delete(jobId);
      if (asked.has(jobId)) look();
    });
    working.set(jobId, { controller, wake: () => bell.dispatchEvent(new Event('wake')), done });
  };

  const work = async (lease: Lease, abandoned: number | null, signal: AbortSignal, bell: EventTarget) => {
    const { db, log } = world;
    try {
      if (abandoned !== null) await noteRestart(db, lease.jobId, abandoned);
      const end = await runSession(world, lease, { signal, bell, ...(options.paces ? { paces: options.paces } : {}) });
      if (end === 'elsewhere') left.set(lease.jobId, Date.now() + leave * 1000);
    } catch (error) {
      if (!(error instanceof LeaseLost)) log.error({ err: error, jobId: lease.jobId }, 'a real-time job broke');
      left.set(lease.jobId, Date.now() + leave * 1000);
    } finally {
      await release(db, lease).catch((error: unknown) =>
        log.warn({ err: error }, 'a real-time job was not given back'),
      );
    }
  };

  const lookOnce = async () => {
    for (const [jobId, until] of left) if (until < Date.now()) left.delete(jobId);
    for (;;) {
      if (isStopped) return;
      const wanted = [...asked].filter((jobId) => !working.has(jobId));
      for (const jobId of wanted) asked.delete(jobId);
      const claimed = await claim(world.db, {
        bootId,
        node,
        seconds: leaseSeconds,
        alone: embedded,
        except: [...working.keys(), ...left.keys()],
        asked: wanted,
      });
      if (!claimed) return;
      for (const jobId of wanted) if (jobId !== claimed.lease.jobId) asked.add(jobId);
      take(claimed);
    }
  };

  const look = (): Promise<void> => {
    again = true;
    looking ??= (async () => {
      while (again) {
        again = false;
        await lookOnce().catch((error: unknown) => world.log.warn({ err: error }, 'real-time jobs were not looked at'));
      }
    })().finally(() => (looking = null));
    return looking;
  };

  const timer = setInterval(() => void look(), every * 1000);
  timer.unref();
  void look();

  return {
    look,
    working: () => [...working.keys()],
    wake: (jobId) => {
      left.delete(jobId);
      asked.add(jobId);
      working.get(jobId)?.wake();
      void look();
    },
    stop: async () => {
      isStopped = true;
      clearInterval(timer);
      await looking;
      const all = [...working.values()];
      for (const { controller } of all) controller.abort(new Error('stopping'));
      await Promise.all(all.map(({ done }) => done));
    },
  };
}

/** Renews the lease while the session goes on; ends it when the lease is lost or cannot be renewed in time. */
function beat(world: Pick<Lodestar, 'db' | 'log'>, lease: Lease, controller: AbortController, seconds: number) {
  let renewed = Date.now();
  const timer = setInterval(
    () =>
      void renew(world.db, lease, seconds).then(
        () => (renewed = Date.now()),
        (error: Error) => {
          if (error instanceof LeaseLost || Date.now() - renewed > seconds * 1000) controller.abort(error);
          else world.log.warn({ err: error, jobId: lease.jobId }, 'the lease of a real-time job could not be kept');
        },
      ),
    (seconds * 1000) / 3,
  );
  timer.unref();
  return timer;
}
