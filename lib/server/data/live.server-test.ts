import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Provisional } from '#lib/job/view.ts';
import { makeActor, makeMember } from '#lib/testing/people.ts';
import { makeRealTimeJob, openSales, push, rowsIn, salesAt, startSales, type Sales } from '#lib/testing/realtime.ts';
import { drainJob, pauseJob, readJob, resumeJob } from './job.ts';
import { readProvisional } from './provisional.ts';
import { startBackfill, startRun } from './run.ts';
import { deleteStream } from './stream.ts';

/** What people see of a real-time job and do with it, while its session runs. */

let sales: Sales;
let jobId: string;
beforeAll(async () => {
  sales = await startSales();
  jobId = await makeRealTimeJob(sales);
  await push(sales, salesAt([0, 10, 50]));
  await push(sales, salesAt([61, 70], { id: 10 }));
  await push(sales, salesAt([125, 126, 127], { id: 20, shop: 'b' }));
  await until(async () => (await readJob(sales.lead, jobId)).live?.position === 8);
});
afterAll(() => sales.close());

const until = (check: () => Promise<boolean>) => vi.waitUntil(check, { timeout: 60_000, interval: 50 });
const at = (second: number) => new Date(Date.UTC(2026, 10, 21, 10, 0, second)).toISOString();
const rowsOf = ({ rows }: Provisional) => rows.map((row) => row.slice(0, 3));

describe('a job’s page', () => {
  it('shows where it is in its stream, what is open and the windows up to the watermark', async () => {
    const job = await readJob(sales.lead, jobId);
    expect(job).toMatchObject({ kind: 'realtime', state: 'active', nextAt: null });
    expect(job.live).toMatchObject({
      position: 8,
      end: 8,
      lag: 0,
      watermark: at(127),
      open: [{ windowStart: at(120), windowEnd: at(180), events: 3 }],
      eventsIn: 8,
      late: 0,
    });
    expect(job.coverage.map(({ windowStart, state, rows }) => [windowStart, state, rows])).toEqual([
      [at(0), 'good', 1],
      [at(60), 'good', 1],
    ]);
  });
});

