import type { KernelError, RunOptions } from './kernel.ts';

/*
 * Why and when a run must stop: the caller's signal, the wall clock, or a reader that left. `onStop` is told once. The
 * first reason stays.
 */
export class Stop {
  reason: 'cancelled' | 'timeout' | null = null;
  private readonly listeners = new Set<() => void>();
  private readonly controller = new AbortController();
  private readonly clock: ReturnType<typeof setTimeout> | undefined;
  private readonly given: AbortSignal;
  private readonly timeout: number | undefined;

  constructor({ signal, timeout }: RunOptions) {
    this.given = signal;
    this.timeout = timeout;
    if (signal.aborted) this.stop('cancelled');
    signal.addEventListener('abort', this.onAbort);
    if (timeout !== undefined) this.clock = setTimeout(() => this.stop('timeout'), timeout);
  }

  /** For what takes an AbortSignal itself. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Calls back when stopped, at once if it already is; returns how to stop listening. */
  onStop(listener: () => void): () => void {
    if (this.reason) listener();
    else this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  stop(reason: 'cancelled' | 'timeout'): void {
    if (this.reason) return;
    this.reason = reason;
    this.controller.abort();
    for (const listener of this.listeners) listener();
  }

  /** Ends the clock; call it when the run is over. */
  close(): void {
    clearTimeout(this.clock);
    this.given.removeEventListener('abort', this.onAbort);
    this.listeners.clear();
  }

  /** The reason in words; only after it stopped. */
  error(): KernelError {
    if (this.reason === 'timeout')
      return {
        code: 'timeout',
        message: `The run was stopped after ${(this.timeout ?? 0) / 1000} s.`,
        hint: 'Read fewer rows, or give it more time.',
      };
    return { code: 'cancelled', message: 'The run was stopped.' };
  }

  private readonly onAbort = () => this.stop('cancelled');
}
