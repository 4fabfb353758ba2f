import { readFile, readdir } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Actor } from '#lib/server/access.ts';
import type { Relation } from '#kernels/kernel.ts';
import type { WarehouseKernel } from '#kernels/server.ts';
import { columnsOf } from '#lib/table/column.ts';
import { jsonRows } from '#lib/table/json.ts';
import { timestampText } from '#lib/stream/time.ts';
import { until } from '#lib/testing/until.ts';
import { createWarehouse } from '#lib/server/warehouse/create.ts';
import { parseExact, writeExact } from '#lib/stream/json.ts';
import { startLodestar, type TestLodestar } from '#lib/testing/lodestar.ts';
import { bearerHeaders, makeActor, makeProject } from '#lib/testing/people.ts';
import { read, send } from '#lib/testing/requests.ts';
import { batchOf, makeStreamRow } from '#lib/testing/streams.ts';
import { createStreams, type World } from './create.ts';
import type { Streams } from './streams.ts';

/** A stream is a relation: queries over it see every acknowledged event once, whatever is sealed meanwhile. */

let lodestar: TestLodestar;
let owner: Actor;
let project: string;
let headers: { authorization: string };
let now = Date.parse('2026-11-21T10:00:00Z');
const time = '2026-11-21T09:00:00Z';

beforeAll(async () => {
  lodestar = await startLodestar({
    now: () => new Date(now),
    warehouse: (world) => createWarehouse(world),
    streams: openStreams,
  });
  owner = await makeActor();
  project = (await makeProject(owner)).id;
  headers = await bearerHeaders(owner);
});
afterAll(() => lodestar.close());

function openStreams(world: Omit<World, 'warehouse'> = lodestar): Streams {
  return createStreams({ ...world, warehouse: () => lodestar.warehouse }, { writer: { segmentRows: 40 } });
}

async function query(sql: string): Promise<unknown[][]> {
  const path = `/api/projects/${project}/query`;
  const { status, body } = await read<{ rows: unknown[][] }>(send(path, { method: 'POST', headers, body: { sql } }));
  expect([status, body]).toMatchObject([200, {}]);
  return body.rows;
}

/** As the engine gives them, with their types. */
async function rowsOf(relation: Relation, signal: AbortSignal): Promise<{ types: string; rows: unknown[][] }> {
  const code = { name: 'x', source: 'SELECT * FROM s ORDER BY _offset' };
  const inputs = { parameters: {}, relations: { s: relation } };
  let types = '';
  const rows: unknown[][] = [];
  for await (const event of lodestar.warehouse.kernel.run(code, inputs, { signal })) {
    if (event.type === 'failed') throw new Error(JSON.stringify(event.error));
    if (event.type === 'schema')
      types = columnsOf(event.schema)
        .map(({ name, type }) => `${name} ${type}`)
        .join();
    if (event.type === 'batch') rows.push(...(jsonRows(event.batch) as unknown[][]));
  }
  return { types, rows };
}

const received = () => timestampText(now);

test('its events are there as soon as they were acknowledged, under its columns, beside datasets', async () => {
  const id = await makeStreamRow(project, { name: 'Visits' });
  expect(await query('SELECT _offset, time FROM visits WHERE time < now()::TIMESTAMP')).toEqual([]);
  await lodestar.streams.append(id, batchOf([{ time, id: 1, page: 'home' }]), 1);
  expect(await query('SELECT _offset, time, page FROM visits')).toEqual([['0', '2026-11-21 09:00:00', 'home']]);
  await lodestar.streams.append(id, batchOf([{ time, id: 2, price: 1.5 }]), 1);
  const total = `SELECT count(*), sum(price), max(_offset) FROM visits JOIN (VALUES (1), (2)) AS other (n) ON n = id`;
  expect(await query(total)).toEqual([['2', 1.5, '1']]);
});

test(
  'while it is written and sealed, every query sees whole batches, each event once',
  { timeout: 120_000 },
  async () => {
    const id = await makeStreamRow(project, {
      name: 'busy',
      columns: [
        { name: 'time', type: 'TIMESTAMP' },
        { name: 'id', type: 'BIGINT' },
      ],
    });
    const writing = (async () => {
      for (let n = 0; n < 60; n++)
        await lodestar.streams.append(id, batchOf(Array.from({ length: 7 }, (_, at) => ({ time, id: n * 7 + at }))), 1);
    })();
    const seen: number[] = [];
    do {
      const sql = 'SELECT count(*), count(DISTINCT id), coalesce(max(_offset), -1) + 1, count(*) % 7 FROM busy';
      const [count, ids, end, rest] = (await query(sql))[0]!.map(Number);
      expect([ids, end, rest]).toEqual([count, count, 0]);
      seen.push(count!);
    } while (seen.at(-1) !== 420);
    await writing;
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    const largest = () => lodestar.db.segment.findFirstOrThrow({ where: { streamId: id }, orderBy: { rows: 'desc' } });
    await until(async () => (await largest()).rows >= 8 * 42, 'small segments were joined', 90_000);
    expect(await query('SELECT count(*), count(DISTINCT _offset) FROM busy')).toEqual([['420', '420']]);
  },
);

