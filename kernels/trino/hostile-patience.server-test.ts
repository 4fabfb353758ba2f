import { describe, expect, test } from 'vitest';
import { type Step } from '#lib/testing/coordinator.ts';
import { coordinator, last, one, run } from '#lib/testing/hostile.ts';
import { makeTarget } from '#lib/testing/trino-target.ts';
import { ask } from './ask.ts';

/* SECURITY 12. A coordinator that stalls is waited for, and not for ever. */

describe('patience', () => {
  const busy =
    (status: number, headers: Record<string, string> = {}): Step =>
    (reply) =>
      reply.writeHead(status, headers).end('<html>try later</html>');

  test.each([429, 502, 503, 504])('a storm of %i that ends is lived through', async (status) => {
    const stormy = await coordinator(busy(status), busy(status), one, busy(status), busy(status), busy(status), last());
    expect((await run(stormy.url)).done).toMatchObject({ rows: 2, complete: true });
  });

  test('one that does not end is given up', async () => {
    const { error } = await run((await coordinator(one, busy(503))).url);
    expect(error).toMatchObject({ code: 'lost' });
    expect(error!.detail).toContain('503');
  });

  test('a wait longer than our patience is not begun', async () => {
    const stormy = await coordinator(one, busy(503, { 'retry-after': '3600' }));
    expect((await run(stormy.url)).error?.code).toBe('lost');
    expect(stormy.of('GET')).toHaveLength(1);
  });

  test('a write is not sent twice where a proxy may have passed it on', async () => {
    const stormy = await coordinator(busy(504), last());
    expect((await run(stormy.url, { access: 'write' })).error?.code).toBe('lost');
    expect(stormy.of('POST')).toHaveLength(1);
    const full = await coordinator(busy(503), last());
    expect((await run(full.url, { access: 'write' })).done).toMatchObject({ rows: 2 });
  });

  test.each([401, 403, 404, 500])('%i is not asked again', async (status) => {
    const firm = await coordinator(busy(status));
    expect((await run(firm.url)).error).toBeDefined();
    expect(firm.of('POST')).toHaveLength(1);
  });

  test('401 tells whether an account is missing or wrong', async () => {
    const firm = await coordinator(busy(401));
    expect((await run(firm.url)).error!.message).toContain('does not accept');
    const nameless = makeTarget({ url: firm.url });
    await expect(ask(nameless, 'SELECT 1')).rejects.toThrow('wants a sign-in');
  });

  test('a coordinator that falls silent, before its headers or after, loses the query', async () => {
    const silent: Step = () => undefined;
    const half: Step = (reply) => void reply.writeHead(200, { 'content-type': 'application/json' }).write('{');
    for (const step of [silent, half]) {
      expect((await run((await coordinator(one, step)).url)).error?.code).toBe('lost');
      expect((await run((await coordinator(one, step, last())).url)).done).toMatchObject({ rows: 2 });
    }
    expect((await run((await coordinator(silent)).url)).error?.code).toBe('lost');
  });

  test('pages without end and without progress are left by the clock, and asked for ever more slowly', async () => {
    const endless = await coordinator(one);
    const { error } = await run(endless.url, { timeout: 1_000 });
    expect(error?.code).toBe('timeout');
    expect(endless.of('GET').length).toBeLessThan(100);
    expect(endless.of('DELETE').length).toBeGreaterThan(0);
  });

  test('Stop ends a run that waits for a silent coordinator', async () => {
    const stop = new AbortController();
    const silent = await coordinator(one, () => stop.abort());
    expect((await run(silent.url, { signal: stop.signal })).error?.code).toBe('cancelled');
    expect(silent.of('DELETE').length).toBeGreaterThan(0);
  });
});
