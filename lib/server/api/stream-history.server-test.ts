import { readFile, rename, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { line, startStreamApi, type StreamApi } from '#lib/testing/stream-api.ts';

let api: StreamApi;
beforeAll(async () => {
  api = await startStreamApi();
});
afterAll(() => api.close());

describe('history', () => {
  const rich = { big: 9007199254740993n, d: -0.5, s: 'ü"\n\u0000', ok: true, j: { a: [1, null, { b: 'x' }] } };
  const text = (id: number) =>
    `${JSON.stringify({ time: '2026-11-21T11:00:00.123456+02:00', id, ...rich, big: 0 }).replace('"big":0', '"big":9007199254740993')}\n`;

  test('is read by offset, the same from the log and from Parquet', async () => {
    const id = await api.madeId();
    await api.push(id, text(0) + text(1));
    const before = await api.read(id);
    expect(before.items[1]).toEqual({
      _offset: '1',
      _received_at: new Date(api.clock.now).toISOString().replace('T', ' ').replace('.000Z', ''),
      time: '2026-11-21 09:00:00.123456',
      id: '1',
      ...rich,
      big: '9007199254740993',
    });
    await api.push(id, text(2) + text(3));
    await api.push(id, text(4) + line({ id: 5, more: 1 }));
    await api.lodestar.streams.sweep();
    await vi.waitUntil(
      async () => (await api.lodestar.db.segment.count({ where: { streamId: id, state: 'sealed' } })) === 1,
      { timeout: 30_000 },
    );
    const after = await api.read(id);
    const kept = after.items.slice(0, 2).map(({ more, ...event }) => [more, event]);
    expect(kept).toEqual(before.items.map((event) => [null, event]));
    expect(await api.read(id, '?from=3&limit=2')).toMatchObject({ items: [{ id: '3' }, { id: '4' }], next: 5, end: 6 });
    expect(await api.read(id, '?from=6')).toEqual({ items: [], next: 6, end: 6 });
    expect(await api.view(id)).toMatchObject({ events: 6, segments: 2, firstOffset: 0, offset: 6 });
  });

  test('retention lets whole segments go, and dead letters with them', async () => {
    const id = await api.madeId({ retention: { days: 0.01 } });
    await api.push(id, `x\n${[1, 2, 3, 4].map((n) => line({ id: n })).join('')}`);
    api.clock.now += 864_000;
    await api.push(id, line({ id: 5 }));
    await api.lodestar.streams.sweep();
    api.clock.now += 1000;
    await api.lodestar.streams.sweep();
    expect(await api.view(id)).toMatchObject({ events: 1, firstOffset: 4, offset: 5, deadLetters: 1 });
    expect(await api.read(id)).toMatchObject({ items: [{ _offset: '4', id: '5' }], next: 5 });
    expect((await api.dead(id)).items).toEqual([]);
  });

  test('of dead letters the newest are kept, so many and so long', async () => {
    const id = await api.madeId();
    await api.push(id, 'x\n'.repeat(3));
    const { length } = (await api.dead(id)).items;
    const data = { streamId: id, receivedAt: new Date(api.clock.now), reason: 'x', raw: '', isCut: false };
    await api.lodestar.db.deadLetter.create({ data: { ...data, number: 100_001n } });
    await api.lodestar.streams.sweep();
    expect([length, (await api.dead(id)).items.map(({ number }) => number)]).toEqual([3, [100_001, 2]]);
    const receivedAt = new Date(api.clock.now - 31 * 86_400_000);
    await api.lodestar.db.deadLetter.updateMany({ where: { streamId: id }, data: { receivedAt } });
    await api.lodestar.streams.sweep();
    expect((await api.dead(id)).items).toEqual([]);
  });

  test('a log that is damaged before its end says so and takes nothing, and nothing is cut off', async () => {
    const id = await api.madeId();
    await api.push(id, line({ id: 1 }));
    await api.push(id, line({ id: 2 }));
    const { log } = await api.lodestar.db.segment.findFirstOrThrow({ where: { streamId: id } });
    const file = `${api.lodestar.config.DATA_DIR}/streams/${id}/${log}`;
    const bytes = await readFile(file);
    bytes[60]! ^= 1;
    await writeFile(file, bytes);
    await api.lodestar.streams.drop(id);
    const refused = await api.push(id, line({ id: 3 }));
    expect([refused.status, refused.body.code]).toEqual([503, 'log-damaged']);
    const { trouble } = await api.view(id);
    expect(trouble).toBe(`streams/${id}/${log} is damaged at byte 0. Bring the file back from a backup.`);
    expect(await readFile(file)).toEqual(bytes);
    bytes[60]! ^= 1;
    await writeFile(file, bytes);
    expect((await api.push(id, line({ id: 3 }))).body).toMatchObject({ accepted: 1, offset: 3 });
    await api.lodestar.streams.drop(id);
    await rename(file, `${file}.away`);
    expect((await api.push(id, line({ id: 4 }))).body.code).toBe('log-damaged');
    expect((await api.view(id)).trouble).toBe(`streams/${id}/${log} is missing. Bring it back from a backup.`);
    await rename(`${file}.away`, file);
    expect((await api.push(id, line({ id: 4 }))).body).toMatchObject({ accepted: 1 });
  });

  test('a stream that is written elsewhere says so, and what is known of it is shown', async () => {
    const id = await api.madeId();
    await api.lodestar.db
      .$executeRaw`UPDATE "Stream" SET lease = 'x', "leaseHome" = 'far', "leaseUntil" = now() + interval '1 hour' WHERE id = ${id}`;
    await vi.waitUntil(async () => (await api.push(id, line({ id: 1 }))).body.code === 'stream-elsewhere', {
      timeout: 30_000,
    });
    expect((await api.push(id, line({ id: 1 }))).headers.get('retry-after')).toBe('5');
    expect((await api.view(id)).trouble).toContain('another Lodestar');
  });
});
