import { readFile, rename, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Actor } from '#lib/server/access.ts';
import type { DeadLetterView } from '#lib/server/data/stream-dead.ts';
import type { Pushed } from '#lib/server/data/stream-events.ts';
import type { StreamView } from '#lib/server/data/stream-view.ts';
import type { Problem } from '#lib/server/problem.ts';
import { createStreams, type World } from '#lib/server/streams/create.ts';
import { createWarehouse } from '#lib/server/warehouse/create.ts';
import { startLodestar, testUrl, type TestLodestar } from '#lib/testing/lodestar.ts';
import { bearerHeaders, makeActor, makeMember, makeProject } from '#lib/testing/people.ts';

let lodestar: TestLodestar;
let now = Date.parse('2026-11-21T10:00:00Z');
let project: string;
const people: Record<string, Actor> = {};
const tokens = new Map<Actor, { authorization: string }>();
let names = 0;

beforeAll(async () => {
  lodestar = await startLodestar({
    now: () => new Date(now),
    warehouse: (world) => createWarehouse(world),
    streams: openStreams,
  });
  for (const name of ['owner', 'editor', 'reader', 'stranger']) people[name] = await makeActor({ name });
  project = (await makeProject(people.owner)).id;
  await makeMember(project, people.editor!, 'editor');
  await makeMember(project, people.reader!, 'reader');
  for (const person of Object.values(people)) tokens.set(person, await bearerHeaders(person));
});
afterAll(() => lodestar.close());

function openStreams(world: Omit<World, 'warehouse'>) {
  return createStreams(
    { ...world, warehouse: () => lodestar.warehouse },
    { writer: { segmentRows: 4 }, waiting: { perStream: 20 * 2 ** 20, inAll: 30 * 2 ** 20 } },
  );
}

interface Given {
  as?: string;
  body?: BodyInit;
  type?: string;
  key?: string;
  headers?: Record<string, string>;
}

async function call<T = Record<string, unknown>>(method: string, path: string, given: Given = {}) {
  const headers: Record<string, string> = { ...tokens.get(people[given.as ?? 'editor']!), ...given.headers };
  if (given.body !== undefined) headers['content-type'] = given.type ?? 'application/json';
  if (given.key !== undefined) headers['idempotency-key'] = given.key;
  const init = { method, headers, body: given.body, duplex: 'half' } as RequestInit;
  const response = await lodestar.api(new Request(testUrl + path, init));
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: (text ? JSON.parse(text) : null) as T };
}

async function make(given: Record<string, unknown> = {}, as = 'editor') {
  const body = JSON.stringify({ name: `stream_${++names}`, eventTime: 'time', key: 'id', ...given });
  return call<StreamView & Problem>('POST', `/api/projects/${project}/streams`, { body, as });
}
const madeId = async (given?: Record<string, unknown>) => (await make(given)).body.id;

const time = '2026-11-21T09:00:00Z';
const line = (event: Record<string, unknown>) => `${JSON.stringify({ time, ...event })}\n`;
const push = (id: string, body: BodyInit, given: Given = {}) =>
  call<Pushed & Problem>('POST', `/api/streams/${id}/events`, { body, type: 'application/x-ndjson', ...given });
const view = async (id: string) => (await call<StreamView>('GET', `/api/streams/${id}`, { as: 'reader' })).body;
const read = async (id: string, query = '') =>
  (
    await call<{ items: Record<string, unknown>[]; next: number; end: number }>(
      'GET',
      `/api/streams/${id}/events${query}`,
    )
  ).body;
const dead = async (id: string, query = '') =>
  (await call<{ items: DeadLetterView[]; next: string | null }>('GET', `/api/streams/${id}/dead-letters${query}`)).body;

