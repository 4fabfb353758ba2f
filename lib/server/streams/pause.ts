import type { Bell } from '#lib/server/streams/bell.ts';

/** Growing pauses, ms, after so many failures on end. */
export function growing(failures: number): number {
  return Math.min(10_000, 250 * 2 ** Math.min(failures, 8));
}

/** Resolves after `ms`, when the bell rings, or when the signal is aborted. */
export async function pause(ms: number, signal: AbortSignal, bell: Bell): Promise<void> {
  const over = new AbortController();
  const end = () => over.abort();
  const timer = setTimeout(end, ms);
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  await bell.heard(over.signal);
  clearTimeout(timer);
  signal.removeEventListener('abort', end);
}
