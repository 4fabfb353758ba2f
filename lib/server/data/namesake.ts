import { sameName } from '#lib/notebook/name.ts';
import type { Prisma, PrismaClient } from '#prisma/client/client.ts';

type Client = PrismaClient | Prisma.TransactionClient;

/** The project's datasets that SQL cannot tell from this name: it knows no upper and lower case. */
export async function namesakes(db: Client, projectId: string, name: string) {
  const found = await db.dataset.findMany({
    where: { projectId, name: { equals: name, mode: 'insensitive' } },
    include: { job: true },
  });
  // Postgres is asked with ILIKE, to which _ is any letter.
  return found.filter((each) => each.name.toLowerCase() === name.toLowerCase());
}

/** The project's stream that SQL cannot tell from this name. */
export async function streamNamed(db: Client, projectId: string, name: string) {
  const found = await db.stream.findMany({ where: { projectId, name: { equals: name, mode: 'insensitive' } } });
  return found.find((each) => sameName(each.name, name)) ?? null;
}
