import { expect, it } from 'vitest';
import { emptyForm, fieldOf, problemsOf, toAsked } from './promotion-form.ts';

const given = { target: 'daily_revenue', unit: 'day' as const, timeZone: 'Europe/Berlin', writes: null, stream: null };
const form = emptyForm(given);

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

it('asks for the events of a stream where the cell reads one, and for nothing of a schedule', () => {
  const live = emptyForm({ ...given, stream: { hasWindow: true } });
  expect(toAsked(live)).toEqual({
    target: 'daily_revenue',
    timeZone: 'Europe/Berlin',
    checks: [],
    note: '',
    realtime: { kind: 'tumbling', seconds: 60, delay: 5, late: { do: 'drop' }, start: 'now' },
  });
  expect(toAsked({ ...live, clock: 'schedule' })).toMatchObject({ window: 'day', schedule: '30 2 * * *' });
});

it('the schedule follows the unit until it is typed', () => {
  expect(toAsked({ ...form, unit: 'hour' })).toMatchObject({ schedule: '10 * * * *' });
  expect(toAsked({ ...form, unit: 'hour', schedule: '0 6 * * *' })).toMatchObject({ schedule: '0 6 * * *' });
});

it('keeps the output on the connection where it may, unless told', () => {
  const there = emptyForm({ ...given, writes: { connection: 'lake_eu', schema: 'iceberg.shop' } });
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

it('asks of a windowless job only what can be asked of each row', () => {
  const live = emptyForm({ ...given, stream: { hasWindow: false } });
  const asked = toAsked({ ...live, neverNull: 'id', uniqueBy: 'id', atLeastOneRow: true });
  expect(asked.checks).toEqual([{ type: 'not-null', column: 'id' }]);
});

it('says what must be mended', () => {
  expect(problemsOf(form)).toEqual({});
  expect(problemsOf({ ...form, target: 'daily revenue' })).toHaveProperty('target');
  expect(problemsOf({ ...form, schedule: 'daily' })).toHaveProperty('schedule');
  expect(problemsOf({ ...form, timeZone: 'Mars' }).schedule).toContain('Mars');
  expect(problemsOf({ ...form, schedule: 'daily', clock: 'events' })).toEqual({});
});

it('a refusal stands at the field it is about', () => {
  expect(fieldOf('depends-on-batch', { clock: 'events' })).toBe('kind');
  expect(fieldOf('window-size', { clock: 'events' })).toBe('seconds');
  expect(fieldOf('target-taken', { clock: 'schedule' })).toBe('target');
  expect(fieldOf('no-window', { clock: 'schedule' })).toBeNull();
  expect(fieldOf('offline', { clock: 'events' })).toBeNull();
});
