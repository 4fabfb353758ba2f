import { randomUUID } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { seeded, seedOfRun } from '#lib/testing/seed.ts';
import { makeTarget } from '#lib/testing/trino-target.ts';
import { until } from '#lib/testing/until.ts';
import { ask } from './ask.ts';
import { TrinoKernel } from './kernel.ts';
import { stopQuery } from './stop.ts';
import type { TrinoRunOptions } from './target.ts';

const source = `stop-${randomUUID()}`;
const target = makeTarget({ source });
const kernel = new TrinoKernel(target);
const watcher = makeTarget({ source: 'watcher' });
afterAll(() => kernel.close());

const endless = 'SELECT count(*) FROM tpch.sf1.lineitem a, tpch.sf1.lineitem b WHERE a.comment < b.comment';
const flowing = 'SELECT * FROM tpch.sf1.lineitem';
const quick = 'SELECT * FROM tpch.tiny.nation';
const inputs = { parameters: {}, relations: {} };

async function count(sql: string): Promise<number> {
  return Number((await ask(watcher, sql, { access: 'write' })).rows[0]![0]);
}

const running = () =>
  count(
    `SELECT count(*) FROM system.runtime.queries WHERE state NOT IN ('FINISHED', 'FAILED') AND source = '${source}'`,
  );

/** The cluster does not tell whose a transaction is: others' come and go, ours must not pile up. */
const transactions = () => count('SELECT count(*) FROM system.runtime.transactions');

/** What a run came to, when it is left after `ms`: by its signal, its clock, or its reader going away. */
async function leave(sql: string, ms: number, how: 'signal' | 'clock' | 'reader'): Promise<string> {
  const stop = new AbortController();
  const options: TrinoRunOptions = { signal: stop.signal, ...(how === 'clock' ? { timeout: Math.max(1, ms) } : {}) };
  const timer = how === 'signal' ? setTimeout(() => stop.abort(), ms) : undefined;
  const since = performance.now();
  try {
    for await (const event of kernel.run({ name: 'cell', source: sql }, inputs, options)) {
      if (how === 'reader' && performance.now() - since >= ms) return 'left';
      if (event.type === 'failed') return event.error.code;
      if (event.type === 'done') return 'done';
    }
    return 'no end';
  } finally {
    clearTimeout(timer);
  }
}

test('200 random cancels leave neither query nor transaction on the cluster', { timeout: 120_000 }, async () => {
  const random = seeded(seedOfRun());
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)]!;
  const before = await transactions();
  const ends = new Map<string, number>();
  let left = 200;
  const worker = async () => {
    while (left-- > 0) {
      const sql = pick([endless, flowing, quick]);
      // Who waits for rows of an endless query never comes to leave it.
      const how = sql === endless ? pick(['signal', 'clock'] as const) : pick(['signal', 'clock', 'reader'] as const);
      const end = await leave(sql, random() * 300, how);
      ends.set(end, (ends.get(end) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: 6 }, worker));
  console.log(`ends: ${JSON.stringify(Object.fromEntries(ends))}`);
  expect([...ends.keys()].filter((end) => !['cancelled', 'timeout', 'left', 'done'].includes(end))).toEqual([]);
  await until(async () => (await running()) === 0, 'nothing of the test runs');
  await until(async () => (await transactions()) <= before, 'as few transactions are open as before');
});

test('an address noted by an earlier process still stops its query', async () => {
  const noted: string[] = [];
  const running = new AbortController();
  const other = new TrinoKernel(target);
  const ended = (async () => {
    const options: TrinoRunOptions = { signal: running.signal, onStopAt: (address) => void noted.push(address) };
    for await (const event of other.run({ name: 'cell', source: endless }, inputs, options)) {
      if (event.type === 'failed') return event.error.code;
    }
    return 'no failure';
  })();
  await until(() => noted.length >= 2, 'the executing address is known');
  expect(noted[0]).toContain('/queued/');
  expect(noted[1]).toContain('/executing/');
  await stopQuery(target, noted[0]!);
  expect(await ended).toBe('cancelled');
  await stopQuery(target, noted[1]!);
  await other.close();
});

test('closing the kernel stops what it runs', async () => {
  const other = new TrinoKernel(target);
  const run = other.run({ name: 'cell', source: endless }, inputs, { signal: new AbortController().signal });
  expect((await run.next()).value).toMatchObject({ type: 'progress' });
  const next = (async () => {
    for await (const event of run) if (event.type === 'failed') return event.error.code;
    return 'no failure';
  })();
  await other.close();
  expect(await next).toBe('cancelled');
  await until(async () => (await running()) === 0, 'nothing of the test runs');
});
