import { allows, type Actor, type Role } from '#lib/server/access.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import type { Promotion } from '#prisma/client/client.ts';

/** Why this person may not decide about the promotion, in a sentence; null when they may. */
export async function mayDecide(actor: Actor, role: Role, row: Promotion): Promise<string | null> {
  if (!allows(role, 'own')) return 'An owner of the project decides about promotions.';
  if (row.createdBy !== actor.userId) return null;
  const others = await getLodestar().db.member.count({
    where: { projectId: row.projectId, role: 'owner', userId: { not: actor.userId } },
  });
  return others === 0 ? null : 'You promoted this yourself. The project has another owner, who must approve it.';
}
