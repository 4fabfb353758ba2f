import { access } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Actor } from '#lib/server/access.ts';
import { createWarehouse } from '#lib/server/warehouse/create.ts';
import { parseExact, writeExact } from '#lib/stream/json.ts';
import { startLodestar, type TestLodestar } from '#lib/testing/lodestar.ts';
import { bearerHeaders, makeActor, makeProject } from '#lib/testing/people.ts';
import { read, send } from '#lib/testing/requests.ts';
import { batchOf, makeStreamRow } from '#lib/testing/streams.ts';
import { createStreams } from './create.ts';

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
    streams: (world) =>
      createStreams({ ...world, warehouse: () => lodestar.warehouse }, { writer: { segmentRows: 40 } }),
  });
  owner = await makeActor();
  project = (await makeProject(owner)).id;
  headers = await bearerHeaders(owner);
});
afterAll(() => lodestar.close());

async function query(sql: string): Promise<unknown[][]> {
  const path = `/api/projects/${project}/query`;
  const { status, body } = await read<{ rows: unknown[][] }>(send(path, { method: 'POST', headers, body: { sql } }));
  expect([status, body]).toMatchObject([200, {}]);
  return body.rows;
}

test('its events are there as soon as they were acknowledged, under its columns, beside datasets', async () => {
  const id = await makeStreamRow(project, { name: 'Visits' });
  expect(await query('SELECT _offset, time FROM visits WHERE time < now()::TIMESTAMP')).toEqual([]);
  await lodestar.streams.append(id, batchOf([{ time, id: 1, page: 'home' }]), 1);
  expect(await query('SELECT _offset, time, page FROM visits')).toEqual([['0', '2026-11-21 09:00:00', 'home']]);
  await lodestar.streams.append(id, batchOf([{ time, id: 2, price: 1.5 }]), 1);
  const total = `SELECT count(*), sum(price), max(_offset) FROM visits JOIN (VALUES (1), (2)) AS other (n) ON n = id`;
  expect(await query(total)).toEqual([['2', 1.5, '1']]);
});

test('while it is written and sealed, every query sees whole batches, each event once', async () => {
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
  expect(await query('SELECT count(*) FROM busy')).toEqual([['420']]);
  expect(await lodestar.db.segment.count({ where: { streamId: id } })).toBeGreaterThan(5);
});

test('whatever was accepted becomes a row of Parquet, every text as it was', async () => {
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

test('passing tables of the tail go when they were replaced a while ago; the last one stays as long as it is true', async () => {
  const id = await makeStreamRow(project, { name: 'tail' });
  const files = async () => {
    const relation = (await lodestar.streams.relations(project, ['tail'])).tail!;
    return relation.kind === 'parquet' ? relation.files : [];
  };
  await lodestar.streams.append(id, batchOf([{ time, id: 1 }]), 1);
  const [before] = await files();
  await lodestar.streams.append(id, batchOf([{ time, id: 2 }]), 1);
  const [last] = await files();
  // Ahead of the real clock, by which files are dated.
  for (now = Date.now() + 86_400_000; now < Date.now() + 3 * 86_400_000; now += 86_400_000)
    await lodestar.streams.sweep();
  await expect(access(before!)).rejects.toThrow(/ENOENT/);
  expect(await files()).toEqual([last]);
  await access(last!);
});
