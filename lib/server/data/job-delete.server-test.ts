import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { asking, makeJob, renew, startJobs, type Jobs } from '#lib/testing/jobs.ts';
import { makeActor, makeMember } from '#lib/testing/people.ts';
import { startCluster, whyNoPostgres, type Cluster } from '#lib/testing/postgres.ts';
import { makeRealTimeJob, openSales, push, rowsIn, salesAt, type Sales } from '#lib/testing/realtime.ts';
import { until } from '#lib/testing/until.ts';
import { newId } from '#lib/notebook/id.ts';
import { lockJob } from '#lib/server/jobs/lock.ts';
import { startRealTime } from '#lib/server/realtime/supervise.ts';
import { approvePromotion, submitPromotion } from './approval.ts';
import { deleteDataset, listDatasets, readDataset } from './dataset.ts';
import { deleteJob } from './job-delete.ts';
import { readJob } from './job.ts';
import { createPromotion } from './promote.ts';
import { readPromotion } from './promotion.ts';
import { startBackfill } from './run.ts';
import { deleteStream } from './stream.ts';

/*
 * A job is deleted, by whichever clock it goes: what it does ends, what it wrote stays or goes, and nothing of it holds anything else
 * any more. On PostgreSQL too, as only there transactions meet.
 */
const why = await whyNoPostgres();
if (why) test.skip(`the deletion of jobs on PostgreSQL did not run: ${why}`, () => {});

let cluster: Cluster | undefined;
beforeAll(async () => {
  if (!why) cluster = await startCluster();
});
afterAll(() => cluster?.close());