describe('a stream', () => {
  test('is made, listed, changed and deleted', async () => {
    const made = await make({ retention: { days: 3 } });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ key: ['id'], columns: [], events: 0, offset: 0, lag: null, trouble: null });
    const { id, name } = made.body;
    const list = await call<{ items: StreamView[] }>('GET', `/api/projects/${project}/streams`);
    expect(list.body.items.map((each) => each.name)).toContain(name);
    const changed = await call('PATCH', `/api/streams/${id}`, { body: JSON.stringify({ deduplication: 0 }) });
    expect(changed.body).toMatchObject({ deduplication: 0, retention: { days: 3, bytes: null }, idle: 60 });
    expect((await push(id, line({ id: 1 }) + line({ id: 1 }))).body).toMatchObject({ accepted: 2, duplicates: 0 });
    expect((await call('DELETE', `/api/streams/${id}`)).status).toBe(204);
    expect((await push(id, line({ id: 1 }))).status).toBe(404);
  });

  test('has a name of its own, whatever its case, also among datasets', async () => {
    await make({ name: 'Taken' });
    const csv = { body: 'a\n1\n', type: 'text/csv' };
    await call('PUT', `/api/projects/${project}/datasets/table_a`, csv);
    for (const name of ['taken', 'TABLE_A', 'workbench_events'])
      expect([name, (await make({ name })).body.code]).toEqual([name, 'name-taken']);
    const dataset = await call('PUT', `/api/projects/${project}/datasets/TAKEN`, csv);
    expect([dataset.status, dataset.body.code]).toEqual([409, 'name-taken']);
  });

  test('lets a column of whole numbers hold all of them, of what is stored too, and changes no other', async () => {
    const id = await madeId({ name: 'prices' });
    const widen = (name: string, type = 'DOUBLE') =>
      call<StreamView>('PATCH', `/api/streams/${id}`, { body: JSON.stringify({ columns: [{ name, type }] }) });
    await push(id, [1, 2, 3, 4].map((n) => line({ id: n, price: n, s: 'x' })).join(''));
    await push(id, line({ id: 5, price: 5, more: 1 }));
    expect((await push(id, line({ id: 6, price: 6.5 }))).body).toMatchObject({ deadLetters: 1 });
    for (const [name, type] of [['id'], ['s'], ['none'], ['price', 'VARCHAR']])
      expect([name, (await widen(name!, type)).status]).toEqual([name, 400]);
    for (const name of ['price', 'more', 'more']) expect((await widen(name)).status).toBe(200);
    await lodestar.streams.close();
    lodestar.streams = openStreams(lodestar);
    await push(id, line({ id: 7, price: 7.5, more: 0.5 }));
    const types = Object.fromEntries((await view(id)).columns.map(({ name, type }) => [name, type]));
    expect(types).toMatchObject({ price: 'DOUBLE', more: 'DOUBLE', id: 'BIGINT' });
    const prices = async () => (await read(id)).items.map(({ price, more }) => [price, more]);
    const expected = [...[1, 2, 3, 4].map((n) => [n, null]), [5, 1], [7.5, 0.5]];
    const sum = { sql: 'SELECT sum(price) AS sum, typeof(any_value(more)) AS type FROM prices' };
    const asked = () => call(`POST`, `/api/projects/${project}/query`, { body: JSON.stringify(sum) });
    const sealed = (count: number) => async () =>
      (await lodestar.db.segment.count({ where: { streamId: id, state: 'sealed' } })) === count;
    await vi.waitUntil(sealed(1), 60_000);
    expect(await prices()).toEqual(expected);
    expect((await asked()).body.rows).toEqual([[22.5, 'DOUBLE']]);
    await push(id, [8, 9].map((n) => line({ id: n, price: null })).join(''));
    await vi.waitUntil(sealed(2), 60_000);
    expect((await prices()).slice(0, 6)).toEqual(expected);
    expect((await asked()).body.rows).toEqual([[22.5, 'DOUBLE']]);
  }, 150_000);

  test('tells how much came, how fast, and how late it is', async () => {
    const id = await madeId();
    await push(id, line({ id: 1 }) + line({ id: 2, time: '2026-11-21T08:00:00Z' }) + line({ id: 2 }) + '[]\n');
    expect(await view(id)).toMatchObject({
      columns: [
        { name: 'time', type: 'TIMESTAMP' },
        { name: 'id', type: 'BIGINT' },
      ],
      events: 2,
      segments: 1,
      offset: 2,
      duplicates: 1,
      deadLetters: 1,
      rate: 2 / 60,
      firstEventAt: '2026-11-21T08:00:00.000Z',
      lag: 3600,
      isIdle: false,
      keys: { count: 2, since: null },
    });
    now += 120_000;
    expect(await view(id)).toMatchObject({ rate: 0, lag: 3720, isIdle: true });
  });
});

