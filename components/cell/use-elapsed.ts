import { useSyncExternalStore } from 'react';

/*
 * One clock for all that is counted on the page, ticking only while someone looks at it.
 */
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function watch(listener: () => void): () => void {
  if (listeners.size === 0) timer = setInterval(tick, 250);
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

const never = () => () => {};

/** Milliseconds since a start (Date.now()), counted while it is shown; 0 without one. */
export function useElapsed(startedAt: number | null): number {
  const at = useSyncExternalStore(
    startedAt === null ? never : watch,
    () => now,
    () => now,
  );
  return startedAt === null ? 0 : Math.max(0, at - startedAt);
}
