import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database, SqlSession } from './open.ts';

/*
 * Applies prisma/migrations in order and records them as Prisma does, so that `prisma migrate deploy` agrees with us
 * wherever its engine can run. Each migration and its record are one transaction: all of it or nothing.
 */

export const migrationsDir = join(import.meta.dirname, '../../../prisma/migrations');

/** Why this database and these files do not fit each other, in one sentence that says what to do. */
export class MigrationRefused extends Error {
  override name = 'MigrationRefused';
}

interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

/** Brings the database up to date; returns the names applied now. Several nodes may call it at once. */
export async function migrate(database: Database, dir = migrationsDir): Promise<string[]> {
  const wanted = await readMigrations(dir);
  return database.session(async (session) => {
    await lock(database, session);
    try {
      return await applyMissing(session, wanted);
    } finally {
      await unlock(database, session);
    }
  });
}

async function applyMissing(session: SqlSession, wanted: Migration[]): Promise<string[]> {
  await session.script(table);
  const missing = compare(wanted, await readRecords(session));
  for (const migration of missing) await apply(session, migration);
  return missing.map((migration) => migration.name);
}

async function apply(session: SqlSession, migration: Migration): Promise<void> {
  await session.script('BEGIN');
  try {
    await session.script(migration.sql);
    await session.query(
      `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), migration.checksum, migration.name],
    );
    await session.script('COMMIT');
  } catch (error) {
    await session.script('ROLLBACK');
    throw error;
  }
}

interface Record {
  name: string;
  checksum: string;
  finished: boolean;
}

function compare(wanted: Migration[], records: Record[]): Migration[] {
  const files = new Map(wanted.map((migration) => [migration.name, migration]));
  for (const record of records) refuseMisfit(record, files.get(record.name));
  const done = new Set(records.map((record) => record.name));
  return wanted.filter((migration) => !done.has(migration.name));
}

function refuseMisfit(record: Record, file: Migration | undefined): void {
  if (!file)
    throw new MigrationRefused(
      `The database was written by a newer Lodestar: it holds the migration "${record.name}", which this version does not know. Start the newer version, or restore a backup.`,
    );
  if (!record.finished)
    throw new MigrationRefused(
      `The migration "${record.name}" was begun by another tool and did not finish. Mend it with "prisma migrate resolve", or restore a backup.`,
    );
  if (file.checksum !== record.checksum)
    throw new MigrationRefused(
      `The migration "${record.name}" was changed after it had been applied to this database. Bring back its released text, or start with a fresh database.`,
    );
}

async function readRecords(session: SqlSession): Promise<Record[]> {
  const { rows } = await session.query(
    `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
     FROM "_prisma_migrations" WHERE rolled_back_at IS NULL ORDER BY started_at`,
  );
  return rows as unknown as Record[];
}

async function readMigrations(dir: string): Promise<Migration[]> {
  const entries = await readdir(dir, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(names.toSorted().map((name) => readMigration(dir, name)));
}

async function readMigration(dir: string, name: string): Promise<Migration> {
  const sql = await readFile(join(dir, name, 'migration.sql'), 'utf8');
  return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
}

// The number Prisma's own migrate locks with, so that the two exclude each other. PGlite has one process, held by lock.ts.
const advisory = 72707369;

async function lock(database: Database, session: SqlSession): Promise<void> {
  if (database.kind === 'postgres') await session.query('SELECT pg_advisory_lock($1)', [advisory]);
}

async function unlock(database: Database, session: SqlSession): Promise<void> {
  if (database.kind === 'postgres') await session.query('SELECT pg_advisory_unlock($1)', [advisory]);
}

const table = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  id VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL,
  logs TEXT,
  rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`;