describe('rights', () => {
  test('readers see and do not push; strangers see nothing', async () => {
    const id = await madeId();
    expect((await make({}, 'reader')).status).toBe(403);
    expect((await push(id, line({ id: 1 }), { as: 'reader' })).status).toBe(403);
    expect((await call('GET', `/api/streams/${id}/events`, { as: 'reader' })).status).toBe(200);
    for (const path of ['', '/events', '/dead-letters'])
      expect((await call('GET', `/api/streams/${id}${path}`, { as: 'stranger' })).status).toBe(404);
    expect((await push(id, line({ id: 1 }), { as: 'stranger' })).status).toBe(404);
    expect((await call('DELETE', `/api/streams/${id}`, { as: 'reader' })).status).toBe(403);
    expect((await call('PATCH', `/api/streams/${id}`, { as: 'reader', body: '{}' })).status).toBe(403);
  });

  test('a wrong token and an unknown stream are told apart from nothing else', async () => {
    const foreign = await push(await madeId(), line({ id: 1 }), { headers: { authorization: 'Bearer nonsense' } });
    expect([foreign.status, foreign.body.code]).toEqual([401, 'sign-in-needed']);
    const unknown = await push('nowhere', line({ id: 1 }));
    expect([unknown.status, unknown.body.code]).toEqual([404, 'not-found']);
  });
});

describe('a batch', () => {
  test('as NDJSON, as an array, as one object', async () => {
    const id = await madeId();
    const json = { type: 'application/json' };
    expect((await push(id, line({ id: 1 }))).body).toEqual({ accepted: 1, duplicates: 0, deadLetters: 0, offset: 1 });
    expect((await push(id, JSON.stringify([{ time, id: 2 }, 7]), json)).body).toMatchObject({ accepted: 1, offset: 2 });
    expect((await push(id, JSON.stringify({ time, id: 3 }), json)).body).toMatchObject({ offset: 3 });
    expect((await push(id, '')).body).toMatchObject({ accepted: 0, offset: 3 });
    expect((await dead(id)).items).toMatchObject([{ number: 0, raw: '7' }]);
  });

  test('with the same key is stored once and answered the same; another body under the key is refused', async () => {
    const id = await madeId({ key: [] });
    const first = await push(id, line({ n: 1 }) + 'x\n', { key: 'a' });
    expect(first.body).toEqual({ accepted: 1, duplicates: 0, deadLetters: 1, offset: 1 });
    await push(id, line({ n: 2 }), { key: 'b' });
    expect((await push(id, line({ n: 1 }) + 'x\n', { key: 'a' })).body).toEqual(first.body);
    const other = await push(id, line({ n: 3 }), { key: 'a' });
    expect([other.status, other.body.code]).toEqual([422, 'key-used']);
    expect((await read(id)).items.map(({ n }) => n)).toEqual(['1', '2']);
    expect((await dead(id)).items).toHaveLength(1);
    expect((await push(id, line({ n: 1 }), { key: 'a b' })).status).toBe(400);
  });

  test('a hundred at once, each twice, are each stored once', async () => {
    const id = await madeId({ key: [] });
    const sent = Array.from({ length: 200 }, (_, at) => push(id, line({ n: at % 100 }), { key: `k${at % 100}` }));
    const answers = await Promise.all(sent);
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    const { items } = await read(id, '?limit=1000');
    expect(items.map((each) => each._offset)).toEqual(Array.from({ length: 100 }, (_, at) => String(at)));
    expect(new Set(items.map(({ n }) => n)).size).toBe(100);
  });
});