describe.each(why ? ['PGlite'] : ['PGlite', 'PostgreSQL'])('on %s', (kind) => {
  let jobs: Jobs;
  let sales: Sales;
  beforeAll(async () => {
    const postgres = kind === 'PostgreSQL' ? { postgres: await cluster!.database() } : {};
    const realtime: NonNullable<Parameters<typeof startJobs>[1]>['realtime'] = (world) =>
      startRealTime(world, { every: 0.2, leaseSeconds: 2 });
    jobs = await startJobs({ every: 1, leaseSeconds: 2 }, { realtime, ...postgres });
  });
  beforeEach(async () => {
    await renew(jobs);
    sales = { lodestar: jobs.lodestar, close: jobs.close, ...(await openSales()) };
  });
  afterAll(() => jobs.close());

  const db = () => jobs.lodestar.db;
  const isIdle = (jobId: string) =>
    until(() => !jobs.lodestar.realtime.working().includes(jobId), 'nobody works on the job');
  const names = async ({ lead, projectId }: Pick<Jobs, 'lead' | 'projectId'>) =>
    (await listDatasets(lead, projectId)).items.map(({ name }) => name);
  const traces = async (jobId: string) => {
    const where = { jobId };
    const counts = [db().run.count({ where }), db().backfill.count({ where }), db().notice.count({ where })];
    return Promise.all([...counts, db().liveJob.count({ where }), db().liveMinute.count({ where })]);
  };

  test('a real-time job ends, its dataset stays as one that nothing writes, and its stream can go', async () => {
    const { lead, streamId } = sales;
    const jobId = await makeRealTimeJob(sales);
    await push(sales, salesAt([0, 10, 61]));
    await until(async () => (await rowsIn(sales, 'live_sales')).length === 1, 'a window is published');
    await expect(deleteStream(lead, streamId)).rejects.toMatchObject({ code: 'stream-in-use' });
    const { datasetId } = await readJob(lead, jobId);
    await expect(deleteDataset(lead, datasetId)).rejects.toMatchObject({ code: 'written-by-job' });

    await deleteJob(lead, jobId, { dataset: 'keep' });
    await expect(readJob(lead, jobId)).rejects.toMatchObject({ status: 404 });
    await isIdle(jobId);
    expect(await traces(jobId)).toEqual([0, 0, 0, 0, 0]);
    expect(await rowsIn(sales, 'live_sales', 'shop, sales')).toEqual([['a', '2']]);
    expect(await readDataset(lead, datasetId)).toMatchObject({ jobId: null, rows: 1 });
    await deleteStream(lead, streamId);
    await deleteDataset(lead, datasetId);
    expect(await names(sales)).not.toContain('live_sales');
  });

  test('its dataset and its late events go with it where that is asked', async () => {
    const { lead, projectId } = sales;
    const jobId = await makeRealTimeJob(sales, { late: { do: 'keep' } });
    await push(sales, salesAt([0, 61, 125]));
    await until(async () => (await rowsIn(sales, 'live_sales')).length === 2, 'two windows are published');
    await push(sales, salesAt([5], { id: 50 }));
    await until(async () => (await rowsIn(sales, 'live_sales_late')).length === 1, 'the late event is kept');
    const late = (await listDatasets(lead, projectId)).items.find(({ name }) => name === 'live_sales_late')!;
    expect(late.jobId).toBe(jobId);
    await expect(deleteDataset(lead, late.id)).rejects.toMatchObject({ code: 'written-by-job' });

    await deleteJob(lead, jobId, { dataset: 'delete' });
    expect(await names(sales)).toEqual(['workbench_events']);
  });

  test('nothing is published after it, however many events come meanwhile', async () => {
    const { lead } = sales;
    const jobId = await makeRealTimeJob(sales, { kind: 'windowless', target: 'clean' });
    const over = new AbortController();
    const pushing = (async () => {
      for (let at = 0; !over.signal.aborted; at += 1) await push(sales, salesAt([at % 60], { id: at }));
    })();
    await until(async () => (await rowsIn(sales, 'clean')).length > 3, 'events come out');
    await deleteJob(lead, jobId, { dataset: 'keep' });
    const rows = await rowsIn(sales, 'clean', 'id');
    await isIdle(jobId);
    over.abort();
    await pushing;
    expect(await rowsIn(sales, 'clean', 'id')).toEqual(rows);
    expect(new Set(rows.flat()).size).toBe(rows.length);
  });

  const itMeets = kind === 'PostgreSQL' ? test : null;
  itMeets?.('waits for a commit under way, which may end runs of the job too', async () => {
    const { lead } = sales;
    const jobId = await makeRealTimeJob(sales);
    const { promotionId } = await readJob(lead, jobId);
    const window = { windowStart: new Date(0), windowEnd: new Date(60_000) };
    const waits = {
      state: 'queued',
      cause: 'manual',
      attempt: 0,
      queuedAt: new Date(),
      notBefore: new Date('2100-01-01'),
    };
    await db().run.create({ data: { id: newId(), jobId, promotionId, ...window, ...waits } });
    const isWaiting = async () =>
      (
        await db().$queryRaw<
          unknown[]
        >`SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
      ).length > 0;
    const deleted = await db().$transaction(
      async (tx) => {
        await lockJob(tx, jobId);
        const going = deleteJob(lead, jobId, { dataset: 'keep' });
        going.catch(() => undefined);
        await until(isWaiting, 'it waits');
        await tx.run.updateMany({ where: { jobId }, data: { state: 'failed' } });
        return { going };
      },
      { timeout: 30_000 },
    );
    await deleted.going;
    expect(await traces(jobId)).toEqual([0, 0, 0, 0, 0]);
  });

  test('a job with a schedule ends the run in hand, those that wait, and the schedule', async () => {
    const { lead } = jobs;
    const jobId = await makeJob(jobs);
    const schedule = async () =>
      (await jobs.lodestar.executeSql('SELECT key FROM pgboss.schedule WHERE key = $1', [jobId])).rows.length;
    expect(await schedule()).toBe(1);
    const held = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    const { warehouse, scheduler } = jobs.lodestar;
    const build = warehouse.build.bind(warehouse);
    warehouse.build = async (request, signal) => {
      started.resolve();
      await held.promise;
      return build(request, signal);
    };
    await startBackfill(lead, jobId, { from: '2026-11-02', to: '2026-11-20' });
    await started.promise;
    await deleteJob(lead, jobId, { dataset: 'delete' });
    held.resolve();
    await scheduler.idle();
    await scheduler.look();
    await scheduler.idle();
    warehouse.build = build;
    expect(await traces(jobId)).toEqual([0, 0, 0, 0, 0]);
    expect(await schedule()).toBe(0);
    expect(await names(jobs)).not.toContain('daily_revenue');
  });

  test('what was approved stays on record, and the query can be promoted anew', async () => {
    const { lead, notebookId } = jobs;
    const first = await makeJob(jobs);
    const { promotionId } = await readJob(lead, first);
    const { id: waiting } = await createPromotion(lead, notebookId, asking());
    await submitPromotion(lead, waiting);
    expect((await readPromotion(lead, waiting)).before?.id).toBe(promotionId);

    await deleteJob(lead, first, { dataset: 'keep' });
    expect(await readPromotion(lead, promotionId)).toMatchObject({ state: 'approved', jobId: null });
    expect((await readPromotion(lead, waiting)).before).toBeNull();
    // The dataset that was kept is nobody's to write over.
    const approve = () => approvePromotion(lead, waiting, { comment: '' });
    await expect(approve()).rejects.toMatchObject({ code: 'target-taken' });
    const kept = (await listDatasets(lead, jobs.projectId)).items.find(({ name }) => name === 'daily_revenue')!;
    expect(kept.description).toBe('Written by the job daily_revenue, until Ada deleted the job on 2026-11-21.');
    await deleteDataset(lead, kept.id);
    const { jobId } = await approve();
    expect(await readJob(lead, jobId)).toMatchObject({ version: 2 });
  });

  test('is for owners alone, and only once', async () => {
    const { lead, projectId } = jobs;
    const jobId = await makeJob(jobs);
    const [editor, stranger] = [await makeActor(), await makeActor()];
    await makeMember(projectId, editor, 'editor');
    await expect(deleteJob(editor, jobId, { dataset: 'keep' })).rejects.toMatchObject({ status: 403 });
    await expect(deleteJob(stranger, jobId, { dataset: 'keep' })).rejects.toMatchObject({ status: 404 });
    const both = await Promise.allSettled([1, 2].map(() => deleteJob(lead, jobId, { dataset: 'keep' })));
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { status: 404 } });
  });
});
