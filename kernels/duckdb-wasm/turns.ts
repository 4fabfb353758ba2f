import type { Stop } from '#kernels/stop.ts';
import { KernelFailure } from '#kernels/failure.ts';

/** One at a time, in the order they came; who is stopped while waiting leaves at once with its reason. */
export class Turns {
  private last: Promise<void> = Promise.resolve();

  /** Resolves when it is this one's turn, with what ends the turn. */
  async enter(stop: Stop): Promise<() => void> {
    const before = this.last;
    let leave!: () => void;
    const over = new Promise<void>((resolve) => (leave = resolve));
    this.last = before.then(() => over);
    try {
      await untilStopped(before, stop);
    } catch (error) {
      leave();
      throw error;
    }
    return leave;
  }
}

/** The promise, or a failure with the stop's reason when that comes first. */
export async function untilStopped<T>(promise: Promise<T>, stop: Stop): Promise<T> {
  let forget: () => void = () => undefined;
  const stopped = new Promise<never>((_, reject) => {
    forget = stop.onStop(() => reject(new KernelFailure(stop.error())));
  });
  try {
    return await Promise.race([stopped, promise]);
  } finally {
    forget();
  }
}
