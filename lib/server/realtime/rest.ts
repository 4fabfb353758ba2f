import type { Lodestar } from '#lib/server/lodestar.ts';

/** Rings when the job should be looked at. */
export type Bell = EventTarget;

/** What a step came to: it was done, or there is nothing to do until more events come, `atMost` ms from now. */
export type Step = 'done' | Wait;

export interface Wait {
  waitBeyond: number;
  atMost: number;
  /** Events that come within so many ms are looked at together. */
  together: number;
}

/** Resolves after so many ms, when the bell rings, or the signal is aborted. */
export async function rest(ms: number, signal: AbortSignal, bell: Bell): Promise<void> {
  await until(signal, bell, ms, () => new Promise(() => undefined));
}

/** Resolves when the log reaches beyond a number, and otherwise like `rest`. Throws a Problem when it cannot be read here. */
export async function waitForEvents(
  { streams }: Pick<Lodestar, 'streams'>,
  streamId: string,
  { waitBeyond, atMost, together }: Wait,
  signal: AbortSignal,
  bell: Bell,
): Promise<void> {
  await until(signal, bell, atMost, (over) => streams.grown(streamId, waitBeyond, over));
  if (together > 0) await rest(together, signal, bell);
}

async function until(
  signal: AbortSignal,
  bell: Bell,
  ms: number,
  event: (over: AbortSignal) => Promise<void>,
): Promise<void> {
  const over = new AbortController();
  const end = () => over.abort();
  const timer = setTimeout(end, ms);
  signal.addEventListener('abort', end);
  bell.addEventListener('wake', end);
  const ended = new Promise<void>((resolve) => over.signal.addEventListener('abort', () => resolve()));
  try {
    if (!signal.aborted) await Promise.race([ended, event(over.signal)]);
  } finally {
    clearTimeout(timer);
    over.abort();
    signal.removeEventListener('abort', end);
    bell.removeEventListener('wake', end);
  }
}
