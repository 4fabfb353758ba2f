import type { Lodestar } from '#lib/server/lodestar.ts';
import { execute } from './execute.ts';
import { claim, renew, type Lease } from './lease.ts';

/*
 * Takes runs from the queue and works on a few at once. It is woken, never told what to do: which run is next is
 * read from the database each time, so a wake-up too many does nothing and one too few is made up by the next.
 */
export interface Worker {
  wake(): void;
  /** Ends the work on a run in this process, if it is here. */
  abort(runId: string): void;
  /** Resolves when nothing is in hand and nothing that may be taken waits. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

export interface WorkerOptions {
  bootId: string;
  /** Runs at once. */
  slots: number;
  leaseSeconds: number;
  attempts: number;
  /** Seconds to wait after a failed attempt. */
  pause(attempt: number): number;
  /** Seconds for which runs of a job are left to others when its stream cannot be read here. */
  leave?: number;
}

type World = Pick<Lodestar, 'db' | 'warehouse' | 'connections' | 'streams' | 'now' | 'log'>;

export function startWorker(world: World, options: WorkerOptions): Worker {
  const { leave = 30 } = options;
  const inHand = new Map<string, AbortController>();
  const left = new Map<string, number>();
  const work = new Set<Promise<void>>();
  const state: { stopped: boolean; looking: Promise<void> | null; again: boolean } = {
    stopped: false,
    looking: null,
    again: false,
  };

  const wake = () => {
    state.again = true;
    if (state.stopped || state.looking) return;
    state.looking = look().finally(() => {
      state.looking = null;
      if (state.again && !state.stopped) wake();
    });
  };

  const look = async () => {
    state.again = false;
    while (!state.stopped && inHand.size < options.slots) {
      for (const [jobId, until] of left) if (until < Date.now()) left.delete(jobId);
      const lease = await claim(world.db, options.bootId, options.leaseSeconds, [...left.keys()]).catch(
        (error: unknown) => {
          world.log.error({ err: error }, 'no run could be taken');
          return null;
        },
      );
      if (!lease) return;
      const done = take(lease).finally(() => {
        work.delete(done);
        wake();
      });
      work.add(done);
    }
  };

  const take = async (lease: Lease) => {
    const controller = new AbortController();
    inHand.set(lease.runId, controller);
    const heart = beat(world, lease, controller, options.leaseSeconds);
    try {
      const { signal } = controller;
      const end = await execute(world, { lease, signal, attempts: options.attempts, pause: options.pause });
      if (end) left.set(end.elsewhere, Date.now() + leave * 1000);
    } catch (error) {
      world.log.error(
        { err: error, runId: lease.runId },
        'the end of a run could not be written; its lease will run out',
      );
    } finally {
      clearInterval(heart);
      inHand.delete(lease.runId);
    }
  };

  return {
    wake,
    abort: (runId) => inHand.get(runId)?.abort(new Error('cancelled')),
    idle: async () => {
      while (state.looking || work.size > 0) await Promise.all([state.looking, ...work]);
    },
    stop: async () => {
      state.stopped = true;
      for (const controller of inHand.values()) controller.abort(new Error('stopping'));
      await state.looking;
      await Promise.all(work);
    },
  };
}

/** Renews the lease while work goes on; ends the work when the lease is lost or cannot be renewed in time. */
function beat(world: World, lease: Lease, controller: AbortController, seconds: number): NodeJS.Timeout {
  let renewed = Date.now();
  return setInterval(
    () =>
      void renew(world.db, lease, seconds).then(
        () => (renewed = Date.now()),
        (error: Error) => {
          world.log.warn({ err: error, runId: lease.runId }, 'lease not renewed');
          if (error.name === 'LeaseLost' || Date.now() - renewed > seconds * 1000) controller.abort(error);
        },
      ),
    (seconds * 1000) / 3,
  );
}
