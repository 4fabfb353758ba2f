import type { Connection } from '#prisma/client/client.ts';
import { demand, type Actor, type Right, type Role } from '#lib/server/access.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { notFound } from '#lib/server/problem.ts';

/** The connection's row, or a refusal; a stranger cannot tell it from none. */
export async function demandConnection(
  actor: Actor,
  id: string,
  right: Right,
): Promise<{ row: Connection; role: Role }> {
  const row = await getLodestar().db.connection.findUnique({ where: { id } });
  if (!row) throw notFound('connection');
  try {
    return { row, role: await demand(actor, row.projectId, right) };
  } catch (error) {
    throw (error as { status?: number }).status === 404 ? notFound('connection') : error;
  }
}

/** The person's own sealed account there, as it stands in its row. */
export function ownOf(actor: Actor, { id }: Connection) {
  const key = { connectionId: id, userId: actor.userId };
  return getLodestar().db.credential.findUnique({ where: { connectionId_userId: key } });
}
