import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { line, time, startStreamApi, type StreamApi } from '#lib/testing/stream-api.ts';

let api: StreamApi;
beforeAll(async () => {
  api = await startStreamApi();
});
afterAll(() => api.close());

describe('a batch', () => {
  test('as NDJSON, as an array, as one object', async () => {
    const id = await api.madeId();
    const json = { type: 'application/json' };
    expect((await api.push(id, line({ id: 1 }))).body).toEqual({
      accepted: 1,
      duplicates: 0,
      deadLetters: 0,
      offset: 1,
    });
    expect((await api.push(id, JSON.stringify([{ time, id: 2 }, 7]), json)).body).toMatchObject({
      accepted: 1,
      offset: 2,
    });
    expect((await api.push(id, JSON.stringify({ time, id: 3 }), json)).body).toMatchObject({ offset: 3 });
    expect((await api.push(id, '')).body).toMatchObject({ accepted: 0, offset: 3 });
    expect((await api.dead(id)).items).toMatchObject([{ number: 0, raw: '7' }]);
  });

  test('with the same key is stored once and answered the same; another body under the key is refused', async () => {
    const id = await api.madeId({ key: [] });
    const first = await api.push(id, line({ n: 1 }) + 'x\n', { key: 'a' });
    expect(first.body).toEqual({ accepted: 1, duplicates: 0, deadLetters: 1, offset: 1 });
    await api.push(id, line({ n: 2 }), { key: 'b' });
    expect((await api.push(id, line({ n: 1 }) + 'x\n', { key: 'a' })).body).toEqual(first.body);
    const other = await api.push(id, line({ n: 3 }), { key: 'a' });
    expect([other.status, other.body.code]).toEqual([422, 'key-used']);
    expect((await api.read(id)).items.map(({ n }) => n)).toEqual(['1', '2']);
    expect((await api.dead(id)).items).toHaveLength(1);
    expect((await api.push(id, line({ n: 1 }), { key: 'a b' })).status).toBe(400);
  });

  test('a hundred at once, each twice, are each stored once', async () => {
    const id = await api.madeId({ key: [] });
    const sent = Array.from({ length: 200 }, (_, at) => api.push(id, line({ n: at % 100 }), { key: `k${at % 100}` }));
    const answers = await Promise.all(sent);
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    const { items } = await api.read(id, '?limit=1000');
    expect(items.map((each) => each._offset)).toEqual(Array.from({ length: 100 }, (_, at) => String(at)));
    expect(new Set(items.map(({ n }) => n)).size).toBe(100);
  });
});

