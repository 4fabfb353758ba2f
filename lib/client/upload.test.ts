import { expect, test } from 'vitest';
import { contentTypeOf, datasetNameOf } from './upload.ts';

test('a name that SQL takes comes out of any file name', () => {
  expect(datasetNameOf('Late parcels (42).csv')).toBe('late_parcels_42');
  expect(datasetNameOf('2026-10.parquet')).toBe('data_2026_10');
  expect(datasetNameOf('Größe.CSV')).toBe('gro_e');
  expect(datasetNameOf('顧客.csv')).toBe('data');
  expect(datasetNameOf('no ending')).toBe('no_ending');
  for (const name of ['.csv', '___.csv', `${'a'.repeat(62)}-b.csv`])
    expect(datasetNameOf(name)).toMatch(/^[a-z][a-z0-9_]{0,62}$/);
});

test('the ending says the type, whatever its case; others have none', () => {
  expect(contentTypeOf('a.CSV')).toBe('text/csv');
  expect(contentTypeOf('a.b.parquet')).toBe('application/vnd.apache.parquet');
  expect(contentTypeOf('a.xlsx')).toBeNull();
  expect(contentTypeOf('csv')).toBe('text/csv');
});
