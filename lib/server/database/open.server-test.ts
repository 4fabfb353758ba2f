import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCluster, whyNoPostgres, type Cluster } from '#lib/testing/postgres.ts';
import { openDatabase, type Database } from './open.ts';

const why = await whyNoPostgres();
if (why) test.skip(`opening PostgreSQL did not run: ${why}`, () => {});

let cluster: Cluster | undefined;
beforeAll(async () => {
  if (!why) cluster = await startCluster();
});
afterAll(() => cluster?.close());

describe.each(why ? ['PGlite'] : ['PGlite', 'PostgreSQL'])('on %s', (kind) => {
  let database: Database;
  beforeAll(async () => {
    database = await openDatabase(kind === 'PGlite' ? { memory: true } : { url: await cluster!.database() });
    await database.executeSql('CREATE TABLE "Once" (id TEXT UNIQUE DEFERRABLE INITIALLY DEFERRED)');
  });
  afterAll(() => database.close());

  const rows = async () => (await database.executeSql('SELECT count(*)::int AS n FROM "Once"')).rows[0].n as number;

  test('a transaction whose commit fails is told so', async () => {
    const twice = database.db.$transaction(async (tx) => {
      await tx.$executeRaw`INSERT INTO "Once" VALUES ('a'), ('a')`;
    });
    await expect(twice).rejects.toThrow();
    expect(await rows()).toBe(0);
  });

  test('a transaction that throws leaves nothing, and the next one works', async () => {
    const broken = database.db.$transaction(async (tx) => {
      await tx.$executeRaw`INSERT INTO "Once" VALUES ('b')`;
      throw new Error('on purpose');
    });
    await expect(broken).rejects.toThrow('on purpose');
    await database.db.$transaction(async (tx) => void (await tx.$executeRaw`INSERT INTO "Once" VALUES ('c')`));
    expect(await rows()).toBe(1);
  });

  test('plain SQL takes several statements, gives the rows of all, and goes on after a failure', async () => {
    expect((await database.executeSql('SELECT 1 AS a; SELECT 2 AS a')).rows).toEqual([{ a: 1 }, { a: 2 }]);
    await expect(database.executeSql('BEGIN; SELECT * FROM "Nowhere"; COMMIT')).rejects.toThrow(/Nowhere/);
    expect((await database.executeSql('SELECT $1::int AS a', [3])).rows).toEqual([{ a: 3 }]);
  });
});

test('PostgreSQL that does not answer is named without its password', async () => {
  const refused = openDatabase({ url: 'postgresql://lodestar:hunter2@127.0.0.1:1/none' });
  await expect(refused).rejects.toThrow(/^DATABASE_URL: PostgreSQL does not answer there/);
  await expect(refused).rejects.not.toThrow(/hunter2/);
});