describe('bad input', () => {
  test('malformed lines and wrong types become dead letters, the rest is stored', async () => {
    const id = await api.madeId();
    await api.push(id, line({ id: 1, price: 2 }));
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
      const pushed = await api.push(id, body);
      expect([pushed.status, pushed.body]).toMatchObject([200, { accepted: 0, deadLetters: 1 }]);
      expect((await api.dead(id, '?limit=1')).items[0]!.reason).toContain(reason);
    }
    expect((await api.push(id, `x\n${line({ id: 5 })}{}\n${line({ id: 6 })}`)).body).toMatchObject({
      accepted: 2,
      deadLetters: 2,
    });
    expect((await api.read(id)).items.map((each) => each.id)).toEqual(['1', '5', '6']);
    const pages = [await api.dead(id, '?limit=10'), await api.dead(id, '?limit=10&cursor=4')];
    expect(pages.map(({ items, next }) => [items[0]!.number, items.length, next])).toEqual([
      [13, 10, '4'],
      [3, 4, null],
    ]);
    expect((await api.dead(id, '?limit=200')).items.find(({ isCut }) => isCut)!.raw).toHaveLength(65_536);
  });

  test.each([
    ['no JSON', '{"a":', 400],
    ['a number', '5', 400],
    ['null', 'null', 400],
    ['nothing', '', 400],
  ])('a JSON body that is %s is refused whole', async (_, body, status) => {
    const id = await api.madeId();
    expect((await api.push(id, body, { type: 'application/json' })).status).toBe(status);
    expect(await api.view(id)).toMatchObject({ offset: 0, deadLetters: 0 });
  });

  test('nonsense as JSON, and an event that is too long for a row, become dead letters beside what is stored', async () => {
    const id = await api.madeId();
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
    const pushed = await api.push(id, JSON.stringify(events.slice(0, 1)), { type: 'application/json' });
    expect(pushed.body).toMatchObject({ accepted: 1 });
    const rest = await api.push(id, JSON.stringify(events.slice(1)), { type: 'application/json' });
    expect(rest.body).toMatchObject({ accepted: 1, deadLetters: 8 });
    const reasons = (await api.dead(id)).items.map(({ reason }) => reason).toReversed();
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
    await api.push(id, [10, 11, 12].map((n) => line({ id: n })).join(''));
    await vi.waitUntil(() => api.lodestar.db.segment.findFirst({ where: { streamId: id, state: 'sealed' } }), 30_000);
    const items = (await api.read(id)).items;
    expect(items.map((each) => each.id)).toEqual(['1', '9', '10', '11', '12']);
    expect(items[0]!.s).toHaveLength(longest.length);
  });

  test('another type is refused', async () => {
    expect((await api.push(await api.madeId(), 'a,b', { type: 'text/csv' })).status).toBe(415);
  });

  test('a body of 100 MB is refused, said or not, and nothing of it is stored', async () => {
    const id = await api.madeId();
    const piece = new TextEncoder().encode(line({ id: 1, pad: 'x'.repeat(2000) }).repeat(500));
    let left = Math.ceil(100e6 / piece.length);
    const body = new ReadableStream({
      pull: (controller) => (left-- > 0 ? controller.enqueue(piece) : controller.close()),
    });
    const refused = await api.push(id, body);
    expect([refused.status, refused.body.code]).toEqual([413, 'too-large']);
    expect(left, 'it was not read to its end').toBeGreaterThan(0);
    const said = await api.push(id, 'x', { headers: { 'content-length': '100000000' } });
    expect(said.status).toBe(413);
    expect(await api.view(id)).toMatchObject({ offset: 0, deadLetters: 0 });
  });

  test('too many events in one batch are refused', async () => {
    expect((await api.push(await api.madeId(), '1\n'.repeat(200_001))).body.code).toBe('too-many');
  });

  test('a definition that cannot be is refused with the place', async () => {
    for (const given of [{ name: 'a b' }, { eventTime: '' }, { deduplication: -1 }, { retention: { days: 0 } }])
      expect((await api.make(given)).status).toBe(400);
    const patched = await api.call('PATCH', `/api/streams/${await api.madeId()}`, {
      body: JSON.stringify({ name: 'other' }),
    });
    expect(patched.status).toBe(400);
    const columns = Array.from({ length: 1001 }, (_, at) => ({ name: `c${at}`, type: 'DOUBLE' }));
    const widened = await api.call('PATCH', `/api/streams/${await api.madeId()}`, {
      body: JSON.stringify({ columns }),
    });
    expect(widened).toMatchObject({ status: 400, body: { errors: [{ in: 'body', field: 'columns' }] } });
  });

  test('what cannot wait is told to come again, and what was taken is stored', async () => {
    const id = await api.madeId({ key: [] });
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
    const waiting = [api.push(id, slow(big.repeat(20))), api.push(id, slow(big.repeat(20)))];
    await vi.waitUntil(async () => (await api.push(id, slow(big.repeat(2)))).status === 429, { timeout: 10_000 });
    const refused = await api.push(id, big.repeat(2));
    expect([refused.status, refused.headers.get('retry-after'), refused.body.code]).toEqual([429, '1', 'too-fast']);
    go();
    expect((await Promise.all(waiting)).map(({ body }) => body.accepted)).toEqual([20, 20]);
    expect((await api.push(id, big)).body).toMatchObject({ accepted: 1, offset: 41 });
  });
});
