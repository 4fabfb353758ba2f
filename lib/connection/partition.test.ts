import { expect, test } from 'vitest';
import { partitionColumn, partitioningOf } from './partition.ts';

test('Iceberg, with transforms', () => {
  const ddl = `CREATE TABLE iceberg.shop.purchase (
   paid_at timestamp(6) with time zone,
   region varchar
)
COMMENT 'partitioning = ARRAY[''no'']'
WITH (
   format = 'PARQUET',
   format_version = 2,
   location = 'local:///lake/shop',
   partitioning = ARRAY['day(paid_at)','region','bucket("odd name", 8)']
)`;
  expect(partitioningOf(ddl)).toEqual(['day(paid_at)', 'region', 'bucket("odd name", 8)']);
});

test('Hive', () => {
  expect(partitioningOf(`WITH (\n   external_location = 's3://x',\n   partitioned_by = ARRAY['ds']\n)`)).toEqual([
    'ds',
  ]);
});

test('a table that is not cut', () => {
  expect(partitioningOf('CREATE TABLE memory.default.t (\n   a bigint\n)')).toEqual([]);
  expect(partitioningOf('')).toEqual([]);
});

test.each([
  ['paid_at', 'paid_at'],
  ['day(paid_at)', 'paid_at'],
  ['bucket(paid_at, 8)', 'paid_at'],
  ['truncate("odd, name", 3)', 'odd, name'],
  ['"odd ""name"""', 'odd "name"'],
])('%s is cut by %s', (part, column) => {
  expect(partitionColumn(part)).toBe(column);
});
