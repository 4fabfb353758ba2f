import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { PrismaClient } from '#prisma/client/client.ts';
import { openPGlite } from './pglite.ts';
import { openPostgres } from './postgres.ts';

/*
 * The truth, behind one Prisma client: PGlite below DATA_DIR, or PostgreSQL when its address is given. This room opens,
 * migrates and closes it, and guards DATA_DIR with a lock (lock.ts). It knows no noun; those live in lib/server/data.
 */

export interface Database {
  kind: 'pglite' | 'postgres';
  db: PrismaClient;
  /** Plain SQL beside Prisma, for pg-boss's `db` option. Without values the text may hold several statements. */
  executeSql: ExecuteSql;
  /** Lends one session to migrate.ts; nobody else speaks on it meanwhile. */
  session<T>(work: (session: SqlSession) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

// pg-boss itself asks for rows of any shape.
// oxlint-disable-next-line typescript/no-explicit-any
export type ExecuteSql = (text: string, values?: unknown[]) => Promise<{ rows: any[] }>;

export interface SqlSession {
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
  /** Several statements, no values. */
  script(text: string): Promise<void>;
}

export interface DatabaseAddress {
  /** PostgreSQL; wins over the others. */
  url?: string;
  /** PGlite in `${dataDir}/postgres`. */
  dataDir?: string;
  /** PGlite that is gone when closed, for tests: new, or as a dump of its says. */
  memory?: true | Blob;
}

export async function openDatabase(
  address: DatabaseAddress,
  onError: (error: Error) => void = () => {},
): Promise<Database> {
  if (address.url) return openPostgres(address.url, onError);
  if (address.memory) return openPGlite('memory://', address.memory === true ? undefined : address.memory);
  if (!address.dataDir) throw new Error('openDatabase needs url, dataDir or memory.');
  await mkdir(address.dataDir, { recursive: true });
  return openPGlite(join(address.dataDir, 'postgres'));
}
