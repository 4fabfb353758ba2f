import { mkdtemp, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Actor } from '#lib/server/access.ts';
import { startCluster, whyNoPostgres, type Cluster } from '#lib/testing/postgres.ts';
import { startLodestar, type TestLodestar } from '#lib/testing/lodestar.ts';
import { makeActor, makeProject } from '#lib/testing/people.ts';
import { batchOf, makeStreamRow } from '#lib/testing/streams.ts';
import { Folder } from './folder.ts';
import { readFrames } from './segment.ts';
import { Writer, writerLimits } from './writer.ts';

const why = await whyNoPostgres();
const time = '2026-11-21T09:00:00Z';
const events = (...ids: number[]) => ids.map((id) => ({ time, id }));

describe.each(['PGlite', 'PostgreSQL'])('on %s', (kind) => {
  const it = kind === 'PostgreSQL' ? test.skipIf(why !== null) : test;
  let cluster: Cluster | undefined;
  let lodestar: TestLodestar;
  let project: string;
  let now = Date.parse('2026-11-21T10:00:00Z');
  const dirs: string[] = [];

  beforeAll(async () => {
    if (kind === 'PostgreSQL' && why === null) cluster = await startCluster();
    if (kind === 'PostgreSQL' && !cluster) return;
    lodestar = await startLodestar({
      ...(cluster ? { postgres: await cluster.database() } : {}),
      now: () => new Date(now),
    });
    const owner: Actor = await makeActor();
    project = (await makeProject(owner)).id;
  });
  afterAll(async () => {
    await lodestar?.close();
    await cluster?.close();
    for (const dir of dirs) await rm(dir, { recursive: true, force: true });
  });

  /** A node with a DATA_DIR, its own unless one is given. */
  async function node(dir?: string) {
    const dataDir = dir ?? (await mkdtemp(join(tmpdir(), 'lodestar-node-')));
    dirs.push(dataDir);
    const folder = new Folder(dataDir);
    const world = { db: lodestar.db, log: lodestar.log, folder, now: () => new Date(now) };
    return {
      dataDir,
      folder,
      open: (id: string, limits = {}) => Writer.open(world, id, { ...writerLimits, ...limits }),
    };
  }

  const stored = async (writer: Writer) => {
    const lines: Record<string, unknown>[] = [];
    for await (const { frame } of readFrames(writer.tail.path, writer.tail.bytes))
      for (const line of Buffer.from(frame.lines).toString().split('\n').filter(Boolean))
        lines.push(JSON.parse(line) as Record<string, unknown>);
    return lines;
  };
  const idsOf = async (writer: Writer) => (await stored(writer)).map(({ id }) => id);

  it('events are numbered without a gap, by however many at once they are sent', async () => {
    const writer = await (await node()).open(await makeStreamRow(project));
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, at) => writer.append(batchOf(events(3 * at, 3 * at + 1, 3 * at + 2)), 100)),
    );
    expect(answers.every(({ accepted }) => accepted === 3)).toBe(true);
    expect((await stored(writer)).map((line) => line._offset)).toEqual(Array.from({ length: 120 }, (_, at) => at));
    expect(new Set(answers.map(({ offset }) => offset)).size).toBe(40);
    await writer.close();
  });

  it('a batch with a key is stored once: waiting, in the open segment, in a closed one, after a restart', async () => {
    const here = await node();
    const id = await makeStreamRow(project);
    let writer = await here.open(id);
    const batch = batchOf(events(1, 2, 2), 'first');
    const [answer, same] = await Promise.all([writer.append(batch, 1), writer.append(batch, 1)]);
    expect(answer).toEqual({ accepted: 2, duplicates: 1, deadLetters: 0, offset: 2 });
    expect(same).toEqual(answer);
    expect(await writer.append(batch, 1)).toEqual(answer);
    await writer.roll();
    expect(await writer.append(batch, 1)).toEqual(answer);
    await writer.close();
    writer = await here.open(id);
    expect(await writer.append(batch, 1)).toEqual(answer);
    await expect(writer.append(batchOf(events(9), 'first'), 1)).rejects.toMatchObject({
      status: 422,
      code: 'key-used',
    });
    expect(await writer.append(batchOf(events(3)), 1)).toMatchObject({ accepted: 1, offset: 3 });
    await writer.close();
  });

  it('an event comes once within the horizon, across segments and restarts', async () => {
    const here = await node();
    const id = await makeStreamRow(project, { deduplication: 60 });
    let writer = await here.open(id);
    await writer.append(batchOf(events(1)), 1);
    await writer.roll();
    expect(await writer.append(batchOf(events(1, 2)), 1)).toMatchObject({ accepted: 1, duplicates: 1 });
    await writer.close();
    now += 30_000;
    writer = await here.open(id);
    expect(await writer.append(batchOf(events(1, 2, 3)), 1)).toMatchObject({ accepted: 1, duplicates: 2 });
    now += 30_000;
    expect(await writer.append(batchOf(events(1, 2, 3)), 1)).toMatchObject({ accepted: 2, duplicates: 1 });
    expect(writer.view.duplicates).toBe(4);
    await writer.close();
  });

  it('the first events say the columns; later ones may add to them, and those that break them are kept as dead letters', async () => {
    const here = await node();
    const id = await makeStreamRow(project);
    let writer = await here.open(id);
    await writer.append(batchOf([{ time, id: 1, price: 1 }, 'x', { time, id: 2, price: 1.5 }]), 1);
    await writer.append(
      batchOf([
        { time, id: 3, price: 'free' },
        { time, id: 4, more: true },
      ]),
      1,
    );
    await writer.append({ items: [{ fault: 'No JSON.', raw: '{"a\0' }], key: null, body: '' }, 1);
    const columns = ['time TIMESTAMP', 'id BIGINT', 'price DOUBLE', 'more BOOLEAN'];
    const known = async () =>
      ((await lodestar.db.stream.findUniqueOrThrow({ where: { id } })).columns as { name: string; type: string }[]).map(
        ({ name, type }) => `${name} ${type}`,
      );
    expect(await known()).toEqual(columns);
    await writer.close();
    writer = await here.open(id);
    expect([...writer.view.columns].map((column) => column.join(' '))).toEqual(columns);
    expect(writer.view.deadLetters).toBe(3);
    const dead = await lodestar.db.deadLetter.findMany({ where: { streamId: id }, orderBy: { number: 'asc' } });
    expect(dead.map(({ number, reason, raw }) => [Number(number), reason, raw])).toEqual([
      [0, 'An event is a JSON object, not "x".', '"x"'],
      [1, 'price is "free", which is no DOUBLE.', JSON.stringify({ time, id: 3, price: 'free' })],
      [2, 'No JSON.', '{"a\uFFFD'],
    ]);
    await writer.close();
  });

  it('a torn end is cut off, and dead letters of a frame that was stored are kept though nobody was told', async () => {
    const here = await node();
    const id = await makeStreamRow(project);
    let writer = await here.open(id);
    await writer.append(batchOf([...events(1), 'x']), 1);
    const { path } = writer.tail;
    await writer.append(batchOf(events(2)), 1);
    await writer.close();
    await lodestar.db.deadLetter.deleteMany({ where: { streamId: id } });
    await truncate(path, (await stat(path)).size - 1);
    writer = await here.open(id);
    expect(await idsOf(writer)).toEqual([1]);
    expect(await lodestar.db.deadLetter.count({ where: { streamId: id } })).toBe(1);
    expect(await writer.append(batchOf(events(3)), 1)).toMatchObject({ offset: 2 });
    await writer.close();
  });

  it('another node waits for the lease; one that lost it acknowledges nothing more, and what it wrote counts for nobody', async () => {
    const shared = await node();
    const id = await makeStreamRow(project);
    const first = await shared.open(id);
    await first.append(batchOf(events(1)), 1);
    const second = await node();
    await expect(second.open(id)).rejects.toMatchObject({ status: 503, code: 'stream-elsewhere' });
    await lodestar.db.$executeRaw`UPDATE "Stream" SET "leaseUntil" = now() - interval '1 second' WHERE id = ${id}`;
    const { leaseHome } = await lodestar.db.stream.findUniqueOrThrow({ where: { id } });
    await expect(second.open(id), 'its files are not here').rejects.toMatchObject({ code: 'stream-elsewhere' });
    expect(await lodestar.db.stream.findUniqueOrThrow({ where: { id } })).toMatchObject({ leaseHome, lease: null });

    await lodestar.db.$executeRaw`UPDATE "Stream" SET lease = 'theirs', "leaseHome" = 'far' WHERE id = ${id}`;
    await expect(first.append(batchOf(events(2)), 1)).rejects.toMatchObject({ status: 503, code: 'not-stored' });
    await expect(first.append(batchOf(events(3)), 1)).rejects.toMatchObject({ status: 503 });
    await first.close();
  });

  it('on a shared folder another node goes on after the last acknowledged event, in a log of its own', async () => {
    const one = await node();
    const id = await makeStreamRow(project);
    const first = await one.open(id);
    await first.append(batchOf(events(1)), 1);
    await lodestar.db.$executeRaw`UPDATE "Stream" SET "leaseUntil" = now() - interval '1 second' WHERE id = ${id}`;
    const world = { db: lodestar.db, log: lodestar.log, now: () => new Date(now) };
    const folder = Object.assign(new Folder(one.dataDir), { home: async () => 'another node' });
    const second = await Writer.open({ ...world, folder }, id);
    await expect(first.append(batchOf(events(2)), 1)).rejects.toMatchObject({ status: 503 });
    expect(await second.append(batchOf(events(3)), 1)).toMatchObject({ accepted: 1, offset: 2 });
    expect(await idsOf(second)).toEqual([3]);
    const closed = await lodestar.db.segment.findFirstOrThrow({ where: { streamId: id, state: 'closed' } });
    expect([closed.rows, (await stat(join(one.dataDir, 'streams', id, closed.log))).size > closed.logBytes]).toEqual([
      1n,
      true,
    ]);
    await first.close();
    await second.close();
  });

  it('segments are closed by size, with what the manifest says of them', async () => {
    const here = await node();
    const id = await makeStreamRow(project);
    const writer = await here.open(id, { segmentRows: 2 });
    await writer.append(
      batchOf([
        { time, id: 1 },
        { time: '2026-11-21T08:00:00Z', id: 2 },
      ]),
      1,
    );
    await writer.append(batchOf(events(3), 'k'), 1);
    await writer.append(batchOf(events(4)), 1);
    await writer.close();
    const segments = await lodestar.db.segment.findMany({ where: { streamId: id }, orderBy: { firstOffset: 'asc' } });
    expect(segments.map(({ state, firstOffset, rows }) => [state, Number(firstOffset), Number(rows)])).toEqual([
      ['closed', 0, 2],
      ['closed', 2, 2],
      ['open', 4, 0],
    ]);
    expect(segments[0]).toMatchObject({ firstEventAt: new Date('2026-11-21T08:00:00Z'), lastEventAt: new Date(time) });
    expect(await readdir(join(here.dataDir, 'streams', id))).toHaveLength(3);
  });

  it('a write that fails acknowledges nothing; the next writer finds what is on disk', async () => {
    const here = await node();
    const id = await makeStreamRow(project);
    const writer = await here.open(id);
    await writer.append(batchOf(events(1)), 1);
    const log = (writer as unknown as { log: { append(bytes: Buffer): Promise<void>; path: string } }).log;
    vi.spyOn(log, 'append').mockImplementationOnce(async (bytes) => {
      await writeFile(log.path, bytes.subarray(0, 20), { flag: 'a' });
      throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    });
    const refused = [writer.append(batchOf(events(2)), 1), writer.append(batchOf(events(3)), 1)];
    await expect(refused[0]).rejects.toMatchObject({ status: 503, code: 'disk-full' });
    await expect(refused[1]).rejects.toMatchObject({ status: 503 });
    expect(writer.isAlive).toBe(false);
    await writer.close();
    const next = await here.open(id);
    expect(await idsOf(next)).toEqual([1]);
    await next.close();
  });
});

if (why) test.skip(`the PostgreSQL parts did not run: ${why}`, () => {});
