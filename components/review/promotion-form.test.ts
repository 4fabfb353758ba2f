import { expect, it } from 'vitest';
import { emptyForm, problemsOf, toAsked } from './promotion-form.ts';

const form = emptyForm({ target: 'daily_revenue', unit: 'day', timeZone: 'Europe/Berlin', writes: null });

it('asks for a day, a little after it, without checks, unless told', () => {
  expect(toAsked(form)).toEqual({
    target: 'daily_revenue',
    window: 'day',
    schedule: '30 2 * * *',
    timeZone: 'Europe/Berlin',
    checks: [],
    snapshot: false,
    note: '',
  });
});

it('the schedule follows the unit until it is typed', () => {
  expect(toAsked({ ...form, unit: 'hour' }).schedule).toBe('10 * * * *');
  expect(toAsked({ ...form, unit: 'hour', schedule: '0 6 * * *' }).schedule).toBe('0 6 * * *');
});

it('keeps the output on the connection where it may, unless told', () => {
  const there = emptyForm({ ...form, writes: { connection: 'lake_eu', schema: 'iceberg.shop' } });
  expect(toAsked(there)).toMatchObject({ place: 'connection' });
  expect(toAsked({ ...there, place: 'warehouse' })).toMatchObject({ place: 'warehouse' });
});

it('reads checks from columns with commas between', () => {
  expect(toAsked({ ...form, neverNull: ' day, cents,day', uniqueBy: 'day ,shop', atLeastOneRow: true }).checks).toEqual(
    [
      { type: 'not-null', column: 'day' },
      { type: 'not-null', column: 'cents' },
      { type: 'unique', columns: ['day', 'shop'] },
      { type: 'rows', min: 1 },
    ],
  );
});

it('says what must be mended', () => {
  expect(problemsOf(form)).toEqual({});
  expect(problemsOf({ ...form, target: 'daily revenue' })).toHaveProperty('target');
  expect(problemsOf({ ...form, schedule: 'daily' })).toHaveProperty('schedule');
  expect(problemsOf({ ...form, timeZone: 'Mars' }).schedule).toContain('Mars');
});
