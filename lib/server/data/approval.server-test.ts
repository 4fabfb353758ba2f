import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Prisma } from '#prisma/client/client.ts';
import { asking, renew, startJobs, type Jobs } from '#lib/testing/jobs.ts';
import { newId } from '#lib/notebook/id.ts';
import { makeActor, makeMember } from '#lib/testing/people.ts';
import type { Actor } from '#lib/server/access.ts';
import { approvePromotion, rejectPromotion, submitPromotion } from './approval.ts';
import { createPromotion } from './promote.ts';
import { readPromotion } from './promotion.ts';

let jobs: Jobs;
beforeAll(async () => void (jobs = await startJobs()));
beforeEach(() => renew(jobs));
afterAll(() => jobs.close());

const yes = { comment: '' };

async function submitted(by: Actor = jobs.lead, more: object = {}): Promise<string> {
  const { id } = await createPromotion(by, jobs.notebookId, asking(more));
  await submitPromotion(by, id);
  return id;
}

async function member(role: 'owner' | 'editor' | 'reader'): Promise<Actor> {
  const actor = await makeActor();
  await makeMember(jobs.projectId, actor, role);
  return actor;
}

describe('who approves', () => {
  it('the author, while there is no other owner', async () => {
    const { jobId } = await approvePromotion(jobs.lead, await submitted(), yes);
    const job = await jobs.lodestar.db.job.findUniqueOrThrow({ where: { id: jobId }, include: { dataset: true } });
    expect(job).toMatchObject({
      name: 'daily_revenue',
      ownerId: jobs.lead.userId,
      state: 'active',
      dataset: { name: 'daily_revenue', kind: 'job' },
    });
  });

  it('another owner as soon as there is one, and no longer the author', async () => {
    const id = await submitted();
    const other = await member('owner');
    await expect(approvePromotion(jobs.lead, id, yes)).rejects.toMatchObject({ status: 403, code: 'another-lead' });
    expect((await readPromotion(jobs.lead, id)).may).toMatchObject({
      decide: false,
      why: expect.stringContaining('another owner'),
    });
    expect((await readPromotion(other, id)).may.decide).toBe(true);
    await expect(approvePromotion(other, id, yes)).resolves.toHaveProperty('jobId');
  });

  it('an author who administers the workspace is no exception', async () => {
    const admin = await makeActor({ isAdmin: true });
    await expect(approvePromotion(admin, await submitted(admin), yes)).rejects.toMatchObject({ code: 'another-lead' });
  });

  it('the only owner, for what an editor promoted', async () => {
    const editor = await member('editor');
    await expect(approvePromotion(jobs.lead, await submitted(editor), yes)).resolves.toHaveProperty('jobId');
  });

  it('never an editor, a reader or a stranger', async () => {
    const id = await submitted();
    await expect(approvePromotion(await member('editor'), id, yes)).rejects.toMatchObject({ status: 403 });
    await expect(approvePromotion(await member('reader'), id, yes)).rejects.toMatchObject({ status: 403 });
    await expect(approvePromotion(await makeActor(), id, yes)).rejects.toMatchObject({ status: 404 });
    await expect(rejectPromotion(await member('editor'), id, yes)).rejects.toMatchObject({ status: 403 });
  });
});

describe('what is approved', () => {
  it('only what was submitted', async () => {
    const { id } = await createPromotion(jobs.lead, jobs.notebookId, asking());
    await expect(approvePromotion(jobs.lead, id, yes)).rejects.toMatchObject({ code: 'wrong-state' });
  });

  it('not what was rejected', async () => {
    const id = await submitted();
    const view = await rejectPromotion(jobs.lead, id, { comment: 'Count refunds, too.' });
    expect(view).toMatchObject({ state: 'rejected', decision: 'Count refunds, too.', decidedBy: { name: 'Ada' } });
    await expect(approvePromotion(jobs.lead, id, yes)).rejects.toMatchObject({ code: 'wrong-state' });
  });

  it('the hash that was read, when it is named', async () => {
    const id = await submitted();
    await expect(approvePromotion(jobs.lead, id, { ...yes, hash: '0'.repeat(64) })).rejects.toMatchObject({
      code: 'other-hash',
    });
    const { hash } = await readPromotion(jobs.lead, id);
    await expect(approvePromotion(jobs.lead, id, { ...yes, hash })).resolves.toHaveProperty('jobId');
  });

  it('never a text that is not the one under the hash: the promotion is void', async () => {
    const id = await submitted();
    const { spec } = await readPromotion(jobs.lead, id);
    await jobs.lodestar.db.promotion.update({ where: { id }, data: { spec: { ...spec, schedule: '* * * * *' } } });
    await expect(approvePromotion(jobs.lead, id, yes)).rejects.toMatchObject({ code: 'void' });
    expect((await readPromotion(jobs.lead, id)).state).toBe('void');
    expect(await jobs.lodestar.db.job.count({ where: { projectId: jobs.projectId } })).toBe(0);
  });

  it('not without a good trial', async () => {
    const id = await submitted(jobs.lead, { checks: [{ type: 'rows', min: 5 }] });
    await expect(approvePromotion(jobs.lead, id, yes)).rejects.toMatchObject({ code: 'no-evidence' });
  });
});

