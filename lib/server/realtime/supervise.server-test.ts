import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drainJob, pauseJob } from '#lib/server/data/job.ts';
import { startCluster, whyNoPostgres, type Cluster } from '#lib/testing/postgres.ts';
import { makeRealTimeJob, openSales, push, rowsIn, salesAt, startSales, type Sales } from '#lib/testing/realtime.ts';
import { until } from '#lib/testing/until.ts';
import { buildWindow } from './build.ts';
import { changeOf } from './change.ts';
import { commit, Moved } from './commit.ts';
import { claim, LeaseLost, release, renew } from './lease.ts';
import { readStanding, Standings } from './standing.ts';
import { startRealTime } from './supervise.ts';

const why = await whyNoPostgres();
let cluster: Cluster | undefined;
beforeAll(async () => void (cluster = why ? undefined : await startCluster()));
afterAll(() => cluster?.close());

const kinds: [string, () => Promise<Sales>][] = [
  ['PGlite', () => startSales({ realtime: { every: 3600, embedded: false } })],
  [
    'PostgreSQL',
    async () =>
      startSales({ realtime: { every: 3600, embedded: false }, parts: { postgres: await cluster!.database() } }),
  ],
];

/** Who works on a job. The server's own supervisor only looks when it is woken; others are played by the tests. */
describe.each(kinds)('on %s', (kind, start) => {
  const it = kind === 'PostgreSQL' ? test.skipIf(why !== null) : test;
  const isSkipped = kind === 'PostgreSQL' && why !== null;
  let sales: Sales;
  beforeAll(async () => void (isSkipped || (sales = await start())));
  afterAll(() => (isSkipped ? undefined : sales.close()));

  /** A job nobody works on. */
  async function idleJob(more: object = {}): Promise<string> {
    await sales.lodestar.db.job.updateMany({ data: { state: 'paused' } });
    Object.assign(sales, await openSales());
    const { realtime } = sales.lodestar;
    sales.lodestar.realtime = { ...realtime, wake: () => undefined };
    const jobId = await makeRealTimeJob(sales, more);
    sales.lodestar.realtime = realtime;
    return jobId;
  }
  const take = (boot: string, more: object = {}) =>
    claim(sales.lodestar.db, { bootId: boot, node: boot, seconds: 30, alone: false, except: [], asked: [], ...more });
  const live = (jobId: string) => sales.lodestar.db.liveJob.findUniqueOrThrow({ where: { jobId } });
  const expire = (jobId: string) =>
    sales.lodestar.db.liveJob.update({ where: { jobId }, data: { leaseUntil: new Date(Date.now() - 10_000) } });

  it('eight processes race for a job: one gets it', async () => {
    const jobId = await idleJob();
    const claims = await Promise.all(Array.from({ length: 8 }, (_, index) => take(`boot-${index}`)));
    expect(claims.filter((each) => each !== null)).toMatchObject([{ lease: { jobId }, abandoned: null }]);
  });

  it('who pauses or drains a job waits for the commit under way and neither fails for the other', async () => {
    if (kind === 'PGlite') return; // There one transaction is after the other.
    const jobId = await idleJob();
    const { db } = sales.lodestar;
    const isWaiting = async () => {
      const [found] = await db.$queryRaw<{ count: bigint }[]>`
        SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      return found!.count > 0n;
    };
    for (const ask of [drainJob, pauseJob]) {
      const asked = await db.$transaction(
        async (tx) => {
          await tx.$queryRaw`SELECT 1 FROM "LiveJob" WHERE "jobId" = ${jobId} FOR UPDATE`;
          const going = ask(sales.lead, jobId);
          going.catch(() => undefined);
          await until(isWaiting, 'it waits');
          await tx.$queryRaw`SELECT 1 FROM "Job" WHERE id = ${jobId} FOR UPDATE`;
          return { going };
        },
        { timeout: 30_000 },
      );
      await asked.going;
    }
    expect((await db.job.findUniqueOrThrow({ where: { id: jobId } })).state).toBe('paused');
  });

  it('a lease that is kept is not given to another, one that ran out is, with how long nobody worked', async () => {
    const jobId = await idleJob();
    const { lease } = (await take('one'))!;
    await renew(sales.lodestar.db, lease, 30);
    expect(await take('two')).toBeNull();
    await expire(jobId);
    const next = (await take('two'))!;
    expect(next.abandoned).toBeGreaterThan(30);
    await expect(renew(sales.lodestar.db, lease, 30)).rejects.toBeInstanceOf(LeaseLost);
    await release(sales.lodestar.db, lease);
    expect((await live(jobId)).lease).toBe(next.lease.token);
  });

  it('where one process is all there is, leases of the one before it are void at once', async () => {
    await idleJob();
    await take('one');
    expect(await take('two')).toBeNull();
    expect(await take('two', { alone: true })).not.toBeNull();
  });

  it('paused jobs, and those in trouble before a minute is over, are not taken but when they are asked for', async () => {
    const jobId = await idleJob();
    const { db } = sales.lodestar;
    await db.liveJob.update({
      where: { jobId },
      data: { trouble: { code: 'void', message: '' }, updatedAt: new Date() },
    });
    expect(await take('one')).toBeNull();
    const { lease } = (await take('one', { asked: [jobId] }))!;
    await release(db, lease);
    await db.liveJob.update({ where: { jobId }, data: { updatedAt: new Date(Date.now() - 61_000) } });
    await release(db, (await take('one'))!.lease);
    await db.job.update({ where: { id: jobId }, data: { state: 'paused' } });
    expect(await take('one', { asked: [jobId] })).toBeNull();
  });

  it('a session that stalled, whose lease another took, cannot commit; the other publishes the window once', async () => {
    const jobId = await idleJob();
    const { lodestar } = sales;
    await push(sales, salesAt([1, 61]));
    const { lease } = (await take('stalled'))!;
    const standing = await readStanding(lodestar.db, lease);
    const workshop = lodestar.warehouse.workshop('test');
    const { signal } = new AbortController();
    const window = { start: new Date('2026-11-21T10:00:00Z'), end: new Date('2026-11-21T10:01:00Z') };
    const bench = { world: lodestar, standing, owner: sales.lead, workshop, signal, failures: 0 };
    const result = await buildWindow(bench, window, { below: 2 });
    await workshop.close();
    expect(result).toHaveProperty('file');
    await expire(jobId);
    lodestar.realtime.wake(jobId);
    await until(async () => (await rowsIn(sales, 'live_sales')).length === 1, 'the other published it');
    const answer = {
      window,
      cause: 'stream',
      through: 2,
      events: 1,
      late: 0,
      corrections: 0,
      startedAt: new Date(),
      warning: null,
      result,
    } as const;
    const late = changeOf({ position: 2, progress: standing.progress, answers: [answer], eventsIn: 2 });
    await expect(commit(lodestar, lease, standing, late)).rejects.toBeInstanceOf(LeaseLost);
    expect(await lodestar.db.run.count({ where: { jobId } })).toBe(1);
    expect(await live(jobId)).toMatchObject({ eventsIn: 2n });
    const notices = await lodestar.db.notice.findMany({ where: { jobId } });
    expect(notices).toMatchObject([{ kind: 'restart', text: expect.stringContaining('goes on from event 0') }]);
  });

  it('a session remembers what a job is until a row of it is written, and sees that at its next look', async () => {
    const jobId = await idleJob();
    const { lodestar, lead, projectId, streamId } = sales;
    const { db } = lodestar;
    const standings = new Standings(db, (await take('one'))!.lease);
    const seen = async () => ({ standing: await standings.read(), guarded: await standings.guarded() });
    const first = await seen();
    expect(first.guarded).toMatchObject({ ok: true, owner: { userId: lead.userId } });
    expect(first.standing.live).toEqual(await live(jobId));
    await db.liveJob.update({ where: { jobId }, data: { position: 7, watermark: new Date(5000) } });
    const moved = await seen();
    expect(moved.standing).toMatchObject({ position: 7, live: { position: 7n, watermark: new Date(5000) } });
    expect(moved.guarded).toBe(first.guarded);
    expect(moved.standing.job).toBe(first.standing.job);

    const { name } = await db.user.update({ where: { id: lead.userId }, data: { name: 'Ada L.' } });
    expect((await seen()).guarded).toMatchObject({ ok: true, owner: { name } });
    const key = { projectId_userId: { projectId, userId: lead.userId } };
    await db.member.update({ where: key, data: { role: 'reader' } });
    expect((await seen()).guarded).toMatchObject({ ok: false, code: 'forbidden' });
    await db.member.delete({ where: key });
    expect((await seen()).guarded).toMatchObject({ ok: false, code: 'forbidden' });
    await db.member.create({ data: { ...key.projectId_userId, role: 'owner' } });
    expect((await seen()).guarded).toMatchObject({ ok: true });
    await db.stream.update({ where: { id: streamId }, data: { settings: { idle: 5 } } });
    expect((await seen()).standing.stream.settings).toEqual({ idle: 5 });
    await db.job.update({ where: { id: jobId }, data: { state: 'draining' } });
    expect((await seen()).standing).toMatchObject({ job: { state: 'draining' }, drainTo: null });
    const { promotionId } = first.standing.job;
    await db.liveJob.update({ where: { jobId }, data: { nextId: promotionId, drainTo: 9 } });
    expect((await seen()).standing).toMatchObject({ next: { id: promotionId }, drainTo: 9 });
    await db.promotion.update({ where: { id: promotionId }, data: { hash: '00' } });
    expect((await seen()).guarded).toMatchObject({ ok: false, code: 'void' });
    await expire(jobId);
    await take('two');
    await expect(standings.read()).rejects.toBeInstanceOf(LeaseLost);
  });

  it('a commit on other ground than the session saw is refused whole', async () => {
    const jobId = await idleJob();
    const { lodestar } = sales;
    const { lease } = (await take('one'))!;
    const standing = await readStanding(lodestar.db, lease);
    await lodestar.db.liveJob.update({ where: { jobId }, data: { nextId: 'another' } });
    const change = changeOf({ position: 5, progress: standing.progress, eventsIn: 5 });
    await expect(commit(lodestar, lease, standing, change)).rejects.toBeInstanceOf(Moved);
    expect(await live(jobId)).toMatchObject({ position: 0n, eventsIn: 0n });
    expect(await lodestar.db.liveMinute.count({ where: { jobId } })).toBe(0);
  });

  it('of two supervisors on one database one works, and the other takes over when it stops', async () => {
    const jobId = await idleJob();
    const { lodestar } = sales;
    const other = startRealTime(lodestar, { every: 0.1, embedded: false });
    try {
      await until(() => other.working().includes(jobId), 'the other works on it');
      await lodestar.realtime.look();
      expect(lodestar.realtime.working()).not.toContain(jobId);
      await push(sales, salesAt([1, 61]));
      await until(async () => (await live(jobId)).position === 2n, 'the events are read');
    } finally {
      await other.stop();
    }
    await lodestar.realtime.look();
    expect(lodestar.realtime.working()).toContain(jobId);
    await push(sales, salesAt([121], { id: 5 }));
    await until(async () => (await rowsIn(sales, 'live_sales')).length === 2, 'both windows are there');
    expect(await lodestar.db.notice.count({ where: { jobId } })).toBe(0);
  });

  it('a job that was deleted ends its session', async () => {
    const jobId = await idleJob();
    const { lodestar } = sales;
    lodestar.realtime.wake(jobId);
    await until(() => lodestar.realtime.working().includes(jobId), 'it is worked on');
    await lodestar.db.liveJob.delete({ where: { jobId } });
    await until(() => !lodestar.realtime.working().includes(jobId), 'its session has ended');
  });
});
