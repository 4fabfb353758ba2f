import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Trying } from '#lib/job/evidence.ts';
import { specHash } from '#lib/job/hash.ts';
import { PromotionRequest } from '#lib/job/request.ts';
import type { CellSpec } from '#lib/notebook/cell.ts';
import type { RealTimeJobs } from '#lib/server/realtime/realtime.ts';
import { asking, makeNotebook, startJobs, type Jobs } from '#lib/testing/jobs.ts';
import { makeActor, makeMember } from '#lib/testing/people.ts';
import { batchOf, makeStreamRow } from '#lib/testing/streams.ts';
import { approvePromotion, submitPromotion } from './approval.ts';
import { drainJob, listJobs, pauseJob, readJob, resumeJob } from './job.ts';
import { createPromotion } from './promote.ts';

const woken: string[] = [];
const quiet: RealTimeJobs = {
  wake: (jobId) => void woken.push(jobId),
  look: async () => undefined,
  working: () => [],
  stop: async () => undefined,
};

let jobs: Jobs;
let notebookId: string;
let visits: string;
beforeAll(async () => {
  jobs = await startJobs({}, { realtime: () => quiet });
  visits = await makeStreamRow(jobs.projectId, { name: 'visits', key: 'id', eventTime: 'time', idle: 60 });
  await makeStreamRow(jobs.projectId, {
    name: 'payments',
    columns: [
      { name: 'id', type: 'BIGINT' },
      { name: 'time', type: 'TIMESTAMP' },
    ],
  });
  await makeStreamRow(jobs.projectId, { name: 'silence' });
  await pushMinutes();
  notebookId = (await makeNotebook(jobs.projectId, jobs.lead, cells)).id;
});
afterAll(() => jobs.close());

const inputs = ['window_start', 'window_end'].map((name) => ({
  type: 'input' as const,
  name,
  input: { kind: 'timestamp' as const, value: '2026-11-21 09:00:00' },
}));
const within = 'FROM visits WHERE time >= {{window_start}} AND time < {{window_end}}';
const sql = (name: string, source: string): CellSpec => ({ type: 'sql', name, source });
const cells: CellSpec[] = [
  ...inputs,
  sql('per_minute', `SELECT kind, count(*) AS n, sum(cents) AS cents ${within} GROUP BY kind`),
  sql('clean', 'SELECT id, upper(kind) AS kind, cents / 100 AS euros FROM visits WHERE cents >= 0'),
  sql('joined', 'SELECT c.id, p.cents FROM clean c LEFT JOIN purchase p ON p.cents = c.id'),
  sql('totals', 'SELECT kind, count(*) AS n FROM clean GROUP BY kind'),
  sql('no_window', 'SELECT count(*) AS n FROM visits'),
  sql('no_stream', 'SELECT * FROM purchase WHERE paid_at >= {{window_start}} AND paid_at < {{window_end}}'),
  sql('two_streams', 'SELECT * FROM visits JOIN payments USING (id)'),
  sql('unborn', 'SELECT * FROM silence'),
  sql('broken', 'SELECT nothing FROM visits'),
  sql('failing', 'SELECT id, (CASE WHEN id % 10 = 3 THEN kind ELSE id::VARCHAR END)::BIGINT AS number FROM visits'),
  sql('hopeless', 'SELECT id, kind::BIGINT AS number FROM visits'),
  sql('unsteady', 'SELECT id, now() AS seen FROM visits'),
];

/** From 9:00 to 9:10, an event each 5 s, so that the last minute is still open; those of 9:03 come a second time half a batch later, 40 s too late. */
async function pushMinutes(): Promise<void> {
  const start = Date.parse('2026-11-21T09:00:00Z');
  const event = (id: number, at: number) => ({
    id,
    time: new Date(at).toISOString(),
    kind: id % 3 ? 'visit' : 'buy',
    cents: id,
  });
  const all = Array.from({ length: 120 }, (_, index) => event(index, start + index * 5000));
  const late = Array.from({ length: 4 }, (_, index) => event(1000 + index, start + 180_000 + index * 5000));
  for (let at = 0; at < all.length; at += 10) {
    if (at === 70) await jobs.lodestar.streams.append(visits, batchOf(late), 100);
    await jobs.lodestar.streams.append(visits, batchOf(all.slice(at, at + 10)), 100);
  }
}

