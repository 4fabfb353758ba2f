import pg from 'pg';
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '#prisma/client/client.ts';
import type { Database, SqlSession } from './open.ts';

export async function openPostgres(url: string, onError: (error: Error) => void): Promise<Database> {
  // The adapter reads every timestamptz as UTC, whatever its offset says.
  const pool = new pg.Pool({
    connectionString: url,
    options: '-c TimeZone=UTC',
    application_name: 'lodestar',
    max: 10,
  });
  pool.on('error', onError);
  await reach(pool);
  const db = new PrismaClient({ adapter: new PrismaPg(pool) });
  return {
    kind: 'postgres',
    db,
    executeSql: (text, values) => execute(pool, text, values),
    session: (work) => lend(pool, work),
    close: async () => {
      await db.$disconnect();
      await pool.end();
    },
  };
}

/** DATABASE_URL cannot be used; its message is the one line to print and holds no password. */
export class DatabaseUnreachable extends Error {
  override name = 'DatabaseUnreachable';
}

async function reach(pool: pg.Pool): Promise<void> {
  try {
    await pool.query('SELECT 1');
  } catch (error) {
    await pool.end();
    const { code, message } = error as NodeJS.ErrnoException;
    throw new DatabaseUnreachable(`DATABASE_URL: PostgreSQL does not answer there (${message || code}).`);
  }
}

/** node-postgres gives an array for several statements; their rows are joined, as pg-boss expects. */
async function execute(pool: pg.Pool, text: string, values?: unknown[]) {
  const answer: pg.QueryResult | pg.QueryResult[] = await pool.query(text, values);
  return { rows: [answer].flat().flatMap((result) => result.rows) };
}

async function lend<T>(pool: pg.Pool, work: (session: SqlSession) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    const done = await work(sessionOf(client));
    client.release();
    return done;
  } catch (error) {
    // Closed rather than returned: a half-done transaction or a held lock ends with it.
    client.release(true);
    throw error;
  }
}

function sessionOf(client: pg.PoolClient): SqlSession {
  return {
    query: (text, values) => client.query<Record<string, unknown>>(text, values),
    script: async (text) => void (await client.query(text)),
  };
}
