import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Problem } from '#lib/server/problem.ts';

/*
 * Guessing is slow: tries to sign in, to use a setup token or an invitation are counted per address and per e-mail. A
 * try is counted before it is judged, so that many at once count too, and given back when it was right. In memory and
 * once a process: main.ts makes it.
 */

export interface Limits {
  /** Runs the attempt unless one of its keys has had too many wrong ones; null is a wrong one. */
  attempt<T>(who: { address: string; email?: string }, work: () => Promise<T | null>): Promise<T | null>;
}

const byAddress = { points: 50, duration: 600 };
const byEmail = { points: 10, duration: 600 };

export function createLimits(): Limits {
  const addresses = new RateLimiterMemory(byAddress);
  const emails = new RateLimiterMemory(byEmail);
  return {
    attempt: async (who, work) => {
      const keys: [RateLimiterMemory, string][] = [[addresses, who.address]];
      if (who.email) keys.push([emails, who.email.toLowerCase()]);
      for (const [limiter, key] of keys) await consume(limiter, key);
      const result = await work();
      if (result !== null) await Promise.all(keys.map(([limiter, key]) => limiter.reward(key)));
      return result;
    },
  };
}

async function consume(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    const retryAfter = Math.ceil(error.msBeforeNext / 1000);
    throw new Problem(429, 'too-many-attempts', `Too many wrong attempts. Try again in ${retryAfter} s.`, {
      retryAfter,
    });
  }
}