describe('evidence that differs', () => {
  const differing = async (change: object) => {
    const id = await submitted();
    const { evidence } = await readPromotion(jobs.lead, id);
    await jobs.lodestar.db.promotion.update({
      where: { id },
      data: { evidence: { ...evidence!, ...change } as Prisma.InputJsonObject },
    });
    return id;
  };
  const parity = { state: 'differs', why: '', comparison: null };
  const replay = {
    why: '3 rows differ.',
    events: 9,
    pieces: 2,
    late: 0,
    from: null,
    to: null,
    comparison: null,
    took: 1,
  };

  it('of either clock is not signed by the way', async () => {
    for (const change of [
      { parity },
      { replay: { ...replay, state: 'differs' } },
      { replay: { ...replay, state: 'failed' } },
    ])
      await expect(approvePromotion(jobs.lead, await differing(change), yes)).rejects.toMatchObject({
        status: 409,
        code: 'differs',
        message: expect.stringContaining('"accept": true'),
      });
  });

  it('is signed by who says so, which is kept', async () => {
    const id = await differing({ parity, replay: { ...replay, state: 'differs' } });
    await expect(approvePromotion(jobs.lead, id, { ...yes, accept: true })).resolves.toHaveProperty('jobId');
    expect((await readPromotion(jobs.lead, id)).evidence?.accepted).toMatchObject({
      by: { id: jobs.lead.userId, name: 'Ada' },
      what: expect.stringMatching(/than the notebook shows.*3 rows differ/),
    });
  });

  it('is nothing to accept where nothing differs', async () => {
    const id = await differing({ replay: { ...replay, state: 'equal' } });
    await approvePromotion(jobs.lead, id, { ...yes, accept: true });
    expect((await readPromotion(jobs.lead, id)).evidence?.accepted).toBeUndefined();
  });
});

describe('what comes of it', () => {
  it('one job, however often and by how many at once it is approved', async () => {
    const id = await submitted();
    const answers = await Promise.all([1, 2, 3, 4].map(() => approvePromotion(jobs.lead, id, yes)));
    expect(new Set(answers.map((answer) => answer.jobId)).size).toBe(1);
    expect(await approvePromotion(jobs.lead, id, yes)).toEqual(answers[0]);
    expect(await jobs.lodestar.db.job.count({ where: { projectId: jobs.projectId } })).toBe(1);
  });

  it('the next version of the same job, once approved', async () => {
    const first = await approvePromotion(jobs.lead, await submitted(), yes);
    const id = await submitted(jobs.lead, { schedule: '0 5 * * *' });
    expect((await readPromotion(jobs.lead, id)).before).toMatchObject({ version: 1 });
    expect(await approvePromotion(jobs.lead, id, yes)).toEqual(first);
    const job = await jobs.lodestar.db.job.findUniqueOrThrow({ where: { id: first.jobId } });
    expect(job.promotionId).toBe(id);
  });

  it('never an older version in place of a newer', async () => {
    const [older, newer] = [await submitted(), await submitted()];
    await approvePromotion(jobs.lead, newer, yes);
    await expect(approvePromotion(jobs.lead, older, yes)).rejects.toMatchObject({ code: 'superseded' });
  });

  it('two versions approved at once end as the newer', async () => {
    const [older, newer] = [await submitted(), await submitted()];
    await Promise.allSettled([approvePromotion(jobs.lead, older, yes), approvePromotion(jobs.lead, newer, yes)]);
    const job = await jobs.lodestar.db.job.findFirstOrThrow({ where: { projectId: jobs.projectId } });
    expect(job.promotionId).toBe(newer);
  });

  it('never windows that overlap those the dataset holds', async () => {
    const { jobId } = await approvePromotion(jobs.lead, await submitted(), yes);
    const early = await submitted(jobs.lead, { timeZone: 'UTC' });
    const window = { windowStart: new Date('2026-03-01T00:00:00Z'), windowEnd: new Date('2026-03-02T00:00:00Z') };
    const { promotionId } = await jobs.lodestar.db.job.findUniqueOrThrow({ where: { id: jobId } });
    const state = { state: 'running', queuedAt: new Date() };
    await jobs.lodestar.db.run.create({
      data: { id: newId(), jobId, promotionId, cause: 'manual', ...state, ...window },
    });
    await expect(approvePromotion(jobs.lead, early, yes)).rejects.toMatchObject({ code: 'other-window' });
    const asked = asking({ window: 'month' });
    await expect(createPromotion(jobs.lead, jobs.notebookId, asked)).rejects.toMatchObject({ code: 'other-window' });
    await expect(createPromotion(jobs.lead, jobs.notebookId, asking())).resolves.toMatchObject({ version: 3 });
  });

  it('nothing when the name was taken meanwhile', async () => {
    const id = await submitted();
    await jobs.lodestar.db.dataset.create({
      data: { id: newId(), projectId: jobs.projectId, name: 'daily_revenue', kind: 'upload' },
    });
    await expect(approvePromotion(jobs.lead, id, yes)).rejects.toMatchObject({ code: 'target-taken' });
    expect((await readPromotion(jobs.lead, id)).state).toBe('submitted');
  });

  it('submitting twice is one submission, and a decided one cannot be submitted', async () => {
    const id = await submitted();
    expect((await submitPromotion(jobs.lead, id)).state).toBe('submitted');
    await rejectPromotion(jobs.lead, id, yes);
    await expect(submitPromotion(jobs.lead, id)).rejects.toMatchObject({ code: 'wrong-state' });
  });
});
