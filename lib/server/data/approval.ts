import { differenceIn, Evidence, evidenceProblem } from '#lib/job/evidence.ts';
import { specHash } from '#lib/job/hash.ts';
import { realtimeWords } from '#lib/job/realtime.ts';
import { PromotionSpec } from '#lib/job/spec.ts';
import type { PromotionView } from '#lib/job/view.ts';
import { newId } from '#lib/notebook/id.ts';
import { demand, type Actor } from '#lib/server/access.ts';
import { writtenBy } from '#lib/server/jobs/remove.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { conflict, Problem } from '#lib/server/problem.ts';
import { beginLive, beginningOf, nextVersion, type Beginning } from '#lib/server/realtime/begin.ts';
import { Prisma, type LiveJob, type Promotion } from '#prisma/client/client.ts';
import { mayDecide } from './policy.ts';
import { demandPromotion, readPromotion, type Approval, type Decision } from './promotion.ts';
import { demandTarget, placeOf } from './target.ts';

/*
 * Who signs, and what comes of it. Signing is bound to the hash of the frozen text: it is computed again here, and an
 * approver may name the one that was read. Another lead signs as soon as there is one; the author only while the project has no other.
 * Approving makes the dataset and the job, or gives the job its next version, in one transaction; doing it twice makes one job.
 */

export async function submitPromotion(actor: Actor, id: string): Promise<PromotionView> {
  await demandPromotion(actor, id, 'edit');
  const { db, now } = getLodestar();
  const { count } = await db.promotion.updateMany({
    where: { id, state: 'draft' },
    data: { state: 'submitted', submittedAt: now() },
  });
  const view = await readPromotion(actor, id);
  if (count === 0 && view.state !== 'submitted')
    throw conflict('wrong-state', `This promotion is ${view.state}; only a draft can be submitted.`);
  return view;
}

type AskedApproval = Decision & Partial<Approval>;

export async function approvePromotion(actor: Actor, id: string, decision: AskedApproval): Promise<{ jobId: string }> {
  const row = await demandPromotion(actor, id, 'own');
  const role = await demand(actor, row.projectId, 'own');
  const problem = await mayDecide(actor, role, row);
  if (problem) throw new Problem(403, 'another-lead', problem);
  const beginning = await beginningFor(row);
  const jobId = await getLodestar().db.$transaction((tx) => approve(tx, actor, row.id, decision, beginning), {
    timeout: 30_000,
    maxWait: 30_000,
  });
  if (jobId === null)
    throw conflict(
      'void',
      'The frozen text is not the one that was tried, so nothing can be signed. Promote the query again.',
    );
  await start(jobId);
  return { jobId };
}

/** Where a new real-time job begins in its stream; asked beforehand, as the log may have to be opened. */
async function beginningFor(row: Promotion): Promise<Beginning | null> {
  const spec = PromotionSpec.parse(row.spec);
  if (!spec.realtime || row.state !== 'submitted') return null;
  await demandStreamStands(spec);
  return beginningOf(getLodestar(), spec);
}

async function demandStreamStands({ realtime }: PromotionSpec): Promise<void> {
  if (await getLodestar().db.stream.findUnique({ where: { id: realtime!.stream }, select: { id: true } })) return;
  throw conflict(
    'no-stream',
    'The stream this promotion answers for was deleted. Reject it, and promote the query again.',
  );
}

async function start(jobId: string): Promise<void> {
  const { db, scheduler, realtime } = getLodestar();
  const { kind } = await db.job.findUniqueOrThrow({ where: { id: jobId }, select: { kind: true } });
  if (kind === 'realtime') realtime.wake(jobId);
  else await scheduler.plan(jobId);
}

export async function rejectPromotion(actor: Actor, id: string, decision: Decision): Promise<PromotionView> {
  await demandPromotion(actor, id, 'own');
  const { db, now } = getLodestar();
  const { count } = await db.promotion.updateMany({
    where: { id, state: { in: ['submitted', 'draft'] } },
    data: { state: 'rejected', decidedBy: actor.userId, decidedAt: now(), decision: decision.comment },
  });
  const view = await readPromotion(actor, id);
  if (count === 0) throw conflict('wrong-state', `This promotion is already ${view.state}.`);
  return view;
}

