import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createWarehouse } from '#lib/server/warehouse/create.ts';
import { startLodestar, type TestLodestar } from '#lib/testing/lodestar.ts';
import { makeActor, makeProject } from '#lib/testing/people.ts';
import { batchOf, makeStreamRow } from '#lib/testing/streams.ts';
import { createStreams } from './create.ts';
import type { Streams } from './streams.ts';

let lodestar: TestLodestar;
let project: string;
let streams: Streams;
let now = Date.parse('2026-11-21T10:00:00Z');

beforeAll(async () => {
  lodestar = await startLodestar({ now: () => new Date(now), warehouse: (world) => createWarehouse(world) });
  project = (await makeProject(await makeActor())).id;
});
afterAll(() => lodestar.close());
beforeEach(() => {
  const open = { most: 2, idle: 600_000, rest: 10_000 };
  streams = createStreams({ ...lodestar, warehouse: () => lodestar.warehouse }, { open });
});
afterEach(() => streams.close());

const push = (id: string, n: number, key: string | null = null) =>
  streams.append(id, batchOf([{ time: '2026-11-21T09:00:00Z', id: n }], key), 50);
const openNow = () => lodestar.db.stream.count({ where: { lease: { not: null } } });
const leaseOf = async (id: string) => (await lodestar.db.stream.findUniqueOrThrow({ where: { id } })).lease;
const isOpen = async (id: string) => (await leaseOf(id)) !== null;
const make = (count: number) => Promise.all(Array.from({ length: count }, () => makeStreamRow(project)));

test('a writer that nobody asks for is closed, and the next push opens it again: nothing is lost or known no more', async () => {
  const id = await makeStreamRow(project);
  await push(id, 1, 'first');
  now += 599_000;
  await streams.sweep();
  expect(await isOpen(id)).toBe(true);
  now += 1000;
  await streams.sweep();
  expect(await isOpen(id)).toBe(false);
  expect(await push(id, 1, 'first')).toEqual({ accepted: 1, duplicates: 0, deadLetters: 0, offset: 1 });
  expect(await push(id, 1)).toMatchObject({ accepted: 0, duplicates: 1 });
  expect(await push(id, 2)).toMatchObject({ accepted: 1, offset: 2 });
  expect(await lodestar.db.segment.count({ where: { streamId: id } }), 'the same log goes on').toBe(1);
});

test('one for whose events somebody waits stays open, and so does one that is asked for', async () => {
  const [awaited, asked] = (await make(2)) as [string, string];
  await push(awaited, 1);
  await push(asked, 1);
  const waiting = streams.grown(awaited, 1, new AbortController().signal);
  const leases = [await leaseOf(awaited), await leaseOf(asked)];
  now += 300_000;
  await streams.live(asked);
  now += 300_000;
  await streams.sweep();
  expect([await leaseOf(awaited), await leaseOf(asked)]).toEqual(leases);
  await push(awaited, 2);
  await waiting;
});

test('there are never more than may be open: the one that rested longest makes room', async () => {
  const ids = await make(5);
  for (const round of [1, 2])
    for (const id of ids) {
      expect(await push(id, round)).toMatchObject({ accepted: 1, offset: round });
      expect(await openNow()).toBeLessThanOrEqual(2);
      now += 10_000;
    }
  const [first, second] = ids.slice(-2) as [string, string];
  await push(first, 3);
  now += 10_000;
  await push(ids[0]!, 3);
  expect([await isOpen(first), await isOpen(second), await isOpen(ids[0]!)]).toEqual([true, false, true]);
});

test('while all that may be open are in use, another is told to come again, and then its batch is stored', async () => {
  const ids = await make(6);
  const answers = await Promise.allSettled(ids.map((id) => push(id, 1)));
  const refused = ids.filter((_, at) => answers[at]!.status === 'rejected');
  expect(refused).toHaveLength(4);
  expect(await openNow()).toBe(2);
  await expect(streams.live(refused[0]!)).rejects.toMatchObject({
    status: 503,
    code: 'too-many-open',
    extra: { retryAfter: 5 },
    message:
      'This Lodestar has 2 streams in use at once, as many as it may. Nothing was stored or read: try again in a moment.',
  });
  for (const id of refused) {
    now += 10_000;
    expect(await push(id, 1)).toMatchObject({ accepted: 1, offset: 1 });
  }
});

test('the age of a segment counts from its first events, however often its writer was closed meanwhile', async () => {
  const id = await makeStreamRow(project);
  for (let n = 0; n < 7; n++) {
    await push(id, n);
    now += 600_000;
    await streams.sweep();
  }
  // A segment is closed after the batch that filled it was answered.
  const closed = () => lodestar.db.segment.count({ where: { streamId: id, state: { not: 'open' } } });
  await vi.waitUntil(async () => (await closed()) === 1, { timeout: 20_000 });
});
