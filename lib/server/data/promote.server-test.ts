import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { specHash } from '#lib/job/hash.ts';
import { setSource } from '#lib/notebook/edit.ts';
import { readNotebook } from '#lib/notebook/document.ts';
import { answerFor, asking, dailyRevenue, makeNotebook, startJobs, type Jobs } from '#lib/testing/jobs.ts';
import { makeActor, makeMember } from '#lib/testing/people.ts';
import { createPromotion } from './promote.ts';
import { listPromotions, readPromotion } from './promotion.ts';

let jobs: Jobs;
beforeAll(async () => void (jobs = await startJobs()));
afterAll(() => jobs.close());

const promote = (more: object = {}) => createPromotion(jobs.lead, jobs.notebookId, asking(more));
const shown = (rows: (string | null)[][], more: object = {}) => ({
  columns: [
    { name: 'day', type: 'DATE' },
    { name: 'purchases', type: 'BIGINT' },
    { name: 'cents', type: 'HUGEINT' },
  ],
  rows,
  ...more,
});

describe('a promotion', () => {
  it('freezes the text, with defaults in words of the project, under the hash of all of it', async () => {
    const made = await promote();
    expect(made.spec).toEqual({
      target: 'daily_revenue',
      steps: [{ name: 'revenue', engine: 'warehouse', sql: dailyRevenue }],
      parameters: {},
      windowAs: 'timestamp',
      window: { unit: 'day', size: 1 },
      schedule: '30 2 * * *',
      timeZone: 'Europe/Berlin',
      checks: [],
    });
    expect(made.hash).toBe(await specHash(made.spec));
    expect(made).toMatchObject({ state: 'draft', createdBy: { name: 'Ada' }, may: { submit: true, decide: false } });
  });

  it('is tried on the last whole day, and publishes nothing by it', async () => {
    const { evidence } = await promote();
    const [answer] = answerFor(20);
    expect(evidence?.trial).toMatchObject({
      state: 'good',
      windowStart: '2026-11-19T23:00:00.000Z',
      windowEnd: '2026-11-20T23:00:00.000Z',
      rows: 1,
    });
    expect(evidence?.trial.preview?.rows).toEqual([[answer?.day, String(answer?.purchases), String(answer?.cents)]]);
    expect(evidence?.parity).toMatchObject({ state: 'absent' });
    expect(await jobs.lodestar.db.dataset.count({ where: { name: 'daily_revenue' } })).toBe(0);
  });

  it('is compared with what the notebook shows, for that window', async () => {
    const { evidence } = await promote({
      notebook: shown([['2026-11-18', '18', '171']], { windowStart: '2026-11-18', windowEnd: '2026-11-19' }),
    });
    expect(evidence?.trial.windowStart).toBe('2026-11-17T23:00:00.000Z');
    expect(evidence?.parity).toMatchObject({ state: 'equal', comparison: { rows: [1, 1], compared: 1, differing: 0 } });
  });

  it('says where the notebook shows something else', async () => {
    const { evidence } = await promote({
      notebook: shown([['2026-11-18', '18', '170']], { windowStart: '2026-11-18' }),
    });
    expect(evidence?.parity).toMatchObject({
      state: 'differs',
      comparison: { differing: 1, samples: [{ column: 'cents', a: '170', b: '171' }] },
    });
  });

  it.each([
    ['2026-11-18 06:00', undefined],
    ['2026-11-18', '2026-11-21'],
    ['2026-11-21', undefined],
    ['soon', undefined],
  ])('is not compared where the notebook shows %s to %s, which is no past window', async (windowStart, windowEnd) => {
    const { evidence } = await promote({ notebook: shown([], { windowStart, windowEnd }) });
    expect(evidence?.parity.state).toBe('absent');
    expect(evidence?.trial.windowStart).toBe('2026-11-19T23:00:00.000Z');
  });

  it('takes the window from the inputs of the notebook, and their kind', async () => {
    const { id } = await makeNotebook(jobs.projectId, jobs.lead, [
      { type: 'input', name: 'window_start', input: { kind: 'date', value: '2026-11-18' } },
      { type: 'input', name: 'window_end', input: { kind: 'date', value: '2026-11-19' } },
      { type: 'sql', name: 'revenue', source: dailyRevenue },
    ]);
    const made = await createPromotion(jobs.lead, id, asking({ notebook: shown([['2026-11-18', '18', '171']]) }));
    expect(made.spec.windowAs).toBe('date');
    expect(made.evidence?.parity.state).toBe('equal');
  });

  it('does not follow later edits of the notebook', async () => {
    const { id } = await makeNotebook(jobs.projectId, jobs.lead, [
      { type: 'sql', name: 'revenue', source: dailyRevenue },
    ]);
    const made = await createPromotion(jobs.lead, id, asking({ target: 'frozen' }));
    await jobs.lodestar.rooms.edit(id, jobs.lead.userId, (doc) =>
      setSource(doc, readNotebook(doc).cells[0]!.id, 'SELECT 1'),
    );
    expect((await readPromotion(jobs.lead, made.id)).spec.steps[0]?.sql).toBe(dailyRevenue);
    const next = await createPromotion(jobs.lead, id, asking({ target: 'frozen', snapshot: true }));
    expect(next).toMatchObject({ version: 2 });
    expect(next.hash).not.toBe(made.hash);
  });

  it('gets a version of its own, also when two are made at once', async () => {
    const made = await Promise.all([promote({ target: 'twice' }), promote({ target: 'twice' })]);
    expect(made.map((each) => each.version).sort()).toEqual([1, 2]);
  });

  it('keeps a failed trial as evidence', async () => {
    const { id } = await makeNotebook(jobs.projectId, jobs.lead, [
      { type: 'sql', name: 'wrong', source: 'SELECT no_such_column FROM purchase WHERE paid_at >= {{window_start}}' },
    ]);
    const { evidence, may } = await createPromotion(jobs.lead, id, asking({ cell: 'wrong', target: 'wrong' }));
    expect(evidence?.trial).toMatchObject({
      state: 'failed',
      error: { message: expect.stringContaining('no_such_column') },
    });
    expect(may.why).toContain('The trial failed');
  });

  it('leaves no file of its trial behind', async () => {
    await promote();
    expect(await readdir(join(jobs.lodestar.config.DATA_DIR, 'warehouse/staging'))).toEqual([]);
  });

  it('warns of a query without a window that was asked for as a snapshot', async () => {
    const { id } = await makeNotebook(jobs.projectId, jobs.lead, [
      { type: 'sql', name: 'every', source: 'SELECT count(*) AS n FROM purchase' },
    ]);
    const { evidence } = await createPromotion(
      jobs.lead,
      id,
      asking({ cell: 'every', target: 'snap', snapshot: true }),
    );
    expect(evidence?.warnings).toEqual([expect.stringContaining('uses no window')]);
  });
});

