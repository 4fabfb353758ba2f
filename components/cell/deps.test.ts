import { expect, it } from 'vitest';
import { thereOf } from './deps.tsx';

const lake = { id: 'c', name: 'lake', catalog: 'iceberg', schema: 'shop', writes: '', ready: true };

it('a name of a cluster stands where it says, or where the connection begins', () => {
  const path = (name: string, connection = lake) => {
    const there = thereOf(name, connection);
    return there && [there.catalog, there.schema, there.name].join('.');
  };
  expect(path('purchase')).toBe('iceberg.shop.purchase');
  expect(path('web.access')).toBe('iceberg.web.access');
  expect(path('tpch.tiny.nation')).toBe('tpch.tiny.nation');
  expect(path('purchase', { ...lake, catalog: '', schema: '' })).toBeNull();
});