describe('bad input', () => {
  test('malformed lines and wrong types become dead letters, the rest is stored', async () => {
    const id = await madeId();
    await push(id, line({ id: 1, price: 2 }));
    const bad: [string | Uint8Array<ArrayBuffer>, string][] = [
      ['{"time":', 'no JSON'],
      ['null', 'An event is a JSON object'],
      [line({ id: 2, price: 'much' }), 'price is "much", which is no BIGINT.'],
      [line({ id: null }), 'id is missing, and it is part of the key.'],
      [line({ id: 3, time: null }), 'time is missing.'],
      [line({ id: 3, time: '0001-01-01T00:00:00Z' }), 'before 1970'],
      [line({ id: 3, time: '9999-12-31T23:59:59Z' }), 'ahead of the time it came'],
      [line({ id: 3, time: 'yesterday' }), 'no time'],
      [line({ id: 3, time: [1] }), 'no time'],
      [line({ id: 3, _offset: 5 }), 'Lodestar gives itself'],
      [`{"time":"${time}","id":4,"x":"${'y'.repeat(2 ** 20)}"}`, 'longer than 1048576 bytes'],
      [Uint8Array.of(0x7b, 0xff, 0x7d), 'not UTF-8'],
    ];
    for (const [body, reason] of bad) {
      const pushed = await push(id, body);
      expect([pushed.status, pushed.body]).toMatchObject([200, { accepted: 0, deadLetters: 1 }]);
      expect((await dead(id, '?limit=1')).items[0]!.reason).toContain(reason);
    }
    expect((await push(id, `x\n${line({ id: 5 })}{}\n${line({ id: 6 })}`)).body).toMatchObject({
      accepted: 2,
      deadLetters: 2,
    });
    expect((await read(id)).items.map((each) => each.id)).toEqual(['1', '5', '6']);
    const pages = [await dead(id, '?limit=10'), await dead(id, '?limit=10&cursor=4')];
    expect(pages.map(({ items, next }) => [items[0]!.number, items.length, next])).toEqual([
      [13, 10, '4'],
      [3, 4, null],
    ]);
    expect((await dead(id, '?limit=200')).items.find(({ isCut }) => isCut)!.raw).toHaveLength(65_536);
  });

  test.each([
    ['no JSON', '{"a":', 400],
    ['a number', '5', 400],
    ['null', 'null', 400],
    ['nothing', '', 400],
  ])('a JSON body that is %s is refused whole', async (_, body, status) => {
    const id = await madeId();
    expect((await push(id, body, { type: 'application/json' })).status).toBe(status);
    expect(await view(id)).toMatchObject({ offset: 0, deadLetters: 0 });
  });

  test('nonsense as JSON, and an event that is too long for a row, become dead letters beside what is stored', async () => {
    const id = await madeId();
    const longest = 'ü'.repeat(4_999_000);
    const events = [
      { time, id: 1, s: longest },
      { time, id: 2, s: `${longest}${longest.slice(0, 2000)}` },
      { time: Infinity, id: 3 },
      { time: -1, id: 4 },
      { time: { at: time }, id: 5 },
      { time: '', id: 6 },
      { time: '2026-02-30', id: 7 },
      { time: false, id: 8 },
      [[]],
      { time, id: 9 },
    ];
    const pushed = await push(id, JSON.stringify(events.slice(0, 1)), { type: 'application/json' });
    expect(pushed.body).toMatchObject({ accepted: 1 });
    const rest = await push(id, JSON.stringify(events.slice(1)), { type: 'application/json' });
    expect(rest.body).toMatchObject({ accepted: 1, deadLetters: 8 });
    const reasons = (await dead(id)).items.map(({ reason }) => reason).toReversed();
    expect(reasons).toEqual([
      'The event is longer than 5000000 letters.',
      'time is missing.', // as JSON an infinite number is null
      expect.stringContaining('before 1970'),
      expect.stringContaining('an object, which is no time'),
      expect.stringContaining('"", which is no time'),
      expect.stringContaining('no time'),
      expect.stringContaining('no time'),
      'An event is a JSON object, not an array.',
    ]);
    await push(id, [10, 11, 12].map((n) => line({ id: n })).join(''));
    await vi.waitUntil(() => lodestar.db.segment.findFirst({ where: { streamId: id, state: 'sealed' } }), 30_000);
    const items = (await read(id)).items;
    expect(items.map((each) => each.id)).toEqual(['1', '9', '10', '11', '12']);
    expect(items[0]!.s).toHaveLength(longest.length);
  });

  test('another type is refused', async () => {
    expect((await push(await madeId(), 'a,b', { type: 'text/csv' })).status).toBe(415);
  });

  test('a body of 100 MB is refused, said or not, and nothing of it is stored', async () => {
    const id = await madeId();
    const piece = new TextEncoder().encode(line({ id: 1, pad: 'x'.repeat(2000) }).repeat(500));
    let left = Math.ceil(100e6 / piece.length);
    const body = new ReadableStream({
      pull: (controller) => (left-- > 0 ? controller.enqueue(piece) : controller.close()),
    });
    const refused = await push(id, body);
    expect([refused.status, refused.body.code]).toEqual([413, 'too-large']);
    expect(left, 'it was not read to its end').toBeGreaterThan(0);
    const said = await push(id, 'x', { headers: { 'content-length': '100000000' } });
    expect(said.status).toBe(413);
    expect(await view(id)).toMatchObject({ offset: 0, deadLetters: 0 });
  });

  test('too many events in one batch are refused', async () => {
    expect((await push(await madeId(), '1\n'.repeat(200_001))).body.code).toBe('too-many');
  });

  test('a definition that cannot be is refused with the place', async () => {
    for (const given of [{ name: 'a b' }, { eventTime: '' }, { deduplication: -1 }, { retention: { days: 0 } }])
      expect((await make(given)).status).toBe(400);
    const patched = await call('PATCH', `/api/streams/${await madeId()}`, { body: JSON.stringify({ name: 'other' }) });
    expect(patched.status).toBe(400);
  });

  test('what cannot wait is told to come again, and what was taken is stored', async () => {
    const id = await madeId({ key: [] });
    let go = () => undefined as void;
    const held = new Promise<void>((resolve) => (go = resolve));
    const slow = (first: string) =>
      new ReadableStream({
        async start(controller) {
          controller.enqueue(new TextEncoder().encode(first));
          await held;
          controller.close();
        },
      });
    const big = line({ pad: 'x'.repeat(500_000) });
    const waiting = [push(id, slow(big.repeat(20))), push(id, slow(big.repeat(20)))];
    await vi.waitUntil(async () => (await push(id, slow(big.repeat(2)))).status === 429, { timeout: 10_000 });
    const refused = await push(id, big.repeat(2));
    expect([refused.status, refused.headers.get('retry-after'), refused.body.code]).toEqual([429, '1', 'too-fast']);
    go();
    expect((await Promise.all(waiting)).map(({ body }) => body.accepted)).toEqual([20, 20]);
    expect((await push(id, big)).body).toMatchObject({ accepted: 1, offset: 41 });
  });
});