const promote = (cell: string, realtime: object, more: object = {}) =>
  createPromotion(jobs.lead, notebookId, asking({ cell, target: `out_${cell}`, window: undefined, realtime, ...more }));
const tumbling = { kind: 'tumbling', seconds: 60 };
const windowless = { kind: 'windowless' };

describe('a promotion to a real-time job', () => {
  it('freezes which stream it answers for, how its windows are cut and what late events do, under the hash', async () => {
    const made = await promote('per_minute', { ...tumbling, delay: 10, late: { do: 'keep' } });
    expect(made.spec).toMatchObject({
      steps: [{ name: 'per_minute', engine: 'warehouse' }],
      windowAs: 'timestamp',
      window: { unit: 'minute', size: 1, every: 1 },
      schedule: '',
      timeZone: 'Europe/Berlin',
      realtime: { stream: visits, kind: 'tumbling', delay: 10, late: { do: 'keep' }, start: 'now' },
    });
    expect(made.hash).toBe(await specHash(made.spec));
    expect(made.hash).not.toBe(await specHash({ ...made.spec, realtime: { ...made.spec.realtime!, delay: 11 } }));
  });

  it('is tried on the last window that is over, and publishes nothing by it', async () => {
    const { evidence } = await promote('per_minute', tumbling);
    expect(evidence?.trial).toMatchObject({
      state: 'good',
      windowStart: '2026-11-21T09:08:00.000Z',
      windowEnd: '2026-11-21T09:09:00.000Z',
    });
    expect(evidence?.trial.preview?.rows.toSorted()).toEqual([
      ['buy', '4', '402'],
      ['visit', '8', '816'],
    ]);
    expect(await jobs.lodestar.db.dataset.count({ where: { name: 'out_per_minute' } })).toBe(0);
    expect(await readdir(join(jobs.lodestar.config.DATA_DIR, 'warehouse', 'staging'))).toEqual([]);
  });

  it('is replayed over what is kept; late events that are left out are the difference, and are counted', async () => {
    const { evidence } = await promote('per_minute', tumbling);
    expect(evidence?.replay).toMatchObject({
      state: 'differs',
      events: 124,
      pieces: 9,
      late: 4,
      from: '2026-11-21T09:00:00.000Z',
      to: '2026-11-21T09:09:55.000Z',
    });
    expect(evidence?.replay?.comparison).toMatchObject({ rows: [18, 18], differing: 2, onlyInA: 0, onlyInB: 0 });
    expect(evidence?.replay?.why).toMatch(
      /^2 rows differ from the batch: 4 events came after .* are left out and counted\.$/,
    );
  });

  it.each([
    ['a longer delay', { ...tumbling, delay: 300 }],
    ['corrections', { ...tumbling, late: { do: 'correct', for: 3600 } }],
  ])('with %s what is live equals the batch', async (_, realtime) => {
    const { evidence } = await promote('per_minute', realtime);
    expect(evidence?.replay).toMatchObject({ state: 'equal', comparison: { equal: true } });
    expect(evidence?.replay?.comparison?.rows[0]).toBeGreaterThan(0);
  });

  it('is compared with the window the notebook shows, whose times are UTC', async () => {
    const notebook = {
      columns: [
        { name: 'kind', type: 'VARCHAR' },
        { name: 'n', type: 'BIGINT' },
        { name: 'cents', type: 'HUGEINT' },
      ],
      rows: [
        ['visit', '8', '48'],
        ['buy', '4', '18'],
      ],
      windowStart: '2026-11-21 09:00:00',
      windowEnd: '2026-11-21 09:01:00',
    };
    const { evidence } = await promote('per_minute', tumbling, { notebook });
    expect(evidence?.trial.windowStart).toBe('2026-11-21T09:00:00.000Z');
    expect(evidence?.parity).toMatchObject({ state: 'equal', comparison: { equal: true } });
  });

  it('without windows is tried on the last events, and replayed in batches of any size', async () => {
    const { spec, evidence } = await promote('joined', windowless);
    expect(spec).toMatchObject({
      timeZone: 'UTC',
      window: { unit: 'hour', size: 1 },
      steps: [{ name: 'clean' }, { name: 'joined' }],
    });
    expect(evidence?.trial).toMatchObject({ state: 'good', checks: [] });
    expect(evidence?.replay).toMatchObject({ state: 'equal', events: 124, late: 0, comparison: { equal: true } });
    expect(evidence?.replay?.pieces).toBeGreaterThan(4);
    expect(evidence?.replay?.comparison?.rows[0]).toBe(evidence?.trial.rows);
  });

  it('without windows is compared with what the notebook shows: each of its rows is an answer of the trial', async () => {
    const columns = ['id', 'kind', 'euros'].map((name) => ({ name, type: 'VARCHAR' }));
    const shown = (...rows: string[][]) => promote('clean', windowless, { notebook: { columns, rows } });
    expect((await shown(['0', 'BUY', '0.0'], ['7', 'VISIT', '0.07'])).evidence?.parity).toMatchObject({
      state: 'equal',
      why: expect.stringMatching(/122 more/) as string,
    });
    expect((await shown(['0', 'SELL', '0.0'])).evidence?.parity).toMatchObject({ state: 'differs' });
  });

  it('without windows says how many events it fails for, and that they are left out', async () => {
    const { evidence } = await promote('failing', windowless);
    expect(evidence?.trial).toMatchObject({ state: 'good', rows: 111 });
    expect(evidence?.warnings).toEqual([expect.stringMatching(/fails for 13 of 124 events by themselves.*Event 3/s)]);
    expect(evidence?.replay).toMatchObject({ state: 'equal', failing: 13, events: 124 });
    const hopeless = await promote('hopeless', windowless);
    expect(hopeless.evidence?.trial).toMatchObject({ state: 'failed', error: { code: 'all-failed' } });
  });

  it('without windows takes no check that looks at rows together', async () => {
    for (const check of [
      { type: 'rows', min: 1 },
      { type: 'unique', columns: ['id'] },
    ])
      await expect(promote('clean', windowless, { checks: [check] })).rejects.toMatchObject({
        status: 422,
        code: 'check-of-batch',
      });
    const { evidence } = await promote('clean', windowless, { checks: [{ type: 'not-null', column: 'id' }] });
    expect(evidence?.trial.checks).toMatchObject([{ passed: true }]);
  });

  it('tells how far it is while it is tried and replayed', async () => {
    const told: Trying[] = [];
    const asked = PromotionRequest.parse({ cell: 'clean', target: 'told', realtime: windowless });
    await createPromotion(jobs.lead, notebookId, asked, (trying) => told.push(trying));
    expect(told[0]).toEqual({ phase: 'trial', done: 0, total: 0, of: 'events' });
    expect(told[1]).toEqual({ phase: 'replay', done: 0, total: 124, of: 'events' });
    expect(told.at(-1)).toEqual({ phase: 'replay', done: 124, total: 124, of: 'events' });
  });

  it('warns of functions whose answer changes', async () => {
    const { evidence } = await promote('unsteady', windowless);
    expect(evidence?.warnings).toEqual([expect.stringMatching(/uses now:/)]);
    expect(evidence?.replay).toMatchObject({ state: 'differs', why: expect.stringMatching(/come together/) as string });
  });

  it.each([
    ['totals', windowless, {}, 'depends-on-batch', /^totals: count\(\*\) puts events together.* tumbling windows/],
    ['no_window', tumbling, {}, 'no-window', /\{\{window_start\}\} and \{\{window_end\}\}/],
    ['per_minute', windowless, {}, 'uses-window', /tumbling/],
    ['per_minute', { ...tumbling, seconds: 61 }, {}, 'window-size', /1 day/],
    ['no_stream', tumbling, {}, 'no-stream', /reads no stream/],
    ['two_streams', windowless, {}, 'many-streams', /payments and visits/],
    ['unborn', windowless, {}, 'empty-stream', /silence has had no event/],
    ['broken', windowless, {}, 'not-judged', /broken: .*nothing/],
    ['per_minute', tumbling, { window: 'day' }, 'realtime', /`window`/],
    ['per_minute', tumbling, { schedule: '0 0 * * *' }, 'realtime', /`schedule`/],
    ['per_minute', tumbling, { timeZone: 'Nowhere' }, 'bad-zone', /Nowhere/],
  ])('%s as %o %o is refused: %s', async (cell, realtime, more, code, message) => {
    await expect(promote(cell, realtime, more)).rejects.toMatchObject({
      status: 422,
      code,
      message: expect.stringMatching(message) as string,
    });
  });

  it('may not write where something stands: a stream, a dataset, the place of late events', async () => {
    await expect(promote('per_minute', tumbling, { target: 'Payments' })).rejects.toMatchObject({
      code: 'target-taken',
    });
    await expect(promote('per_minute', tumbling, { target: 'purchase' })).rejects.toMatchObject({
      code: 'target-taken',
    });
    const { projectId } = jobs;
    await jobs.lodestar.db.dataset.create({ data: { id: 'taken', projectId, name: 'busy_late', kind: 'upload' } });
    await expect(
      promote('per_minute', { ...tumbling, late: { do: 'keep' } }, { target: 'busy' }),
    ).rejects.toMatchObject({
      code: 'target-taken',
      message: expect.stringMatching(/busy_late/) as string,
    });
    expect((await promote('per_minute', tumbling, { target: 'busy' })).state).toBe('draft');
  });
});

