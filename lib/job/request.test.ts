import { expect, it } from 'vitest';
import { PromotionRequest } from './request.ts';

const given = { cell: 'revenue', target: 'daily_revenue', window: 'day' };

it('a word for a window is one of that unit', () => {
  expect(PromotionRequest.parse(given)).toEqual({
    cell: 'revenue',
    target: 'daily_revenue',
    window: { unit: 'day', size: 1 },
    checks: [],
    note: '',
    snapshot: false,
  });
});

it('a window may have a size', () => {
  expect(PromotionRequest.parse({ ...given, window: { unit: 'day', size: 30 } }).window).toEqual({
    unit: 'day',
    size: 30,
  });
});

it.each([
  { ...given, window: 'fortnight' },
  { ...given, window: { unit: 'day', size: 0 } },
  { ...given, target: 'daily revenue' },
  { ...given, target: '1st' },
  { ...given, checks: [{ type: 'magic' }] },
  { ...given, cell: '' },
])('refuses %j', (wrong) => {
  expect(PromotionRequest.safeParse(wrong).success).toBe(false);
});
