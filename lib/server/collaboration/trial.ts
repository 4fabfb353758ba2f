import { Worker } from 'node:worker_threads';

/*
 * Yjs integrates an insertion by walking over those that were made at the same place, so a frame of 120 kB can be built
 * that takes many seconds, and nothing stops Yjs half-way. A frame of many structs is therefore applied to a copy in a
 * worker thread first, which can be stopped; only what was quick there is applied here.
 */
export interface Trial {
  /** Whether the update is quick to apply to the document's state, which is asked for when its turn has come. */
  isQuick(state: () => Uint8Array, update: Uint8Array): Promise<boolean>;
}

export interface TrialLimits {
  /** ms the worker may take to apply. */
  trialMs: number;
  /** Trials at one time; others wait. */
  trials: number;
}

const script = new URL('trial-worker.ts', import.meta.url);
/** For starting a thread and loading Yjs on a busy machine. */
const startMs = 10_000;

export function createTrial(limits: TrialLimits): Trial {
  const waiting: (() => void)[] = [];
  let running = 0;

  async function isQuick(state: () => Uint8Array, update: Uint8Array): Promise<boolean> {
    if (running >= limits.trials) await new Promise<void>((resolve) => waiting.push(resolve));
    running += 1;
    try {
      return await applyElsewhere(state(), update, limits.trialMs);
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  }

  return { isQuick };
}

/** The worker says when it starts to apply and when it is done. */
function applyElsewhere(state: Uint8Array, update: Uint8Array, trialMs: number): Promise<boolean> {
  const worker = new Worker(script, { workerData: { state, update } });
  let timer: ReturnType<typeof setTimeout>;
  return new Promise<boolean>((resolve) => {
    const giveUp = () => resolve(false);
    timer = setTimeout(giveUp, startMs);
    worker.on('message', (message: 'started' | 'done') => {
      clearTimeout(timer);
      if (message === 'done') resolve(true);
      else timer = setTimeout(giveUp, trialMs);
    });
    worker.on('error', giveUp);
  }).finally(() => {
    clearTimeout(timer);
    void worker.terminate();
  });
}