describe('the open window', () => {
  it('is answered over the events that are there, without being published', async () => {
    const found = await readProvisional(sales.lead, jobId, {});
    expect(found).toMatchObject({
      windowStart: at(120),
      windowEnd: at(180),
      watermark: at(127),
      events: 3,
      complete: true,
    });
    expect(rowsOf(found)).toEqual([['b', '3', '66']]);
    expect((await rowsIn(sales, 'live_sales', 'shop')).length).toBe(2);
  });

  it('lets nobody put more than a few in line', async () => {
    const starts = Array.from({ length: 9 }, (_, number) => at(240 + number * 60));
    const asked = await Promise.allSettled(
      starts.map((windowStart) => readProvisional(sales.lead, jobId, { windowStart })),
    );
    const refused = asked.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThanOrEqual(3);
    for (const each of refused) expect(each).toMatchObject({ reason: { status: 429, code: 'busy' } });
    expect(asked.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(4);
  });

  it('may be another one that is not over, and none that is', async () => {
    const next = await readProvisional(sales.lead, jobId, { windowStart: at(180) });
    expect(next).toMatchObject({ windowStart: at(180), events: 0, rows: [] });
    await expect(readProvisional(sales.lead, jobId, { windowStart: at(60) })).rejects.toMatchObject({
      code: 'window-closed',
    });
    await expect(readProvisional(sales.lead, jobId, { windowStart: at(61) })).rejects.toMatchObject({ status: 400 });
  });

  it('is built once for all who ask at the same time', async () => {
    const spy = vi.spyOn(sales.lodestar.warehouse, 'build');
    try {
      const windowStart = at(240);
      const all = await Promise.all(
        Array.from({ length: 8 }, () => readProvisional(sales.lead, jobId, { windowStart })),
      );
      expect(new Set(all).size).toBe(1);
      expect(spy.mock.calls.length).toBe(1);
    } finally {
      spy.mockRestore();
    }
  });

  it('is for members', async () => {
    const reader = await makeActor();
    await expect(readProvisional(reader, jobId, {})).rejects.toMatchObject({ status: 404 });
    await makeMember(sales.projectId, reader, 'reader');
    expect((await readProvisional(reader, jobId, {})).events).toBe(3);
  });

  it('is not there without windows', async () => {
    const windowless = await makeRealTimeJob(sales, { kind: 'windowless', target: 'each' });
    await expect(readProvisional(sales.lead, windowless, {})).rejects.toMatchObject({ code: 'no-open-window' });
  });
});

describe('a window that was answered', () => {
  it('can be run again; one that is open cannot, nor can a range with it', async () => {
    const run = await startRun(sales.lead, jobId, { windowStart: at(0) });
    await until(
      async () => (await sales.lodestar.db.run.findUniqueOrThrow({ where: { id: run.id } })).endedAt !== null,
    );
    expect(await sales.lodestar.db.run.findUnique({ where: { id: run.id } })).toMatchObject({
      state: 'good',
      cause: 'manual',
    });
    expect((await rowsIn(sales, 'live_sales', 'sales')).map(([n]) => n)).toEqual(['2', '3']);
    const open = { status: 409, code: 'window-open' };
    await expect(startRun(sales.lead, jobId, { windowStart: at(120) })).rejects.toMatchObject(open);
    await expect(startBackfill(sales.lead, jobId, { from: at(0), to: at(180) })).rejects.toMatchObject(open);
    const backfill = await startBackfill(sales.lead, jobId, { from: at(0), to: at(120) });
    expect(backfill.runs.length).toBe(2);
  });

  it('stays as it is when its events are no longer kept', async () => {
    const { db } = sales.lodestar;
    const [segment] = await db.segment.findMany({
      where: { streamId: sales.streamId },
      orderBy: { firstOffset: 'asc' },
    });
    await db.segment.update({ where: { id: segment!.id }, data: { firstOffset: 1n } });
    await expect(startRun(sales.lead, jobId, { windowStart: at(0) })).rejects.toMatchObject({ code: 'events-gone' });
    await db.segment.update({ where: { id: segment!.id }, data: { firstOffset: 0n } });
  });
});

describe('the stream of a job', () => {
  it('cannot be deleted', async () => {
    await expect(deleteStream(sales.lead, sales.streamId)).rejects.toMatchObject({
      code: 'stream-in-use',
      message: expect.stringMatching(/live_sales/) as string,
    });
  });
});

describe('pause, resume and drain', () => {
  it('a paused job stays where it is and goes on from there; a drained one answers what is open and rests', async () => {
    await pauseJob(sales.lead, jobId);
    await until(async () => (await readJob(sales.lead, jobId)).live?.node === null);
    await push(sales, salesAt([200], { id: 30 }));
    expect((await readJob(sales.lead, jobId)).live).toMatchObject({ position: 8, end: 9 });
    await resumeJob(sales.lead, jobId);
    await until(async () => (await readJob(sales.lead, jobId)).live?.position === 9);
    await drainJob(sales.lead, jobId);
    await until(async () => (await readJob(sales.lead, jobId)).state === 'paused');
    const job = await readJob(sales.lead, jobId);
    expect(job.live?.open).toEqual([]);
    expect(job.live?.notices[0]).toMatchObject({ kind: 'drained' });
    expect((await rowsIn(sales, 'live_sales', 'sales')).map(([n]) => n)).toEqual(['1', '2', '3', '3']);
  });
});

it('a job that answers from now on has no window before its first whole one', async () => {
  const mine = { ...sales, ...(await openSales()) };
  const id = await makeRealTimeJob(mine, { start: 'now' });
  const { createdAt } = await readJob(mine.lead, id);
  const next = Math.floor(Date.parse(createdAt) / 60_000) * 60_000 + 60_000;
  const sale = (after: number) => ({ time: new Date(next + after).toISOString(), id: after, shop: 'a', cents: 1 });
  await push(mine, [sale(1), sale(60_001)]);
  await until(async () => (await rowsIn(mine, 'live_sales')).length > 0);
  const { coverage } = await readJob(mine.lead, id);
  expect(new Set(coverage.map(({ state }) => state))).toEqual(new Set(['good']));
});
