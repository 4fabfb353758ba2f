import type { Stream } from '#prisma/client/client.ts';
import { demand, type Actor, type Right } from '#lib/server/access.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { notFound } from '#lib/server/problem.ts';

/** The stream's row, or a refusal; a stranger cannot tell it from none. */
export async function demandStream(actor: Actor, id: string, right: Right): Promise<Stream> {
  const row = await getLodestar().db.stream.findUnique({ where: { id } });
  if (!row) throw notFound('stream');
  try {
    await demand(actor, row.projectId, right);
  } catch (error) {
    throw (error as { status?: number }).status === 404 ? notFound('stream') : error;
  }
  return row;
}
