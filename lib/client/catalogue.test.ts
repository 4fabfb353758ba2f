import { describe, expect, it, vi } from 'vitest';
import type { CatalogueApi } from '#lib/client/api/connections.ts';
import { Catalogue } from './catalogue.ts';

const readAt = '2026-10-19T14:03:13.000Z';
const here = <T>(value: T) => Promise.resolve({ ok: true as const, value });

function open(more: Partial<CatalogueApi> = {}) {
  const api = {
    catalogs: vi.fn(() => here({ items: ['iceberg', 'tpch'], readAt })),
    schemas: vi.fn(() => here({ items: ['shop'], readAt })),
    tables: vi.fn(() => here({ items: [{ catalog: 'iceberg', schema: 'shop', name: 'purchase' }], readAt })),
    table: vi.fn(() => here({ columns: [{ name: 'id', type: 'bigint', comment: '' }], readAt })),
    ...more,
  } as unknown as CatalogueApi;
  return { api, catalogue: new Catalogue(api) };
}

describe('what a cluster holds', () => {
  it('is read level by level, each part once', async () => {
    const { api, catalogue } = open();
    for (const path of [[], ['iceberg'], ['iceberg', 'shop'], ['iceberg', 'shop', 'purchase']]) {
      await Promise.all([catalogue.need(path), catalogue.need(path)]);
      await catalogue.need(path);
    }
    expect(api.catalogs).toHaveBeenCalledTimes(1);
    expect(api.schemas).toHaveBeenCalledExactlyOnceWith('iceberg', false);
    expect(api.tables).toHaveBeenCalledExactlyOnceWith('iceberg', 'shop', false);
    expect(catalogue.part(['iceberg', 'shop'])).toMatchObject({ names: ['purchase'] });
    expect(catalogue.part(['iceberg', 'shop', 'purchase'])).toMatchObject({ names: ['id'], table: { readAt } });
  });

  it('what failed is tried again, and nothing else is asked', async () => {
    let isDead = true;
    const dead = { ok: false as const, problem: { status: 422, code: 'lost', detail: 'It does not answer.' } };
    const schemas = vi.fn(() => (isDead ? Promise.resolve(dead) : here({ items: ['shop'], readAt })));
    const { api, catalogue } = open({ schemas } as unknown as Partial<CatalogueApi>);
    await catalogue.need([]);
    expect(await catalogue.need(['iceberg'])).toMatchObject({ state: 'failed', words: 'It does not answer.' });
    isDead = false;
    const again = catalogue.retry();
    expect(catalogue.part(['iceberg'])).toEqual({ state: 'reading' });
    await again;
    expect(catalogue.part(['iceberg'])).toMatchObject({ names: ['shop'] });
    expect(api.catalogs).toHaveBeenCalledTimes(1);
  });

  it('is asked anew on demand, and what was there stays until it has come', async () => {
    const { api, catalogue } = open();
    await catalogue.need([]);
    const again = catalogue.refresh();
    expect(catalogue.part([])).toMatchObject({ state: 'here' });
    await again;
    expect(api.catalogs).toHaveBeenLastCalledWith(true);
  });

  it('a part that cannot be read says why, and is tried again', async () => {
    const refused = {
      ok: false as const,
      problem: { status: 502, code: 'lost', detail: 'The cluster does not answer.' },
    };
    const answers = [refused, { ok: true as const, value: { items: ['x'], readAt } }];
    const { catalogue } = open({ catalogs: () => Promise.resolve(answers.shift()!) });
    expect(await catalogue.need([])).toEqual({ state: 'failed', words: 'The cluster does not answer.' });
    expect(await catalogue.need([])).toMatchObject({ state: 'here', names: ['x'] });
  });
});
