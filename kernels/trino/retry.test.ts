import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isBrokenOff,
  neverBegan,
  retry,
  retryAfterOf,
  usualPatience,
  waitOf,
  type Attempt,
  type Patience,
} from './retry.ts';

const quick: Patience = { ...usualPatience, total: 200, firstWait: 1, longestWait: 4 };
const failing = (again: boolean, after: number | null = null): Attempt<never> => ({
  done: false,
  again,
  after,
  error: new Error('no'),
});

describe('retry', () => {
  it('gives what an attempt gives', async () => {
    let tries = 0;
    const attempt = () => Promise.resolve<Attempt<number>>(++tries < 4 ? failing(true) : { done: true, value: tries });
    expect(await retry(attempt, quick, undefined)).toBe(4);
  });

  it('ends at once where another attempt may do harm', async () => {
    let tries = 0;
    const attempt = () => Promise.resolve((tries++, failing(false)));
    await expect(retry(attempt, quick, undefined)).rejects.toThrow('no');
    expect(tries).toBe(1);
  });

  it('has an end', async () => {
    await expect(retry(() => Promise.resolve(failing(true)), quick, undefined)).rejects.toThrow('no');
  });

  it('does not begin a wait it will not live through', async () => {
    let tries = 0;
    const attempt = () => Promise.resolve((tries++, failing(true, 10_000)));
    await expect(retry(attempt, quick, undefined)).rejects.toThrow('no');
    expect(tries).toBe(1);
  });

  it('stops waiting when it is told', async () => {
    const stop = new AbortController();
    const attempt = () => {
      stop.abort(new Error('left'));
      return Promise.resolve(failing(true, 5_000));
    };
    await expect(retry(attempt, usualPatience, stop.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });
});

it('waits longer each time, by chance up to twice as long, and never past its limit', () => {
  fc.assert(
    fc.property(fc.nat(30), fc.double({ min: 0, max: 0.999, noNaN: true }), (count, chance) => {
      const wait = waitOf(count, usualPatience, null, () => chance);
      const full = Math.min(5_000, 100 * 2 ** count);
      expect(wait).toBeGreaterThanOrEqual(full / 2);
      expect(wait).toBeLessThanOrEqual(full);
    }),
  );
  expect(waitOf(0, usualPatience, 7_000)).toBe(7_000);
});

it.each([
  ['3', 3_000],
  ['Sat, 21 Nov 2026 12:00:09 GMT', 9_000],
  ['Sat, 21 Nov 2026 11:00:00 GMT', 0],
  ['soon', null],
  [undefined, null],
])('Retry-After: %s is %s ms', (header, ms) => {
  expect(retryAfterOf(header, Date.parse('2026-11-21T12:00:00Z'))).toBe(ms);
});

it('knows what broke off from what never began', () => {
  const of = (code: string) => Object.assign(new Error(code), { code });
  const refused = new TypeError('failed', { cause: of('ECONNREFUSED') });
  expect([neverBegan(refused), isBrokenOff(refused)]).toEqual([true, true]);
  expect([neverBegan(of('ECONNRESET')), isBrokenOff(of('ECONNRESET'))]).toEqual([false, true]);
  expect(isBrokenOff(of('ADDRESS_REFUSED'))).toBe(false);
  expect(isBrokenOff(of('CERT_HAS_EXPIRED'))).toBe(false);
});