describe('refused with the reason:', () => {
  it.each([
    ['an unknown cell', { cell: 'revenu' }, 'unknown-cell'],
    ['a wrong cron', { schedule: '61 * * * *' }, 'bad-schedule'],
    ['a wrong zone', { timeZone: 'Europe/Atlantis' }, 'bad-schedule'],
    ['a target that is another dataset', { target: 'purchase' }, 'target-taken'],
    ['a target that is another dataset but for its capitals', { target: 'Purchase' }, 'target-taken'],
    ['a target that Lodestar keeps', { target: 'workbench_events' }, 'target-taken'],
  ])('%s', async (_, more, code) => {
    await expect(promote(more)).rejects.toMatchObject({ code });
  });

  it('no window used, unless that is wanted', async () => {
    const { id } = await makeNotebook(jobs.projectId, jobs.lead, [
      { type: 'sql', name: 'every', source: 'SELECT * FROM purchase' },
    ]);
    await expect(createPromotion(jobs.lead, id, asking({ cell: 'every' }))).rejects.toMatchObject({
      code: 'no-window',
      status: 422,
    });
  });

  it('hours bound as dates', async () => {
    const { id } = await makeNotebook(jobs.projectId, jobs.lead, [
      { type: 'input', name: 'window_start', input: { kind: 'date', value: '2026-11-18' } },
      { type: 'sql', name: 'revenue', source: dailyRevenue },
    ]);
    await expect(createPromotion(jobs.lead, id, asking({ window: 'hour' }))).rejects.toMatchObject({
      code: 'window-inputs',
    });
  });

  it('a file that only one browser has', async () => {
    const { id } = await makeNotebook(jobs.projectId, jobs.lead, [
      { type: 'sql', name: 'mine', source: 'SELECT * FROM my_csv WHERE paid_at >= {{window_start}}' },
    ]);
    await expect(createPromotion(jobs.lead, id, asking({ cell: 'mine' }))).rejects.toMatchObject({
      code: 'unknown-name',
    });
  });

  it('a reader, and a stranger does not learn that the notebook is there', async () => {
    const reader = await makeActor();
    await makeMember(jobs.projectId, reader, 'reader');
    await expect(createPromotion(reader, jobs.notebookId, asking())).rejects.toMatchObject({ status: 403 });
    const stranger = await makeActor();
    await expect(createPromotion(stranger, jobs.notebookId, asking())).rejects.toMatchObject({ status: 404 });
    const { id } = await promote();
    await expect(readPromotion(stranger, id)).rejects.toMatchObject({ status: 404 });
    await expect(listPromotions(stranger, jobs.projectId)).rejects.toMatchObject({ status: 404 });
    expect((await readPromotion(reader, id)).may).toMatchObject({ submit: false, decide: false });
  });
});
