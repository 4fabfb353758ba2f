import { PGlite } from '@electric-sql/pglite';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { fromPglite } from 'pg-boss';
import { PrismaClient } from '#prisma/client/client.ts';
import type { Database, SqlSession } from './open.ts';

export async function openPGlite(where: string, dump?: Blob): Promise<Database> {
  const pglite = await PGlite.create(where, { loadDataDir: dump });
  // The adapter reads every timestamptz as UTC, whatever its offset says.
  await pglite.exec(`SET TIME ZONE 'UTC'`);
  const db = new PrismaClient({ adapter: new PrismaPGlite(withLoudCommit(pglite)) });
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

/**
 * pglite-prisma-adapter 0.7 catches the failure of a transaction for its BEGIN alone and so loses that of a COMMIT: the
 * caller would hold for stored what is not. Here the failure is heard by its handler and thrown on.
 */
function withLoudCommit(pglite: PGlite): PGlite {
  const transaction = (work: Parameters<PGlite['transaction']>[0]) => {
    const done = pglite.transaction(work);
    return { catch: (handle: (error: unknown) => void) => throwOn(done, handle) };
  };
  return new Proxy(pglite, {
    get: (target, property) => {
      if (property === 'transaction') return transaction;
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function throwOn<T>(done: Promise<T>, handle: (error: unknown) => void): Promise<T> {
  const loud = done.catch((error: unknown) => {
    handle(error);
    throw error;
  });
  // Where BEGIN failed nobody waits for the end: the handler has told the caller.
  loud.catch(() => {});
  return loud;
}