test('whatever was accepted becomes a row of Parquet, every text as it was', { timeout: 120_000 }, async () => {
  const id = await makeStreamRow(project, {
    name: 'odd',
    key: [],
    columns: [
      { name: 'time', type: 'TIMESTAMP' },
      { name: 's', type: 'VARCHAR' },
      { name: 'j', type: 'JSON' },
      { name: 'b', type: 'BIGINT' },
      { name: 'd', type: 'DOUBLE' },
    ],
  });
  const event = fc.record(
    {
      time: fc.constant(time),
      s: fc.string({ unit: 'binary' }),
      j: fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' })),
      b: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      d: fc.double({ noNaN: true, noDefaultInfinity: true }),
    },
    { requiredKeys: ['time'] },
  );
  const events = fc.sample(event, { numRuns: 300, seed: 5 }).map((each) => parseExact(writeExact(each)) as typeof each);
  const { accepted } = await lodestar.streams.append(
    id,
    { items: events.map((each) => ({ event: each, raw: '' })), key: null, body: '' },
    1,
  );
  expect(accepted).toBe(events.length);
  const logged = await lodestar.streams.read(id, 0, 1000, AbortSignal.timeout(60_000));
  const sealedOnes = () => lodestar.db.segment.count({ where: { streamId: id, state: 'sealed' } });
  await vi.waitUntil(async () => (await sealedOnes()) === 1, { timeout: 30_000 });
  expect(await lodestar.db.segment.findFirst({ where: { streamId: id, state: 'sealed' } })).toMatchObject({
    rows: 300n,
  });
  const sealed = await lodestar.streams.read(id, 0, 1000, AbortSignal.timeout(60_000));
  const plain = (items: Record<string, unknown>[]) => items.map((each) => writeExact({ ...each, j: undefined }));
  expect(plain(sealed.items)).toEqual(plain(logged.items));
  expect(sealed.items.map(({ s }) => s)).toEqual(events.map(({ s }) => s?.toWellFormed() ?? null));
  expect(sealed.items.map(({ b }) => b)).toEqual(events.map(({ b }) => (b === undefined ? null : String(b))));
});

test('small segments are joined: the same events, moments and keys in fewer files', { timeout: 120_000 }, async () => {
  const id = await makeStreamRow(project, { name: 'small', deduplication: 86_400 });
  const signal = AbortSignal.timeout(120_000);
  const event = (n: number) => ({
    time,
    id: n,
    d: n / 8,
    s: `ü${n}`,
    j: { n: [n] },
    t: '2024-02-29T12:00:00.5Z',
    ...(n > 200 && { late: n }),
  });
  for (let n = 0; n < 9; n++)
    await lodestar.streams.append(id, batchOf(Array.from({ length: 40 }, (_, at) => event(n * 40 + at))), 1);
  const before = await rowsOf(await lodestar.streams.slice(id, { below: 360 }), signal);
  const moments = await lodestar.streams.timeline(id, 0, 1000);
  expect([before.rows.length, moments.length]).toEqual([360, 9]);
  const sealed = () =>
    lodestar.db.segment.findMany({ where: { streamId: id, state: 'sealed' }, orderBy: { firstOffset: 'asc' } });
  await until(async () => (await sealed())[0]!.rows >= 320, 'segments were joined', 90_000);
  const joined = (await sealed())[0]!;
  expect([joined.firstOffset, joined.firstEventAt, joined.lastReceivedAt]).toEqual([0n, new Date(time), new Date(now)]);
  expect(await rowsOf(await lodestar.streams.slice(id, { below: 360 }), signal)).toEqual(before);
  await lodestar.streams.close();
  lodestar.streams = openStreams();
  expect(await lodestar.streams.timeline(id, 0, 1000)).toEqual(moments);
  expect(await lodestar.streams.append(id, batchOf([event(3), event(1000)]), 1)).toMatchObject({
    accepted: 1,
    duplicates: 1,
  });
});

const parquetOf = (relation: Relation) => {
  if (relation.kind !== 'parquet') throw new Error(`A stream became ${relation.kind}.`);
  return relation;
};

