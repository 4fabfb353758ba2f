import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCluster, whyNoPostgres, type Cluster } from '#lib/testing/postgres.ts';
import { migrate, migrationsDir } from './migrate.ts';
import { openDatabase, type Database, type DatabaseAddress } from './open.ts';

const why = await whyNoPostgres();
let cluster: Cluster | undefined;
let dir: string;
beforeAll(async () => {
  if (!why) cluster = await startCluster();
  dir = await mkdtemp(join(tmpdir(), 'migrations-'));
});
afterAll(async () => {
  await cluster?.close();
  await rm(dir, { recursive: true, force: true });
});

/** A copy of the real migrations to which a test may add. */
async function copyOfMigrations(name: string): Promise<string> {
  const copy = join(dir, name);
  await cp(migrationsDir, copy, { recursive: true });
  return copy;
}

async function addMigration(to: string, name: string, sql: string): Promise<void> {
  await mkdir(join(to, name), { recursive: true });
  await writeFile(join(to, name, 'migration.sql'), sql);
}

async function tables(database: Database): Promise<string[]> {
  const { rows } = await database.executeSql(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`);
  return rows.map((row: { tablename: string }) => row.tablename);
}

const kinds: [string, () => Promise<DatabaseAddress>][] = [
  ['PGlite', async () => ({ memory: true })],
  ['PostgreSQL', async () => ({ url: await cluster!.database() })],
];

describe.each(kinds)('on %s', (kind, address) => {
  const it = kind === 'PostgreSQL' ? test.skipIf(why !== null) : test;

  async function withDatabase(work: (database: Database) => Promise<void>): Promise<void> {
    const database = await openDatabase(await address());
    try {
      await work(database);
    } finally {
      await database.close();
    }
  }

  it('applies every migration once and records it as Prisma does', () =>
    withDatabase(async (database) => {
      const first = await migrate(database);
      expect(first.length).toBeGreaterThan(0);
      expect(await migrate(database)).toEqual([]);
      const { rows } = await database.executeSql(
        `SELECT migration_name, length(checksum) AS checksum, applied_steps_count, finished_at IS NOT NULL AS finished FROM "_prisma_migrations"`,
      );
      expect(rows).toEqual(
        first.map((migration_name) => ({ migration_name, checksum: 64, applied_steps_count: 1, finished: true })),
      );
      expect(await tables(database)).toContain('Notebook');
    }));

  it('a migration that fails half way leaves nothing behind', () =>
    withDatabase(async (database) => {
      const migrations = await copyOfMigrations(`${kind}-fails`);
      await addMigration(migrations, '20991231000000_bad', 'CREATE TABLE "Half" (id TEXT); SELECT * FROM "Nowhere";');
      await expect(migrate(database, migrations)).rejects.toThrow(/Nowhere/);
      expect(await tables(database)).not.toContain('Half');
      expect(await migrate(database)).toEqual([]);
    }));

  it('refuses a migration that was changed after it had been applied', () =>
    withDatabase(async (database) => {
      const migrations = await copyOfMigrations(`${kind}-changed`);
      await addMigration(migrations, '20991231000000_more', 'CREATE TABLE "More" (id TEXT);');
      await migrate(database, migrations);
      await addMigration(migrations, '20991231000000_more', 'CREATE TABLE "More" (id INTEGER);');
      await expect(migrate(database, migrations)).rejects.toThrow(/"20991231000000_more" was changed/);
    }));

  it('refuses a database written by a newer version', () =>
    withDatabase(async (database) => {
      const migrations = await copyOfMigrations(`${kind}-newer`);
      await addMigration(migrations, '20991231000000_more', 'CREATE TABLE "More" (id TEXT);');
      await migrate(database, migrations);
      await expect(migrate(database)).rejects.toThrow(/newer Lodestar.*20991231000000_more/);
    }));

  it('gives instants back as they were stored, whatever zone the server stands in', () =>
    withDatabase(async (database) => {
      await migrate(database);
      const at = new Date('2026-03-29T01:30:00.123Z');
      await database.db.event.create({ data: { kind: 'x', at } });
      expect((await database.db.event.findFirstOrThrow()).at).toEqual(at);
    }));
});

test.skipIf(why !== null)('two nodes that start at once on PostgreSQL apply each migration once', async () => {
  const url = await cluster!.database();
  const nodes = await Promise.all([1, 2, 3].map(() => openDatabase({ url })));
  const applied = await Promise.all(nodes.map((node) => migrate(node)));
  expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
  await Promise.all(nodes.map((node) => node.close()));
});

if (why) test.skip(`the PostgreSQL parts did not run: ${why}`, () => {});
