import { useSyncExternalStore } from 'react';

/** ms: what is said in minutes need not be counted in seconds. */
const step = 15_000;

const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function watch(listener: () => void): () => void {
  if (listeners.size === 0) timer = setInterval(tick, step);
  listeners.add(listener);
  now = Date.now();
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearInterval(timer);
  };
}

function tick(): void {
  now = Date.now();
  for (const listener of listeners) listener();
}

/** The time, a few times a minute. */
export function useMinute(): number {
  return useSyncExternalStore(
    watch,
    () => now,
    () => now,
  );
}
