import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '#lib/notebook/id.ts';
import { makeJob, renew as freshShop, startJobs, type Jobs } from '#lib/testing/jobs.ts';
import { startCluster, whyNoPostgres, type Cluster } from '#lib/testing/postgres.ts';
import { readJob } from '#lib/server/data/job.ts';
import { claim, close, LeaseLost, renew } from './lease.ts';
import { publish } from './publish.ts';
import { recover } from './recover.ts';
import { toBuild } from './request.ts';

const why = await whyNoPostgres();
let cluster: Cluster | undefined;
beforeAll(async () => void (cluster = why ? undefined : await startCluster()));
afterAll(() => cluster?.close());

// No slots: nothing is taken but by the test.
const kinds: [string, () => Promise<Jobs>][] = [
  ['PGlite', () => startJobs({ slots: 0, every: 3600 })],
  [
    'PostgreSQL',
    async () => startJobs({ slots: 0, every: 3600, embedded: false }, { postgres: await cluster!.database() }),
  ],
];

describe.each(kinds)('on %s', (kind, start) => {
  const it = kind === 'PostgreSQL' ? test.skipIf(why !== null) : test;
  const skipped = kind === 'PostgreSQL' && why !== null;
  let jobs: Jobs;
  let jobId: string;
  beforeAll(async () => void (skipped || (jobs = await start())));
  beforeEach(async () => {
    if (skipped) return;
    await jobs.lodestar.db.run.deleteMany();
    await freshShop(jobs);
    jobId = await makeJob(jobs);
  });
  afterAll(() => (skipped ? undefined : jobs.close()));

  const take = (boot = 'boot-1') => claim(jobs.lodestar.db, boot, 30);
  const stateOf = async (id: string) => (await jobs.lodestar.db.run.findUniqueOrThrow({ where: { id } })).state;
  const expire = (id: string) => jobs.lodestar.db.run.update({ where: { id }, data: { leaseUntil: new Date(0) } });
  const lost = (alone = false) => recover(jobs.lodestar.db, { bootId: 'boot-2', alone, attempts: 3 });

  /** A queued run of the day `day` of November. */
  async function queued(day = 20, more: object = {}): Promise<string> {
    const { promotionId } = await readJob(jobs.lead, jobId);
    const [windowStart, windowEnd] = [new Date(Date.UTC(2026, 10, day - 1, 23)), new Date(Date.UTC(2026, 10, day, 23))];
    const run = await jobs.lodestar.db.run.create({
      data: { id: newId(), jobId, promotionId, windowStart, windowEnd, cause: 'manual', ...more },
    });
    return run.id;
  }

  /** Builds the day and gives what would publish it under a lease. */
  async function built(day = 20) {
    const { db, warehouse } = jobs.lodestar;
    const job = await readJob(jobs.lead, jobId);
    const window = { start: new Date(Date.UTC(2026, 10, day - 1, 23)), end: new Date(Date.UTC(2026, 10, day, 23)) };
    const { signal } = new AbortController();
    const about = { kind: 'job', job: job.name } as const;
    const work = { projectId: job.projectId, spec: job.spec, window, person: jobs.lead, turn: 'job', about, signal };
    const { build } = await toBuild(jobs.lodestar, { ...work, log: () => {} });
    const done = await warehouse.build(build, signal);
    if (!done.ok) throw new Error(done.error.message);
    const output = { datasetId: job.datasetId, window, file: done.file, columns: done.columns };
    return (lease: { runId: string; token: string }) => publish(db, warehouse, lease, output, new Date());
  }

  it('eight workers race for one run: one gets it', async () => {
    const id = await queued();
    const leases = await Promise.all(Array.from({ length: 8 }, (_, index) => take(`boot-${index}`)));
    expect(leases.filter((lease) => lease !== null)).toMatchObject([{ runId: id }]);
  });

  it('eight workers race for two runs of one window: one run is taken, the other waits for its end', async () => {
    await queued(20);
    await queued(20);
    const leases = await Promise.all(Array.from({ length: 8 }, () => take()));
    const [lease] = leases.filter((each) => each !== null);
    expect(leases.filter((each) => each !== null)).toHaveLength(1);
    expect(await take()).toBeNull();
    await close(jobs.lodestar.db, lease!, { state: 'good' });
    expect(await take()).not.toBeNull();
  });

  it('two windows of a job run at once', async () => {
    await queued(19);
    await queued(20);
    expect((await Promise.all([take(), take()])).every((lease) => lease !== null)).toBe(true);
  });

  it('asked for first is taken first, a backfill after all else', async () => {
    const old = { queuedAt: new Date('2026-11-20T00:00:00Z') };
    await queued(18, { ...old, cause: 'backfill' });
    const second = await queued(19, { queuedAt: new Date('2026-11-21T00:00:00Z') });
    expect((await take())?.runId).toBe(second);
  });

  it('a run is not taken before its pause is over', async () => {
    await queued(20, { notBefore: new Date(Date.now() + 3_600_000) });
    expect(await take()).toBeNull();
  });

  it('a late worker cannot publish, the one after it can, and the window is there once', async () => {
    const id = await queued();
    const late = (await take())!;
    const publishLate = await built();
    await expire(id);
    expect(await lost()).toEqual([id]);
    const next = (await take('boot-2'))!;
    await expect(publishLate(late)).rejects.toBeInstanceOf(LeaseLost);
    expect(await stateOf(id)).toBe('running');
    expect(await (await built())(next)).toBe('good');
    await expect(publishLate(late)).rejects.toThrow();
    const { datasetId } = await readJob(jobs.lead, jobId);
    expect(await jobs.lodestar.db.partition.count({ where: { datasetId } })).toBe(1);
  });

  it('a cancelled run cannot be published', async () => {
    const id = await queued();
    const lease = (await take())!;
    await jobs.lodestar.scheduler.cancel(id);
    await expect((await built())(lease)).rejects.toBeInstanceOf(LeaseLost);
    expect(await stateOf(id)).toBe('cancelled');
  });

  it('a lease that is kept is not lost, and one that was lost cannot be kept', async () => {
    const id = await queued();
    const lease = (await take())!;
    await renew(jobs.lodestar.db, lease, 30);
    expect(await lost()).toEqual([]);
    await expire(id);
    await lost();
    await expect(renew(jobs.lodestar.db, lease, 30)).rejects.toBeInstanceOf(LeaseLost);
  });

  it('where one process is all there is, leases of the one before it are void at once', async () => {
    const id = await queued();
    await take('boot-1');
    expect(await lost(false)).toEqual([]);
    expect(await lost(true)).toEqual([id]);
    expect(await stateOf(id)).toBe('queued');
  });

  it('a run outlives more restarts of the server than losses of its worker', async () => {
    const id = await queued();
    for (let restart = 0; restart < 10; restart += 1) {
      await take('boot-1');
      await lost(true);
    }
    expect(await jobs.lodestar.db.run.findUnique({ where: { id } })).toMatchObject({ state: 'queued', attempt: 10 });
  });

  it('a run lost for the third time has failed, lost', async () => {
    const id = await queued();
    for (const state of ['queued', 'queued', 'failed']) {
      await take();
      await expire(id);
      await lost();
      expect(await stateOf(id)).toBe(state);
    }
    const run = await jobs.lodestar.db.run.findUniqueOrThrow({ where: { id } });
    expect(run).toMatchObject({ attempt: 3, error: { code: 'lost' }, lease: null });
    expect(await take()).toBeNull();
  });
});
