import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answerFor, asking, makeJob, makeNotebook, outputOf, renew, startJobs, type Jobs } from '#lib/testing/jobs.ts';
import { makeActor, makeMember } from '#lib/testing/people.ts';
import { approvePromotion, submitPromotion } from './approval.ts';
import { pauseJob, readJob, resumeJob } from './job.ts';
import { createPromotion } from './promote.ts';
import { cancelRun, listRuns, readRun, startBackfill, startRun } from './run.ts';

let jobs: Jobs;
beforeAll(async () => void (jobs = await startJobs()));
beforeEach(() => renew(jobs));
afterAll(() => jobs.close());

async function ran(jobId: string, windowStart: string) {
  const { id } = await startRun(jobs.lead, jobId, { windowStart });
  await jobs.lodestar.scheduler.idle();
  return readRun(jobs.lead, id);
}

describe('a run', () => {
  it('writes its window into the dataset and says what it did', async () => {
    const jobId = await makeJob(jobs);
    const run = await ran(jobId, '2026-11-20');
    expect(run).toMatchObject({
      state: 'good',
      windowStart: '2026-11-19T23:00:00.000Z',
      windowEnd: '2026-11-20T23:00:00.000Z',
      attempt: 1,
      rows: 1,
      error: null,
      cause: 'manual',
      startedBy: { name: 'Ada' },
    });
    expect(run.lines.map((line) => line.text).join('\n')).toMatch(
      /Attempt 1 of 3, version 1.*Reads purchase.*Built 1 rows.*Published/s,
    );
    expect(await outputOf(jobs, jobId)).toEqual(answerFor(20));
  });

  it('again replaces its window and never doubles it', async () => {
    const jobId = await makeJob(jobs);
    for (const at of ['2026-11-20', '2026-11-19', '2026-11-20', '2026-11-19T23:00:00Z']) await ran(jobId, at);
    expect(await outputOf(jobs, jobId)).toEqual(answerFor(19, 20));
    const { datasetId } = await readJob(jobs.lead, jobId);
    expect(await jobs.lodestar.db.partition.count({ where: { datasetId } })).toBe(2);
  });

  it('stamps each row with the start of its window', async () => {
    const jobId = await makeJob(jobs);
    await ran(jobId, '2026-11-20');
    const { datasetId } = await readJob(jobs.lead, jobId);
    const dataset = await jobs.lodestar.db.dataset.findUniqueOrThrow({ where: { id: datasetId } });
    expect(dataset.columns).toContainEqual({ name: 'window_start', type: 'TIMESTAMP' });
  });

  it('that fails a check publishes nothing and keeps what stood there', async () => {
    const jobId = await makeJob(jobs, { checks: [{ type: 'rows', min: 1 }] });
    await ran(jobId, '2026-11-20');
    const purchase = await jobs.lodestar.db.dataset.findFirstOrThrow({
      where: { projectId: jobs.projectId, name: 'purchase' },
    });
    await jobs.lodestar.db.partition.deleteMany({ where: { datasetId: purchase.id } });
    const run = await ran(jobId, '2026-11-20');
    expect(run).toMatchObject({
      state: 'failed',
      attempt: 1,
      error: { code: 'check-failed', message: expect.stringContaining('the rows from before stay') },
    });
    expect(await outputOf(jobs, jobId)).toEqual(answerFor(20));
  });

  it('whose query breaks is not tried again, and says why', async () => {
    const jobId = await makeJob(jobs);
    await jobs.lodestar.db.dataset.updateMany({
      where: { projectId: jobs.projectId, name: 'purchase' },
      data: { name: 'purchases' },
    });
    const run = await ran(jobId, '2026-11-20');
    expect(run).toMatchObject({ state: 'failed', attempt: 1, error: { message: expect.stringContaining('purchase') } });
  });

  it('warns when the columns are not those of the windows before', async () => {
    const jobId = await makeJob(jobs);
    await ran(jobId, '2026-11-20');
    const source = `SELECT CAST(paid_at AS DATE) AS day, count(*) AS purchases, sum(cents) AS cents, max(cents) AS most
      FROM purchase WHERE paid_at >= {{window_start}} AND paid_at < {{window_end}} GROUP BY ALL`;
    const { id: notebookId } = await makeNotebook(jobs.projectId, jobs.lead, [
      { type: 'sql', name: 'revenue', source },
    ]);
    const { id } = await createPromotion(jobs.lead, notebookId, asking());
    await submitPromotion(jobs.lead, id);
    await approvePromotion(jobs.lead, id, { comment: '' });
    const run = await ran(jobId, '2026-11-19');
    expect(run).toMatchObject({
      state: 'warned',
      version: 2,
      error: { code: 'columns-changed', message: expect.stringContaining('+ most') },
    });
    expect(await outputOf(jobs, jobId)).toEqual(answerFor(19, 20));
  });

  it.each([
    ['a time within a window', '2026-11-20T12:00', 'bad-request'],
    ['a window that is not over', '2026-11-21', 'window-open'],
    ['a window to come', '2026-12-01', 'window-open'],
    ['no time at all', 'yesterday', 'bad-request'],
  ])('is refused for %s', async (_, windowStart, code) => {
    const jobId = await makeJob(jobs);
    await expect(startRun(jobs.lead, jobId, { windowStart })).rejects.toMatchObject({ code });
  });
});

