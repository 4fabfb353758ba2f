import { expect, test } from 'vitest';
import { searchTables } from './search.ts';

const table = (whole: string) => {
  const [catalog, schema, name] = whole.split('/') as [string, string, string];
  return { catalog, schema, name };
};
const tables = [
  'iceberg/shop/purchase_line',
  'iceberg/purchases/daily',
  'iceberg/shop/purchase',
  'iceberg/shop/old_purchase',
  'tpch/tiny/nation',
  'memory/Default/50%_off',
].map(table);
const found = (text: string) =>
  searchTables(tables, text).map(({ catalog, schema, name }) => `${catalog}/${schema}/${name}`);

test('the very name comes first, then what begins so, then what holds it, then where it lies', () => {
  expect(found('purchase')).toEqual([
    'iceberg/shop/purchase',
    'iceberg/shop/purchase_line',
    'iceberg/shop/old_purchase',
    'iceberg/purchases/daily',
  ]);
});

test('every word must be there, whatever its case, with spaces or points between', () => {
  expect(found('SHOP line')).toEqual(['iceberg/shop/purchase_line']);
  expect(found('tpch.tiny')).toEqual(['tpch/tiny/nation']);
  expect(found('shop nation')).toEqual([]);
});

test('signs that mean something elsewhere are signs', () => {
  expect(found('%_')).toEqual(['memory/Default/50%_off']);
  expect(found('(')).toEqual([]);
});

test('nothing is not everything', () => {
  expect(found('  . ')).toEqual([]);
});