/** Gives the job's id; null when the text was found changed, which voids the promotion. */
async function approve(
  tx: Prisma.TransactionClient,
  actor: Actor,
  id: string,
  decision: AskedApproval,
  beginning: Beginning | null,
): Promise<string | null> {
  const row = await lock(tx, id);
  if (row.state === 'approved' && row.jobId) return row.jobId;
  if (row.state !== 'submitted')
    throw conflict('wrong-state', `This promotion is ${row.state}; only a submitted one can be approved.`);
  const spec = PromotionSpec.parse(row.spec);
  if ((await specHash(spec)) !== row.hash) {
    await tx.promotion.update({ where: { id }, data: { state: 'void' } });
    return null;
  }
  if (decision.hash !== undefined && decision.hash !== row.hash)
    throw conflict('other-hash', 'The hash you sent is not that of this promotion. Read it again before you sign.');
  const evidence = Evidence.nullable().parse(row.evidence);
  const problem = evidenceProblem(evidence);
  if (problem) throw conflict('no-evidence', problem);
  const accepted = acceptedBy(actor, evidence, decision);
  const jobId = await makeJob(tx, row, spec, beginning);
  const decided = {
    state: 'approved',
    decidedBy: actor.userId,
    decidedAt: getLodestar().now(),
    decision: decision.comment,
    ...(accepted ? { evidence: { ...evidence, accepted } as Prisma.InputJsonObject } : {}),
  };
  await tx.promotion.update({ where: { id }, data: { ...decided, jobId } });
  return jobId;
}

/** What differs is signed with open eyes or not at all. Throws a Problem (409) where it was not accepted. */
function acceptedBy(actor: Actor, evidence: Evidence | null, { accept }: AskedApproval): Evidence['accepted'] | null {
  const what = differenceIn(evidence);
  if (!what) return null;
  if (!accept)
    throw conflict(
      'differs',
      `${what} Who approves it nevertheless says so: tick it beside the decision, or send "accept": true.`,
    );
  return { by: { id: actor.userId, name: actor.name }, at: getLodestar().now().toISOString(), what };
}

/** Locks the project first, so that two versions of one target are approved one after the other. */
async function lock(tx: Prisma.TransactionClient, id: string): Promise<Promotion> {
  await tx.$queryRaw`SELECT id FROM "Project" WHERE id = (SELECT "projectId" FROM "Promotion" WHERE id = ${id}) FOR UPDATE`;
  return tx.promotion.findUniqueOrThrow({ where: { id } });
}

async function makeJob(
  tx: Prisma.TransactionClient,
  row: Promotion,
  spec: PromotionSpec,
  beginning: Beginning | null,
): Promise<string> {
  const job = await tx.job.findUnique({
    where: { projectId_name: { projectId: row.projectId, name: row.target } },
    include: { promotion: true, live: true },
  });
  const newest = job && Math.max(job.promotion.version, await nextOf(tx, job.live));
  if (newest && newest > row.version)
    throw conflict('superseded', `Version ${newest} of ${row.target} already runs; an older one cannot replace it.`);
  await demandTarget(tx, row.projectId, spec);
  if (!job) return insertJob(tx, row, spec, beginning);
  if (spec.realtime) {
    await nextVersion(tx, job.id, row, getLodestar().now());
    return job.id;
  }
  const change = { promotionId: row.id, ownerId: row.createdBy };
  await tx.job.update({ where: { id: job.id }, data: change });
  await tx.dataset.update({ where: { id: job.datasetId }, data: { place: placeOf(spec) ?? Prisma.DbNull } });
  return job.id;
}

/** The version that a real-time job takes up at its next edge; 0 where there is none. */
async function nextOf(tx: Prisma.TransactionClient, live: LiveJob | null): Promise<number> {
  if (!live?.nextId) return 0;
  return (await tx.promotion.findUniqueOrThrow({ where: { id: live.nextId } })).version;
}

async function insertJob(
  tx: Prisma.TransactionClient,
  row: Promotion,
  spec: PromotionSpec,
  beginning: Beginning | null,
): Promise<string> {
  const { projectId, target, createdBy } = row;
  const now = getLodestar().now();
  const pace = spec.realtime ? realtimeWords(spec.realtime, spec.window, target) : `one ${spec.window.unit} at a time`;
  const description = `${writtenBy(target)}, ${pace}.`;
  const dataset = await tx.dataset.create({
    data: {
      id: newId(),
      projectId,
      name: target,
      kind: 'job',
      description,
      createdBy,
      createdAt: now,
      updatedAt: now,
      place: placeOf(spec) ?? Prisma.DbNull,
    },
  });
  const kind = spec.realtime ? 'realtime' : 'offline';
  const links = { promotionId: row.id, datasetId: dataset.id, ownerId: createdBy };
  const job = await tx.job.create({
    data: { id: newId(), projectId, name: target, kind, ...links, createdAt: now, plannedThrough: now },
  });
  if (beginning) await beginLive(tx, job.id, beginning);
  return job.id;
}
