import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { StreamView } from '#lib/server/data/stream-view.ts';
import { line, startStreamApi, type StreamApi } from '#lib/testing/stream-api.ts';

let api: StreamApi;
beforeAll(async () => {
  api = await startStreamApi();
});
afterAll(() => api.close());

describe('a stream', () => {
  test('is made, listed, changed and deleted', async () => {
    const made = await api.make({ retention: { days: 3 } });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ key: ['id'], columns: [], events: 0, offset: 0, lag: null, trouble: null });
    const { id, name } = made.body;
    const list = await api.call<{ items: StreamView[] }>('GET', `/api/projects/${api.project}/streams`);
    expect(list.body.items.map((each) => each.name)).toContain(name);
    const changed = await api.call('PATCH', `/api/streams/${id}`, { body: JSON.stringify({ deduplication: 0 }) });
    expect(changed.body).toMatchObject({ deduplication: 0, retention: { days: 3, bytes: null }, idle: 60 });
    expect((await api.push(id, line({ id: 1 }) + line({ id: 1 }))).body).toMatchObject({ accepted: 2, duplicates: 0 });
    expect((await api.call('DELETE', `/api/streams/${id}`)).status).toBe(204);
    expect((await api.push(id, line({ id: 1 }))).status).toBe(404);
  });

  test('keeps what each of two people changes at the same time', async () => {
    const id = await api.madeId();
    const change = (body: object) => api.call('PATCH', `/api/streams/${id}`, { body: JSON.stringify(body) });
    await Promise.all([{ retention: { days: 5 } }, { idle: 30 }, { deduplication: 9 }].map(change));
    expect(await api.view(id)).toMatchObject({ retention: { days: 5, bytes: null }, idle: 30, deduplication: 9 });
  });

  test('has a name of its own, whatever its case, also among datasets', async () => {
    await api.make({ name: 'Taken' });
    const csv = { body: 'a\n1\n', type: 'text/csv' };
    await api.call('PUT', `/api/projects/${api.project}/datasets/table_a`, csv);
    for (const name of ['taken', 'TABLE_A', 'workbench_events'])
      expect([name, (await api.make({ name })).body.code]).toEqual([name, 'name-taken']);
    const dataset = await api.call('PUT', `/api/projects/${api.project}/datasets/TAKEN`, csv);
    expect([dataset.status, dataset.body.code]).toEqual([409, 'name-taken']);
  });

  test('lets a column of whole numbers hold all of them, of what is stored too, and changes no other', async () => {
    const id = await api.madeId({ name: 'prices' });
    const widen = (name: string, type = 'DOUBLE') =>
      api.call<StreamView>('PATCH', `/api/streams/${id}`, { body: JSON.stringify({ columns: [{ name, type }] }) });
    await api.push(id, [1, 2, 3, 4].map((n) => line({ id: n, price: n, s: 'x' })).join(''));
    await api.push(id, line({ id: 5, price: 5, more: 1 }));
    expect((await api.push(id, line({ id: 6, price: 6.5 }))).body).toMatchObject({ deadLetters: 1 });
    for (const [name, type] of [['id'], ['s'], ['none'], ['price', 'VARCHAR']])
      expect([name, (await widen(name!, type)).status]).toEqual([name, 400]);
    for (const name of ['price', 'more', 'more']) expect((await widen(name)).status).toBe(200);
    await api.reopen();
    await api.push(id, line({ id: 7, price: 7.5, more: 0.5 }));
    const types = Object.fromEntries((await api.view(id)).columns.map(({ name, type }) => [name, type]));
    expect(types).toMatchObject({ price: 'DOUBLE', more: 'DOUBLE', id: 'BIGINT' });
    const prices = async () => (await api.read(id)).items.map(({ price, more }) => [price, more]);
    const expected = [...[1, 2, 3, 4].map((n) => [n, null]), [5, 1], [7.5, 0.5]];
    const sum = { sql: 'SELECT sum(price) AS sum, typeof(any_value(more)) AS type FROM prices' };
    const asked = () => api.call(`POST`, `/api/projects/${api.project}/query`, { body: JSON.stringify(sum) });
    const sealed = (count: number) => async () =>
      (await api.lodestar.db.segment.count({ where: { streamId: id, state: 'sealed' } })) === count;
    await vi.waitUntil(sealed(1), 60_000);
    expect(await prices()).toEqual(expected);
    expect((await asked()).body.rows).toEqual([[22.5, 'DOUBLE']]);
    await api.push(id, [8, 9].map((n) => line({ id: n, price: null })).join(''));
    await vi.waitUntil(sealed(2), 60_000);
    expect((await prices()).slice(0, 6)).toEqual(expected);
    expect((await asked()).body.rows).toEqual([[22.5, 'DOUBLE']]);
  }, 150_000);

  test('tells how much came, how fast, and how late it is', async () => {
    const id = await api.madeId();
    await api.push(id, line({ id: 1 }) + line({ id: 2, time: '2026-11-21T08:00:00Z' }) + line({ id: 2 }) + '[]\n');
    expect(await api.view(id)).toMatchObject({
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
    api.clock.now += 120_000;
    expect(await api.view(id)).toMatchObject({ rate: 0, lag: 3720, isIdle: true });
  });
});

describe('rights', () => {
  test('readers see and do not push; strangers see nothing', async () => {
    const id = await api.madeId();
    expect((await api.make({}, 'reader')).status).toBe(403);
    expect((await api.push(id, line({ id: 1 }), { as: 'reader' })).status).toBe(403);
    expect((await api.call('GET', `/api/streams/${id}/events`, { as: 'reader' })).status).toBe(200);
    for (const path of ['', '/events', '/dead-letters'])
      expect((await api.call('GET', `/api/streams/${id}${path}`, { as: 'stranger' })).status).toBe(404);
    expect((await api.push(id, line({ id: 1 }), { as: 'stranger' })).status).toBe(404);
    expect((await api.call('DELETE', `/api/streams/${id}`, { as: 'reader' })).status).toBe(403);
    expect((await api.call('PATCH', `/api/streams/${id}`, { as: 'reader', body: '{}' })).status).toBe(403);
  });

  test('a wrong token and an unknown stream are told apart from nothing else', async () => {
    const foreign = await api.push(await api.madeId(), line({ id: 1 }), {
      headers: { authorization: 'Bearer nonsense' },
    });
    expect([foreign.status, foreign.body.code]).toEqual([401, 'sign-in-needed']);
    const unknown = await api.push('nowhere', line({ id: 1 }));
    expect([unknown.status, unknown.body.code]).toEqual([404, 'not-found']);
  });
});