describe('a backfill', () => {
  it('of three past days gives three windows', async () => {
    const jobId = await makeJob(jobs);
    const { runs } = await startBackfill(jobs.lead, jobId, { from: '2026-11-18', to: '2026-11-21' });
    expect(runs.map((run) => [run.windowStart, run.cause])).toEqual([
      ['2026-11-17T23:00:00.000Z', 'backfill'],
      ['2026-11-18T23:00:00.000Z', 'backfill'],
      ['2026-11-19T23:00:00.000Z', 'backfill'],
    ]);
    await jobs.lodestar.scheduler.idle();
    expect((await listRuns(jobs.lead, jobId)).items.map((run) => run.state)).toEqual(['good', 'good', 'good']);
    expect(await outputOf(jobs, jobId)).toEqual(answerFor(18, 19, 20));
  });

  it('leaves out windows that are not over', async () => {
    const jobId = await makeJob(jobs);
    const { runs } = await startBackfill(jobs.lead, jobId, { from: '2026-11-20', to: '2026-11-25' });
    expect(runs).toHaveLength(1);
  });

  it.each([
    [{ from: '2026-11-21', to: '2026-11-18' }],
    [{ from: '2026-11-21', to: '2026-11-22' }],
    [{ from: '1990-01-01', to: '2026-01-01' }],
    [{ from: '0001-01-01', to: '2026-01-01' }],
    [{ from: 'x', to: 'y' }],
  ])('is refused for %j', async (given) => {
    const jobId = await makeJob(jobs);
    await expect(startBackfill(jobs.lead, jobId, given)).rejects.toMatchObject({ status: 400 });
  });
});

describe('today’s rights', () => {
  it('of the owner are asked for before each run', async () => {
    const jobId = await makeJob(jobs);
    const other = await makeActor();
    await makeMember(jobs.projectId, other, 'owner');
    await jobs.lodestar.db.member.updateMany({ where: { userId: jobs.lead.userId }, data: { role: 'reader' } });
    const { id } = await startRun(other, jobId, { windowStart: '2026-11-20' });
    await jobs.lodestar.scheduler.idle();
    expect(await readRun(other, id)).toMatchObject({
      state: 'failed',
      error: { code: 'forbidden', message: expect.stringContaining('Ada no longer has') },
    });
    expect(await outputOf(jobs, jobId)).toEqual([]);
  });

  it('let a reader see, and not start, stop or pause; a stranger sees nothing', async () => {
    const jobId = await makeJob(jobs);
    const run = await ran(jobId, '2026-11-20');
    const [reader, editor, stranger] = [await makeActor(), await makeActor(), await makeActor()];
    await makeMember(jobs.projectId, reader, 'reader');
    await makeMember(jobs.projectId, editor, 'editor');
    expect((await readJob(reader, jobId)).rights).toEqual({ run: false, manage: false });
    await expect(startRun(reader, jobId, { windowStart: '2026-11-20' })).rejects.toMatchObject({ status: 403 });
    await expect(startBackfill(reader, jobId, { from: '2026-11-18', to: '2026-11-21' })).rejects.toMatchObject({
      status: 403,
    });
    await expect(cancelRun(reader, run.id)).rejects.toMatchObject({ status: 403 });
    await expect(pauseJob(editor, jobId)).rejects.toMatchObject({ status: 403 });
    for (const look of [
      () => readJob(stranger, jobId),
      () => listRuns(stranger, jobId),
      () => readRun(stranger, run.id),
    ])
      await expect(look()).rejects.toMatchObject({ status: 404 });
  });
});

