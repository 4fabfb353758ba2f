import { specHash } from '#lib/job/hash.ts';
import { PromotionSpec } from '#lib/job/spec.ts';
import { allows, roleIn, type Actor } from '#lib/server/access.ts';
import type { Job, PrismaClient, Promotion, User } from '#prisma/client/client.ts';

/*
 * Asked before every run, since approval may be long ago: does the job's owner still have the right today, and is the text still
 * the one that was signed? A text whose hash differs voids its approval; it takes a new promotion.
 */
export type Guarded = { ok: true; spec: PromotionSpec; owner: Actor } | Refused;
type Refused = { ok: false; code: 'forbidden' | 'void'; message: string };

export async function guard(db: PrismaClient, job: Job, promotion: Promotion): Promise<Guarded> {
  const owner = await db.user.findUnique({ where: { id: job.ownerId } });
  return (
    (await refuseOwner(db, job, owner)) ??
    (await refuseText(db, promotion)) ?? { ok: true, spec: PromotionSpec.parse(promotion.spec), owner: toActor(owner!) }
  );
}

async function refuseOwner(db: PrismaClient, job: Job, owner: User | null): Promise<Refused | null> {
  const role = owner && (await roleIn(toActor(owner), job.projectId, db));
  if (role && allows(role, 'edit')) return null;
  const who = owner?.name ?? 'The owner of this job';
  return {
    ok: false,
    code: 'forbidden',
    message: `${who} no longer has the right to edit in this project, so the job may not run in that name. Promote it again as someone who has.`,
  };
}

async function refuseText(db: PrismaClient, promotion: Promotion): Promise<Refused | null> {
  const spec = PromotionSpec.safeParse(promotion.spec);
  const isSigned = promotion.state === 'approved' && spec.success && (await specHash(spec.data)) === promotion.hash;
  if (isSigned) return null;
  if (promotion.state === 'approved')
    await db.promotion.update({ where: { id: promotion.id }, data: { state: 'void' } });
  return {
    ok: false,
    code: 'void',
    message: 'The text of this job is not the one that was approved, so the approval is void. Promote the query again.',
  };
}

function toActor(owner: User): Actor {
  return {
    userId: owner.id,
    name: owner.name,
    email: owner.email,
    isAdmin: owner.isAdmin,
    via: { kind: 'session', id: 'job' },
  };
}
