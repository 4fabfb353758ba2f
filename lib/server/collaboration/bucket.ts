/** A token bucket that may run into debt: what is over the rate is paid by waiting, not by dropping. */
export interface Bucket {
  /** Takes `cost` at `now` (ms) and returns how many ms to wait until the debt is paid; 0 when there is none. */
  take(cost: number, now: number): number;
}

/** Fills at `perSecond` up to `burst`. */
export function createBucket(perSecond: number, burst: number): Bucket {
  let left = burst;
  let at = 0;
  return {
    take(cost, now) {
      left = Math.min(burst, left + (Math.max(0, now - at) * perSecond) / 1000) - cost;
      at = now;
      return left >= 0 ? 0 : Math.ceil((-left * 1000) / perSecond);
    },
  };
}
