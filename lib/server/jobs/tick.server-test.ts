import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeJob, renew, startJobs, type Jobs } from '#lib/testing/jobs.ts';
import { pauseJob, resumeJob } from '#lib/server/data/job.ts';
import { tick } from './tick.ts';

let jobs: Jobs;
beforeAll(async () => void (jobs = await startJobs({ slots: 0 })));
beforeEach(() => renew(jobs));
afterAll(() => jobs.close());

const at = (text: string) => new Date(text);

async function planned(jobId: string): Promise<string[]> {
  const runs = await jobs.lodestar.db.run.findMany({ where: { jobId }, orderBy: { windowStart: 'asc' } });
  return runs.map((run) => `${run.cause} ${run.windowStart.toISOString()} ${run.windowEnd.toISOString()}`);
}

const ticking = (jobId: string, now: string) => tick(jobs.lodestar.db, jobId, at(now));

describe('a tick', () => {
  it('plans the day that became whole, by the time it was planned for', async () => {
    const jobId = await makeJob(jobs);
    expect(await ticking(jobId, '2026-11-22T01:29:59Z')).toEqual([]);
    await ticking(jobId, '2026-11-22T01:30:00Z');
    expect(await planned(jobId)).toEqual(['schedule 2026-11-20T23:00:00.000Z 2026-11-21T23:00:00.000Z']);
  });

  it('late, doubled, or on two nodes at once plans the same window once', async () => {
    const jobId = await makeJob(jobs);
    await Promise.all([1, 2, 3, 4].map(() => ticking(jobId, '2026-11-22T23:59:00Z')));
    await ticking(jobId, '2026-11-22T23:59:30Z');
    expect(await planned(jobId)).toEqual(['schedule 2026-11-20T23:00:00.000Z 2026-11-21T23:00:00.000Z']);
  });

  it('after a standstill plans every window that was missed', async () => {
    const jobId = await makeJob(jobs);
    await ticking(jobId, '2026-11-25T12:00:00Z');
    expect((await planned(jobId)).map((line) => line.slice(9, 19))).toEqual([
      '2026-11-20',
      '2026-11-21',
      '2026-11-22',
      '2026-11-23',
    ]);
  });

  it('plans hours by the dozen where the schedule is daily', async () => {
    const jobId = await makeJob(jobs, { window: 'hour', schedule: '30 2 * * *' });
    await ticking(jobId, '2026-11-22T01:30:00Z');
    const lines = await planned(jobId);
    expect(lines).toHaveLength(15);
    expect(lines.at(-1)).toBe('schedule 2026-11-22T00:00:00.000Z 2026-11-22T01:00:00.000Z');
  });

  it('plans a window once where the schedule is oftener', async () => {
    const jobId = await makeJob(jobs, { schedule: '*/10 * * * *' });
    for (const time of ['2026-11-21T23:10:00Z', '2026-11-21T23:20:00Z', '2026-11-22T12:00:00Z'])
      await ticking(jobId, time);
    expect(await planned(jobId)).toHaveLength(1);
  });

  it('does nothing for a job that is paused or gone', async () => {
    const jobId = await makeJob(jobs);
    await jobs.lodestar.db.job.update({ where: { id: jobId }, data: { state: 'paused' } });
    expect(await ticking(jobId, '2026-11-25T12:00:00Z')).toEqual([]);
    expect(await ticking('gone', '2026-11-25T12:00:00Z')).toEqual([]);
  });
});

it('the alarm clock knows an approved job, and forgets a paused one', async () => {
  const jobId = await makeJob(jobs);
  const alarms = async () =>
    (await jobs.lodestar.executeSql('SELECT cron, timezone FROM pgboss.schedule WHERE key = $1', [jobId])).rows;
  expect(await alarms()).toEqual([{ cron: '30 2 * * *', timezone: 'Europe/Berlin' }]);
  await pauseJob(jobs.lead, jobId);
  expect(await alarms()).toEqual([]);
  await resumeJob(jobs.lead, jobId);
  expect(await alarms()).toHaveLength(1);
});

describe('where the clock changes', () => {
  const from = (jobId: string, text: string) =>
    jobs.lodestar.db.job.update({ where: { id: jobId }, data: { plannedThrough: at(text) } });

  it('a day of 23 hours and its neighbours are each planned once', async () => {
    const jobId = await makeJob(jobs);
    await from(jobId, '2027-03-27T12:00:00Z');
    for (const day of [28, 29, 30]) await ticking(jobId, `2027-03-${day}T12:00:00Z`);
    expect(await planned(jobId)).toEqual([
      'schedule 2027-03-26T23:00:00.000Z 2027-03-27T23:00:00.000Z',
      'schedule 2027-03-27T23:00:00.000Z 2027-03-28T22:00:00.000Z',
      'schedule 2027-03-28T22:00:00.000Z 2027-03-29T22:00:00.000Z',
    ]);
  });

  it('a day of 25 hours too, and hours follow each other without gap or overlap', async () => {
    const jobId = await makeJob(jobs, { window: 'hour' });
    await from(jobId, '2027-10-30T22:15:00Z');
    for (let hour = 0; hour < 26; hour += 1)
      await ticking(jobId, new Date(Date.parse('2027-10-30T23:12:00Z') + hour * 3_600_000).toISOString());
    const runs = await jobs.lodestar.db.run.findMany({ where: { jobId }, orderBy: { windowStart: 'asc' } });
    expect(runs[0]?.windowStart).toEqual(at('2027-10-30T22:00:00Z'));
    for (const [index, run] of runs.entries())
      if (index > 0) expect(run.windowStart).toEqual(runs[index - 1]?.windowEnd);
    expect(runs.at(-1)?.windowEnd).toEqual(at('2027-11-01T00:00:00Z'));
  });
});
