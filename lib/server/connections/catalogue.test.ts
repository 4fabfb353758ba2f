import { expect, test } from 'vitest';
import { KernelFailure } from '#kernels/failure.ts';
import { ShownCatalogue, type Query } from './catalogue.ts';
import { Shelf } from './shelf.ts';

const now = () => new Date('2026-11-21T10:00:00Z');
const reading = { fresh: false, signal: new AbortController().signal };
const asked: string[] = [];

const answers: Query = (sql) => {
  asked.push(sql);
  if (sql === 'SHOW CATALOGS') return Promise.resolve([['dead'], ['lake'], ['system']]);
  if (sql.includes('"dead"'))
    return Promise.reject(new KernelFailure({ code: 'timeout', message: 'The run was stopped after 10 s.' }));
  return Promise.resolve([['shop', 'purchase']]);
};

const made = (query: Query = answers) =>
  new ShownCatalogue({ query, prefix: 'mei', shelf: new Shelf({ age: 600, most: 100, now }) });

test('a dead catalog is missing from a search and spoils nothing else', async () => {
  expect(await made().search('purch', reading)).toEqual({
    items: [{ catalog: 'lake', schema: 'shop', name: 'purchase' }],
    matches: 1,
    total: 1,
    missing: [{ catalog: 'dead', why: 'The run was stopped after 10 s.' }],
    cut: [],
    readAt: '2026-11-21T10:00:00.000Z',
  });
});

test('a catalog with more tables than are looked through is named', async () => {
  const many = made((sql, options) => {
    if (sql === 'SHOW CATALOGS') return Promise.resolve([['lake'], ['small']]);
    const count = sql.includes('"lake"') ? (options?.limit ?? 0) : 20_000;
    return Promise.resolve(Array.from({ length: count }, (_, at) => ['shop', `t${at}`]));
  });
  expect(await many.search('t1', reading)).toMatchObject({ total: 40_000, cut: ['lake'], missing: [] });
});

test('the cluster’s own catalog is not searched, and names are quoted', async () => {
  asked.length = 0;
  await made().search('purch', reading);
  await made().schemas('a "b"', reading);
  expect(asked.some((sql) => sql.includes('"system"'))).toBe(false);
  expect(asked).toContain('SHOW SCHEMAS FROM "a ""b"""');
});

test('who leaves waits no longer, and others get the answer', async () => {
  let give: (rows: string[][]) => void = () => undefined;
  const slow = made(() => new Promise((resolve) => (give = resolve)));
  const leaving = new AbortController();
  const left = slow.catalogs({ fresh: false, signal: leaving.signal });
  const stays = slow.catalogs(reading);
  leaving.abort();
  await expect(left).rejects.toMatchObject({ error: { code: 'cancelled' } });
  give([['lake']]);
  expect((await stays).items).toEqual(['lake']);
});

test('a fault of ours is no missing catalog', async () => {
  const broken = made((sql) =>
    sql === 'SHOW CATALOGS' ? Promise.resolve([['lake']]) : Promise.reject(new Error('bug')),
  );
  await expect(broken.search('x', reading)).rejects.toThrow('bug');
});