it('a text changed behind the approval voids it, and nothing runs', async () => {
  const jobId = await makeJob(jobs);
  const { promotionId, spec } = await readJob(jobs.lead, jobId);
  const steps = [{ ...spec.steps[0]!, sql: 'SELECT 1 AS day, 2 AS purchases, 3 AS cents' }];
  await jobs.lodestar.db.promotion.update({ where: { id: promotionId }, data: { spec: { ...spec, steps } } });
  expect(await ran(jobId, '2026-11-20')).toMatchObject({ state: 'failed', error: { code: 'void' } });
  const voided = await jobs.lodestar.db.promotion.findUniqueOrThrow({ where: { id: promotionId } });
  expect(voided.state).toBe('void');
  expect(await ran(jobId, '2026-11-20')).toMatchObject({ state: 'failed', error: { code: 'void' } });
  expect(await outputOf(jobs, jobId)).toEqual([]);
});

it('a cancelled run publishes nothing, and cannot be cancelled again', async () => {
  const jobId = await makeJob(jobs);
  const held = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  const { warehouse } = jobs.lodestar;
  const build = warehouse.build.bind(warehouse);
  warehouse.build = async (request, signal) => {
    started.resolve();
    await held.promise;
    return build(request, signal);
  };
  const { id } = await startRun(jobs.lead, jobId, { windowStart: '2026-11-20' });
  await started.promise;
  expect((await readRun(jobs.lead, id)).state).toBe('running');
  expect((await cancelRun(jobs.lead, id)).state).toBe('cancelled');
  held.resolve();
  await jobs.lodestar.scheduler.idle();
  warehouse.build = build;
  expect((await readRun(jobs.lead, id)).state).toBe('cancelled');
  expect(await outputOf(jobs, jobId)).toEqual([]);
  await expect(cancelRun(jobs.lead, id)).rejects.toMatchObject({ code: 'wrong-state' });
});

it('a job’s page shows what stands in each window', async () => {
  const jobId = await makeJob(jobs);
  await ran(jobId, '2026-11-18');
  const { coverage, nextAt, lastRun } = await readJob(jobs.lead, jobId);
  expect(coverage.map((entry) => [entry.windowStart.slice(0, 10), entry.state, entry.rows])).toEqual([
    ['2026-11-17', 'good', 1],
    ['2026-11-18', 'absent', null],
    ['2026-11-19', 'absent', null],
  ]);
  expect(nextAt).toBe('2026-11-22T01:30:00.000Z');
  expect(lastRun?.state).toBe('good');
});

it('a paused job says so and plans nothing; resumed, it goes on from now', async () => {
  const jobId = await makeJob(jobs);
  expect(await pauseJob(jobs.lead, jobId)).toMatchObject({ state: 'paused', nextAt: null });
  jobs.clock.at = new Date('2026-11-23T10:00:00Z');
  await jobs.lodestar.scheduler.look();
  expect(await resumeJob(jobs.lead, jobId)).toMatchObject({ state: 'active', nextAt: '2026-11-24T01:30:00.000Z' });
  await jobs.lodestar.scheduler.look();
  expect((await listRuns(jobs.lead, jobId)).items).toEqual([]);
});
