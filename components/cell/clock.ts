import { useSyncExternalStore } from 'react';

/*
 * Clocks for what is counted on the page, one for each pace, ticking only while someone looks at it.
 */
interface Clock {
  watch(listener: () => void): () => void;
  now(): number;
}

/** `pace`: ms between two ticks. */
function makeClock(pace: number): Clock {
  const listeners = new Set<() => void>();
  let now = Date.now();
  let timer: ReturnType<typeof setInterval> | undefined;
  const tick = () => {
    now = Date.now();
    for (const listener of listeners) listener();
  };
  return {
    now: () => now,
    watch(listener) {
      if (listeners.size === 0) timer = setInterval(tick, pace);
      listeners.add(listener);
      now = Date.now();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) clearInterval(timer);
      };
    },
  };
}

const quarters = makeClock(250);
/** What is said in minutes need not be counted in seconds. */
const minutes = makeClock(15_000);
const never = () => () => {};

/** Milliseconds since a start (Date.now()), counted while it is shown; 0 without one. */
export function useElapsed(startedAt: number | null): number {
  const at = useSyncExternalStore(startedAt === null ? never : quarters.watch, quarters.now, quarters.now);
  return startedAt === null ? 0 : Math.max(0, at - startedAt);
}

/** The time, a few times a minute. */
export function useMinute(): number {
  return useSyncExternalStore(minutes.watch, minutes.now, minutes.now);
}