describe('history', () => {
  const rich = { big: 9007199254740993n, d: -0.5, s: 'ü"\n\u0000', ok: true, j: { a: [1, null, { b: 'x' }] } };
  const text = (id: number) =>
    `${JSON.stringify({ time: '2026-11-21T11:00:00.123456+02:00', id, ...rich, big: 0 }).replace('"big":0', '"big":9007199254740993')}\n`;

  test('is read by offset, the same from the log and from Parquet', async () => {
    const id = await madeId();
    await push(id, text(0) + text(1));
    const before = await read(id);
    expect(before.items[1]).toEqual({
      _offset: '1',
      _received_at: new Date(now).toISOString().replace('T', ' ').replace('.000Z', ''),
      time: '2026-11-21 09:00:00.123456',
      id: '1',
      ...rich,
      big: '9007199254740993',
    });
    await push(id, text(2) + text(3));
    await push(id, text(4) + line({ id: 5, more: 1 }));
    await lodestar.streams.sweep();
    await vi.waitUntil(
      async () => (await lodestar.db.segment.count({ where: { streamId: id, state: 'sealed' } })) === 1,
      { timeout: 30_000 },
    );
    const after = await read(id);
    const kept = after.items.slice(0, 2).map(({ more, ...event }) => [more, event]);
    expect(kept).toEqual(before.items.map((event) => [null, event]));
    expect(await read(id, '?from=3&limit=2')).toMatchObject({ items: [{ id: '3' }, { id: '4' }], next: 5, end: 6 });
    expect(await read(id, '?from=6')).toEqual({ items: [], next: 6, end: 6 });
    expect(await view(id)).toMatchObject({ events: 6, segments: 2, firstOffset: 0, offset: 6 });
  });

  test('retention lets whole segments go, and dead letters with them', async () => {
    const id = await madeId({ retention: { days: 0.01 } });
    await push(id, `x\n${[1, 2, 3, 4].map((n) => line({ id: n })).join('')}`);
    now += 864_000;
    await push(id, line({ id: 5 }));
    await lodestar.streams.sweep();
    now += 1000;
    await lodestar.streams.sweep();
    expect(await view(id)).toMatchObject({ events: 1, firstOffset: 4, offset: 5, deadLetters: 1 });
    expect(await read(id)).toMatchObject({ items: [{ _offset: '4', id: '5' }], next: 5 });
    expect((await dead(id)).items).toEqual([]);
  });

  test('of dead letters the newest are kept, so many and so long', async () => {
    const id = await madeId();
    await push(id, 'x\n'.repeat(3));
    const { length } = (await dead(id)).items;
    const data = { streamId: id, receivedAt: new Date(now), reason: 'x', raw: '', isCut: false };
    await lodestar.db.deadLetter.create({ data: { ...data, number: 100_001n } });
    await lodestar.streams.sweep();
    expect([length, (await dead(id)).items.map(({ number }) => number)]).toEqual([3, [100_001, 2]]);
    const receivedAt = new Date(now - 31 * 86_400_000);
    await lodestar.db.deadLetter.updateMany({ where: { streamId: id }, data: { receivedAt } });
    await lodestar.streams.sweep();
    expect((await dead(id)).items).toEqual([]);
  });

  test('a log that is damaged before its end says so and takes nothing, and nothing is cut off', async () => {
    const id = await madeId();
    await push(id, line({ id: 1 }));
    await push(id, line({ id: 2 }));
    const { log } = await lodestar.db.segment.findFirstOrThrow({ where: { streamId: id } });
    const file = `${lodestar.config.DATA_DIR}/streams/${id}/${log}`;
    const bytes = await readFile(file);
    bytes[60]! ^= 1;
    await writeFile(file, bytes);
    await lodestar.streams.drop(id);
    const refused = await push(id, line({ id: 3 }));
    expect([refused.status, refused.body.code]).toEqual([503, 'log-damaged']);
    const { trouble } = await view(id);
    expect(trouble).toBe(`streams/${id}/${log} is damaged at byte 0. Bring the file back from a backup.`);
    expect(await readFile(file)).toEqual(bytes);
    bytes[60]! ^= 1;
    await writeFile(file, bytes);
    expect((await push(id, line({ id: 3 }))).body).toMatchObject({ accepted: 1, offset: 3 });
    await lodestar.streams.drop(id);
    await rename(file, `${file}.away`);
    expect((await push(id, line({ id: 4 }))).body.code).toBe('log-damaged');
    expect((await view(id)).trouble).toBe(`streams/${id}/${log} is missing. Bring it back from a backup.`);
    await rename(`${file}.away`, file);
    expect((await push(id, line({ id: 4 }))).body).toMatchObject({ accepted: 1 });
  });

  test('a stream that is written elsewhere says so, and what is known of it is shown', async () => {
    const id = await madeId();
    await lodestar.db
      .$executeRaw`UPDATE "Stream" SET lease = 'x', "leaseHome" = 'far', "leaseUntil" = now() + interval '1 hour' WHERE id = ${id}`;
    await vi.waitUntil(async () => (await push(id, line({ id: 1 }))).body.code === 'stream-elsewhere', {
      timeout: 30_000,
    });
    expect((await push(id, line({ id: 1 }))).headers.get('retry-after')).toBe('5');
    expect((await view(id)).trouble).toContain('another Lodestar');
  });
});
