import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Relation } from '#kernels/kernel.ts';
import { createWarehouse, type StandingWarehouse } from '#lib/server/warehouse/create.ts';
import { startLodestar, type TestLodestar } from '#lib/testing/lodestar.ts';
import { makeActor, makeProject } from '#lib/testing/people.ts';
import { batchOf, makeStreamRow } from '#lib/testing/streams.ts';
import { createStreams } from './create.ts';
import { Folder } from './folder.ts';
import { seal } from './seal.ts';
import { Writer } from './writer.ts';

/* Two servers whose folder of streams is one: neither takes away, nor breaks, what the other has made. */

let lodestar: TestLodestar;
let project: string;
let parts: string;
let now = Date.now();

beforeAll(async () => {
  lodestar = await startLodestar({ now: () => new Date(now), warehouse: (world) => createWarehouse(world) });
  project = (await makeProject(await makeActor())).id;
  parts = await mkdtemp(join(tmpdir(), 'lodestar-shared-'));
  await mkdir(join(parts, 'streams'));
});
afterAll(async () => {
  await lodestar.close();
  await rm(parts, { recursive: true, force: true });
});

async function server(name: string) {
  const dataDir = join(parts, name);
  await mkdir(dataDir);
  await symlink(join(parts, 'streams'), join(dataDir, 'streams'));
  const config = { ...lodestar.config, DATA_DIR: dataDir };
  return createStreams({ ...lodestar, config, warehouse: () => lodestar.warehouse });
}

async function count(relation: Relation): Promise<unknown> {
  const build = {
    steps: [{ name: 'counted', engine: 'warehouse' as const, sql: 'SELECT count(*) FROM s' }],
    relations: { s: relation },
    parameters: {},
    checks: [],
    stamp: {},
    preview: 1,
    log: () => undefined,
  };
  const built = await lodestar.warehouse.build(build, AbortSignal.timeout(60_000));
  return built.ok ? built.preview?.rows[0]?.[0] : built.error.message;
}

const events = (from: number) =>
  Array.from({ length: 4 }, (_, at) => ({ time: '2026-11-21T09:00:00Z', id: from + at }));

test('what one reads of a log that it writes stays, however long the other does not know it', async () => {
  const [one, other] = [await server('one'), await server('other')];
  const id = await makeStreamRow(project);
  await one.append(id, batchOf(events(0)), 100);
  expect(await count(await one.slice(id, { below: Infinity }))).toBe('4');
  for (let minute = 0; minute < 3; minute += 1) {
    await other.sweep();
    now += 600_000;
  }
  expect(await count(await one.slice(id, { below: Infinity }))).toBe('4');
  await one.close();
  await other.close();
});

/** A stream whose one segment is closed, and no Parquet yet. */
async function closed(dataDir: string): Promise<{ id: string; folder: Folder }> {
  const id = await makeStreamRow(project);
  const folder = new Folder(dataDir);
  const writer = await Writer.open({ db: lodestar.db, log: lodestar.log, folder, now: () => new Date(now) }, id);
  await writer.append(batchOf(events(0)), 100);
  await writer.roll();
  await writer.close();
  return { id, folder };
}

test('a log that is nowhere here keeps no other from becoming Parquet', async () => {
  const streams = await server('here');
  const { id: away } = await closed(join(parts, 'away'));
  const { id } = await closed(join(parts, 'here'));
  await streams.sweep();
  const states = await lodestar.db.segment.findMany({
    where: { streamId: { in: [id, away] }, state: { not: 'open' } },
  });
  expect(new Map(states.map(({ streamId, state }) => [streamId, state]))).toEqual(
    new Map([
      [id, 'sealed'],
      [away, 'closed'],
    ]),
  );
  await lodestar.db.stream.delete({ where: { id: away } });
  await streams.close();
});

test('a segment that both make Parquet of at once is whole', async () => {
  await mkdir(join(parts, 'three'));
  await symlink(join(parts, 'streams'), join(parts, 'three', 'streams'));
  const { id, folder } = await closed(join(parts, 'three'));
  const { stream, ...segment } = await lodestar.db.segment.findFirstOrThrow({
    where: { streamId: id, state: 'closed' },
    include: { stream: true },
  });
  const world = { db: lodestar.db, folder, kernel: (lodestar.warehouse as StandingWarehouse).kernel };
  await Promise.all([1, 2, 3].map(() => seal(world, segment, stream)));
  const streams = await server('four');
  expect(await count(await streams.slice(id, { below: Infinity }))).toBe('4');
  await streams.close();
});
