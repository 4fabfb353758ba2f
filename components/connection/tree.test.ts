import { describe, expect, it } from 'vitest';
import { keyOf, type Part, type Path } from '#lib/client/catalogue.ts';
import type { TableDetail } from '#lib/connection/view.ts';
import { foundRows, shortCount, stepAt, tableName, treeRows } from './tree.ts';

const here = (names: string[], table: Partial<TableDetail> | null = null): Part => ({
  state: 'here',
  names,
  table: table as TableDetail | null,
  readAt: '',
});
const purchase = ['iceberg', 'shop', 'purchase'];
const columns = [
  { name: 'id', type: 'bigint', comment: '' },
  { name: 'paid_at', type: 'timestamp(6)', comment: '' },
];
const parts = new Map<string, Part>([
  [keyOf([]), here(['iceberg', 'system', 'tpch'])],
  [keyOf(['iceberg']), here(['finance', 'shop'])],
  [keyOf(['iceberg', 'shop']), here(['purchase', 'user'])],
  [keyOf(purchase), here(['id', 'paid_at'], { columns, rows: 9_841_206 })],
  [keyOf(['system']), { state: 'failed', words: 'not allowed' }],
]);
const opened = (...paths: Path[]) => new Set(paths.map(keyOf));
const names = (rows: { name: string; level: number }[]) => rows.map((row) => '  '.repeat(row.level) + row.name);

describe('the tree', () => {
  it('shows what is open, as deep as it was read', () => {
    const rows = treeRows(parts, opened(['iceberg'], ['iceberg', 'shop'], purchase));
    expect(names(rows)).toEqual([
      'iceberg',
      '  finance',
      '  shop',
      '    purchase',
      '      id',
      '      paid_at',
      '    user',
      'system',
      'tpch',
    ]);
    expect(rows[0]).toMatchObject({ isOpen: true, note: '2 schemas' });
    expect(rows[3]).toMatchObject({ note: '9.84 M' });
    expect(rows[4]).toMatchObject({ type: 'bigint', isOpen: null });
    expect(rows[7]).toMatchObject({ note: 'not readable', isFailed: true });
    expect(rows[8]).toMatchObject({ note: '', isOpen: false });
  });

  it('nothing before the first list has come', () => expect(treeRows(new Map(), opened())).toEqual([]));

  it('what was found stands under its catalog and schema, each once', () => {
    const found = [
      { catalog: 'iceberg', schema: 'shop', name: 'purchase' },
      { catalog: 'tpch', schema: 'tiny', name: 'part' },
      { catalog: 'iceberg', schema: 'finance', name: 'purchase_2024' },
      { catalog: 'iceberg', schema: 'shop', name: 'purchase_line' },
    ];
    expect(names(foundRows(found, parts, opened(purchase)))).toEqual([
      'iceberg',
      '  shop',
      '    purchase',
      '      id',
      '      paid_at',
      '    purchase_line',
      '  finance',
      '    purchase_2024',
      'tpch',
      '  tiny',
      '    part',
    ]);
  });
});

describe('keys in the tree', () => {
  const rows = treeRows(parts, opened(['iceberg'], ['iceberg', 'shop']));
  const at = (name: string) => rows.findIndex((row) => row.name === name);

  it.each([
    ['ArrowDown', 'iceberg', { to: 1 }],
    ['ArrowUp', 'iceberg', null],
    ['End', 'iceberg', { to: rows.length - 1 }],
    ['Home', 'tpch', { to: 0 }],
    ['ArrowDown', 'tpch', null],
    ['ArrowRight', 'iceberg', { to: 1 }],
    ['ArrowRight', 'purchase', { toggle: 3 }],
    ['ArrowLeft', 'purchase', { to: 2 }],
    ['ArrowLeft', 'shop', { toggle: 2 }],
    ['ArrowLeft', 'tpch', null],
    ['Enter', 'purchase', { choose: 3 }],
    ['t', 'iceberg', { to: rows.length - 1 }],
    ['q', 'iceberg', null],
  ])('%s on %s', (key, name, step) => expect(stepAt(rows, at(name), key)).toEqual(step));

  it('the first key goes to the first row', () => expect(stepAt(rows, -1, 'ArrowDown')).toEqual({ to: 0 }));
});

it('names are written as Trino reads them', () => {
  expect(tableName(purchase)).toBe('iceberg.shop.purchase');
  expect(tableName(['hive', 'Web Logs', 'a"b'])).toBe('hive."Web Logs"."a""b"');
  expect(tableName(['hive', 'Logs', 'order'])).toBe('hive.Logs."order"');
});

it('counts are short', () => {
  expect([3, 9999, 212_000, 9_841_206, 2_310_000_000].map(shortCount)).toEqual([
    '3',
    '9,999',
    '212 k',
    '9.84 M',
    '2.31 B',
  ]);
});
