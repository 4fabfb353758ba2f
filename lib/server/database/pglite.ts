import { PGlite } from '@electric-sql/pglite';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { fromPglite } from 'pg-boss';
import { PrismaClient } from '#prisma/client/client.ts';
import type { Database, SqlSession } from './open.ts';

export async function openPGlite(where: string): Promise<Database> {
  const pglite = await PGlite.create(where);
  // The adapter reads every timestamptz as UTC, whatever its offset says.
  await pglite.exec(`SET TIME ZONE 'UTC'`);
  const db = new PrismaClient({ adapter: new PrismaPGlite(pglite) });
  return {
    kind: 'pglite',
    db,
    executeSql: fromPglite(pglite).executeSql,
    session: (work) => work(sessionOf(pglite)),
    close: async () => {
      await db.$disconnect();
      await pglite.close();
    },
  };
}

function sessionOf(pglite: PGlite): SqlSession {
  return {
    query: (text, values) => pglite.query<Record<string, unknown>>(text, values),
    script: async (text) => void (await pglite.exec(text)),
  };
}
