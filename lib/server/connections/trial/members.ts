import type { PrismaClient } from '#prisma/client/client.ts';
import type { Person } from '#lib/server/connections/connections.ts';
import type { Member } from './people.ts';

/** Who may use the project's connections: the one who asks first, then its members by name. */
export async function membersOf(db: PrismaClient, projectId: string, first: Person): Promise<Member[]> {
  const rows = await db.member.findMany({
    where: { projectId, NOT: { userId: first.userId } },
    include: { user: { select: { name: true, email: true } } },
    orderBy: [{ user: { name: 'asc' } }, { userId: 'asc' }],
    take: 25,
  });
  return [{ name: first.name, email: first.email }, ...rows.map(({ user }) => user)];
}
