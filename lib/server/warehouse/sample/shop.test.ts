import { describe, expect, test } from 'vitest';
import { makeShop, shopDays } from './shop.ts';

const shop = makeShop('2026-11-20');
const table = (name: string) => shop.find((each) => each.name === name)!;
const column = (name: string, key: string) => {
  const { columns, rows } = table(name);
  const at = columns.findIndex(([each]) => each === key);
  return rows.map((row) => row[at]!);
};

describe('the sample shop', () => {
  test('is the same for the same last day', () => {
    expect(makeShop('2026-11-20')).toEqual(shop);
  });

  test('every day has visits and purchases, none is after the last', () => {
    for (const [name, key] of [
      ['access', 'visited_at'],
      ['purchase', 'paid_at'],
    ] as const) {
      const days = new Set(column(name, key).map((at) => String(at).slice(0, 10)));
      expect(days.size).toBe(shopDays);
      expect([...days].sort().at(-1)).toBe('2026-11-20');
    }
  });

  test('both logs hold lines twice, and the second is the first again', () => {
    for (const [name, key] of [
      ['access', 'access_id'],
      ['purchase', 'purchase_id'],
    ] as const) {
      const ids = column(name, key);
      const lines = new Set(table(name).rows.map((row) => row.join('|')));
      expect(ids.length).toBeGreaterThan(new Set(ids).size);
      expect(lines.size).toBe(new Set(ids).size);
    }
  });

  test('who buys and looks is a person of the shop who has signed up', () => {
    const known = new Set(column('user', 'user_id'));
    for (const name of ['access', 'purchase'])
      for (const id of column(name, 'user_id')) expect(known.has(id)).toBe(true);
  });

  test('people sign up before and while the log runs', () => {
    const days = column('user', 'signed_up_at').map((at) => String(at).slice(0, 10));
    expect(days.some((day) => day < '2026-10-24')).toBe(true);
    expect(new Set(days.filter((day) => day >= '2026-10-24')).size).toBeGreaterThan(20);
  });

  test('amounts are exact cents', () => {
    for (const amount of column('purchase', 'amount')) expect(String(amount)).toMatch(/^\d+\.\d\d$/);
  });
});