describe('its approval', () => {
  const approve = async (id: string) => {
    await submitPromotion(jobs.lead, id);
    return (await approvePromotion(jobs.lead, id, { comment: '', accept: true })).jobId;
  };

  it('makes a job of the kind, with its place in the stream, and tells who runs it', async () => {
    const { id, version } = await promote('per_minute', tumbling, { target: 'sales' });
    const jobId = await approve(id);
    expect(woken).toContain(jobId);
    const job = await readJob(jobs.lead, jobId);
    expect(job).toMatchObject({ kind: 'realtime', state: 'active', nextAt: null, schedule: '', version, coverage: [] });
    expect(job.live).toMatchObject({
      stream: { id: visits, name: 'visits' },
      position: 124,
      end: 124,
      next: null,
      open: [],
    });
    const dataset = await jobs.lodestar.db.dataset.findUniqueOrThrow({ where: { id: job.datasetId } });
    expect(dataset.description).toMatch(/each minute, once an event is 5 s past its end/);
    expect((await listJobs(jobs.lead, jobs.projectId)).items).toMatchObject([
      { id: jobId, kind: 'realtime', nextAt: null },
    ]);
  });

  it('of a later version leaves the one that runs in place until its edge', async () => {
    const [job] = (await listJobs(jobs.lead, jobs.projectId)).items;
    const { id, version } = await promote('per_minute', { ...tumbling, seconds: 120 }, { target: 'sales' });
    expect(await approve(id)).toBe(job!.id);
    expect(await readJob(jobs.lead, job!.id)).toMatchObject({ version: job!.version, live: { next: { version } } });
  });

  it('of another kind, or for another stream, is refused', async () => {
    await expect(promote('clean', windowless, { target: 'sales' })).rejects.toMatchObject({
      status: 409,
      code: 'other-kind',
      message: expect.stringMatching(/with windows over a stream; this version would be one for each event/) as string,
    });
    const asked = asking({ cell: 'no_stream', target: 'sales', window: 'day' });
    await expect(createPromotion(jobs.lead, notebookId, asked)).rejects.toMatchObject({ code: 'other-kind' });
  });

  it('is followed by pause, resume and drain, for owners', async () => {
    const [job] = (await listJobs(jobs.lead, jobs.projectId)).items;
    const editor = await makeActor({ name: 'Eve' });
    await makeMember(jobs.projectId, editor, 'editor');
    await expect(drainJob(editor, job!.id)).rejects.toMatchObject({ status: 403 });
    expect((await pauseJob(jobs.lead, job!.id)).state).toBe('paused');
    await expect(drainJob(jobs.lead, job!.id)).rejects.toMatchObject({ status: 409 });
    expect((await resumeJob(jobs.lead, job!.id)).state).toBe('active');
    expect((await drainJob(jobs.lead, job!.id)).state).toBe('draining');
    expect((await pauseJob(jobs.lead, job!.id)).state).toBe('paused');
    expect(woken.filter((id) => id === job!.id).length).toBeGreaterThan(3);
  });
});