test('a slice reads the same out of a log, out of Parquet, and out of both', { timeout: 120_000 }, async () => {
  const id = await makeStreamRow(project, { name: 'sliced', key: [] });
  const signal = AbortSignal.timeout(60_000);
  const odd = [
    '{"b":9223372036854775807,"d":-0.0}',
    '{"b":-9223372036854775808,"d":5e-324}',
    '{"d":1e300,"j":[1,{"a":null}]}',
  ];
  for (let n = 0; n < 12; n++) {
    const more = parseExact(odd[n % 3]!) as object;
    const first = n === 0 ? { b: 1, d: 0.5, t: '2020-01-01T00:00:00.123456Z', u: false } : {};
    await lodestar.streams.append(id, batchOf(Array.from({ length: 5 }, () => ({ time, n, ...more, ...first }))), 1);
  }
  const whole = { below: 60 };
  const ask = async (bounds: { from?: number; below: number }) =>
    rowsOf(await lodestar.streams.slice(id, bounds), signal);
  const ranges = [
    whole,
    { from: 7, below: 8 },
    { from: 33, below: 52 },
    { from: 38, below: 1000 },
    { from: 60, below: 70 },
  ];
  const sealed = () => lodestar.db.segment.count({ where: { streamId: id, state: 'sealed' } });
  await until(async () => (await sealed()) === 1, 'the first segment is sealed');
  const both = await Promise.all(ranges.map(ask));
  expect(parquetOf(await lodestar.streams.slice(id, whole))).toMatchObject({ files: [expect.any(String)] });
  expect(both[0]!.rows.map(([offset]) => offset)).toEqual(Array.from({ length: 60 }, (_, at) => String(at)));
  expect(both.map(({ rows }) => rows.length)).toEqual([60, 1, 19, 22, 0]);
  // What the log alone would give: the segment's file is made to look as if it were not there yet.
  await lodestar.db.segment.updateMany({ where: { streamId: id, state: 'sealed' }, data: { state: 'closed' } });
  const logged = await Promise.all(ranges.map(ask));
  expect(parquetOf(await lodestar.streams.slice(id, whole))).toMatchObject({ files: [] });
  expect(logged).toEqual(both);
  await lodestar.streams.append(id, batchOf(Array.from({ length: 40 }, () => ({ time, n: 99 }))), 1);
  await until(async () => (await sealed()) === 2, 'all of it is sealed');
  const parquet = await Promise.all(ranges.with(3, { from: 38, below: 60 }).map(ask));
  expect(parquetOf(await lodestar.streams.slice(id, whole)).lines).toEqual([]);
  expect(parquet.with(4, both[4]!)).toEqual(both);
});

test('of what came since, a slice takes only that out of the log, whoever asked before for what', async () => {
  const id = await makeStreamRow(project, {
    name: 'fresh',
    columns: [
      { name: 'time', type: 'TIMESTAMP' },
      { name: 'id', type: 'BIGINT' },
    ],
  });
  const files = new Set<string>();
  const children = vi.spyOn((lodestar.warehouse.kernel as WarehouseKernel).pool, 'take');
  for (let n = 0; n < 30; n++) {
    const { offset } = await lodestar.streams.append(id, batchOf([{ time, id: n }]), 1);
    const { lines = [] } = parquetOf(await lodestar.streams.slice(id, { from: offset - 1, below: offset }));
    expect(lines).toHaveLength(1);
    const text = await readFile(lines[0]!, 'utf8');
    expect(text).toBe(`{"_offset":${n},"_received_at":"${received()}","time":"2026-11-21 09:00:00","id":${n}}\n`);
    files.add(lines[0]!);
  }
  expect(files.size).toBe(30);
  expect(children).not.toHaveBeenCalled();
  const whole = parquetOf(await lodestar.streams.slice(id, { below: 30 }));
  expect(whole.lines!.length).toBeLessThanOrEqual(16);
  expect((await rowsOf(whole, AbortSignal.timeout(60_000))).rows).toHaveLength(30);
});

test('chunks go when they were replaced a while ago, the last ones stay as long as they are true', async () => {
  const id = await makeStreamRow(project, { name: 'tail' });
  const files = async () => parquetOf((await lodestar.streams.relations(project, ['tail'])).tail!).lines!;
  for (let n = 0; n < 20; n++) {
    await lodestar.streams.append(id, batchOf([{ time, id: n }]), 1);
    await files();
  }
  await until(async () => (await files()).length < 9, 'chunks were joined');
  const before = await files();
  const folder = dirname(before[0]!);
  // Ahead of the real clock, by which files are dated.
  for (now = Date.now() + 86_400_000; now < Date.now() + 3 * 86_400_000; now += 86_400_000)
    await lodestar.streams.sweep();
  expect(await files()).toEqual(before);
  const left = await readdir(folder);
  expect(left.filter((name) => name.startsWith('chunk-')).toSorted()).toEqual(
    before.map((path) => basename(path)).toSorted(),
  );
  await lodestar.streams.append(id, batchOf(Array.from({ length: 40 }, (_, at) => ({ time, id: 100 + at }))), 1);
  await until(
    async () => (await lodestar.db.segment.count({ where: { streamId: id, state: 'sealed' } })) === 1,
    'it is sealed',
  );
  for (const end = now + 3 * 86_400_000; now < end; now += 86_400_000) await lodestar.streams.sweep();
  expect((await readdir(folder)).filter((name) => name.startsWith('chunk-'))).toEqual([]);
  expect((await readdir(folder)).map((name) => extname(name)).toSorted()).toEqual([
    '.keys',
    '.log',
    '.parquet',
    '.timeline',
  ]);
});
