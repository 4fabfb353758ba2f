import { z } from 'zod';
import { evidenceProblem, Evidence } from '#lib/job/evidence.ts';
import { PromotionSpec } from '#lib/job/spec.ts';
import type { PromotionEntry, PromotionState, PromotionView } from '#lib/job/view.ts';
import { allows, demand, type Actor, type Right } from '#lib/server/access.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { notFound, type Problem } from '#lib/server/problem.ts';
import type { Promotion } from '#prisma/client/client.ts';
import { connectionNames } from './connection-name.ts';
import { nameOf, namesOf, type Names } from './person.ts';
import { mayDecide } from './policy.ts';
import { cut, firstSlice, window, type Slice, type Sliced } from './slice.ts';

/*
 * Promotions as they are read. What is frozen in one never changes again; an edit of the notebook needs a new
 * promotion, which is the next version of the same target. promote.ts makes them, approval.ts decides about them.
 */

export async function readPromotion(actor: Actor, id: string): Promise<PromotionView> {
  const row = await demandPromotion(actor, id, 'read');
  const { db } = getLodestar();
  const before = await db.promotion.findFirst({
    // What a deleted job ran is replaced by nothing.
    where: {
      projectId: row.projectId,
      target: row.target,
      state: 'approved',
      version: { lt: row.version },
      jobId: { not: null },
    },
    orderBy: { version: 'desc' },
  });
  const names = await namesOf([row.createdBy, row.decidedBy]);
  const evidence = Evidence.nullable().parse(row.evidence);
  return {
    ...toEntry(row, names),
    spec: PromotionSpec.parse(row.spec),
    evidence,
    connections: await connectionNames(row.projectId, PromotionSpec.parse(row.spec)),
    before: before && {
      id: before.id,
      version: before.version,
      hash: before.hash,
      spec: PromotionSpec.parse(before.spec),
    },
    may: await rightsOn(actor, row, evidence),
  };
}

/** The project's promotions, the newest first. */
export async function listPromotions(
  actor: Actor,
  projectId: string,
  slice: Slice = firstSlice,
): Promise<Sliced<PromotionEntry>> {
  await demand(actor, projectId, 'read');
  const rows = await getLodestar().db.promotion.findMany({
    where: { projectId },
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
    ...window(slice),
  });
  const names = await namesOf(rows.flatMap((row) => [row.createdBy, row.decidedBy]));
  return cut(rows, slice, (row) => toEntry(row, names));
}

/** The promotion's row, for someone with the right in its project. */
export async function demandPromotion(actor: Actor, id: string, right: Right): Promise<Promotion> {
  const row = await getLodestar().db.promotion.findUnique({ where: { id } });
  if (!row) throw notFound('promotion');
  await demand(actor, row.projectId, right).catch((error: Problem) => {
    throw error.status === 404 ? notFound('promotion') : error;
  });
  return row;
}

async function rightsOn(actor: Actor, row: Promotion, evidence: Evidence | null): Promise<PromotionView['may']> {
  const role = await demand(actor, row.projectId, 'read');
  const problem = row.state === 'draft' || row.state === 'submitted' ? evidenceProblem(evidence) : null;
  const why = problem ?? (await mayDecide(actor, role, row));
  return {
    submit: row.state === 'draft' && allows(role, 'edit'),
    decide: row.state === 'submitted' && why === null,
    why: why ?? '',
  };
}

export function toEntry(row: Promotion, names: Names): PromotionEntry {
  return {
    id: row.id,
    projectId: row.projectId,
    notebookId: row.notebookId,
    cellId: row.cellId,
    target: row.target,
    version: row.version,
    state: row.state as PromotionState,
    hash: row.hash,
    note: row.note,
    createdBy: nameOf(names, row.createdBy),
    createdAt: row.createdAt.toISOString(),
    submittedAt: row.submittedAt?.toISOString() ?? null,
    decidedBy: row.decidedBy ? nameOf(names, row.decidedBy) : null,
    decidedAt: row.decidedAt?.toISOString() ?? null,
    decision: row.decision,
    jobId: row.jobId,
  };
}

export const Decision = z.object({
  /** The hash that was read and is signed; refused when it is not the stored one. */
  hash: z.string().optional(),
  comment: z.string().max(2000).default(''),
});
export type Decision = z.infer<typeof Decision>;

export const Approval = Decision.extend({
  /** Where the evidence differs (parity or replay): that who signs has seen it, and approves nevertheless. It is kept. */
  accept: z.boolean().default(false),
});
export type Approval = z.infer<typeof Approval>;
