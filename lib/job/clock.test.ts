import { DateTime } from 'luxon';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isZone, localText, parseInstant, toInstant, toWall } from './clock.ts';

const iso = (instant: number) => new Date(instant).toISOString();
const wall = (text: string) => Date.parse(`${text}Z`);

describe('toInstant', () => {
  it('gives the first of a time that comes twice', () => {
    expect(iso(toInstant(wall('2026-10-25T02:30:00'), 'Europe/Berlin'))).toBe('2026-10-25T00:30:00.000Z');
  });

  it('gives the jump for a time that never comes', () => {
    expect(iso(toInstant(wall('2026-03-29T02:30:00'), 'Europe/Berlin'))).toBe('2026-03-29T01:00:00.000Z');
  });

  it('gives the jump where a whole day never came', () => {
    expect(iso(toInstant(wall('2011-12-30T12:00:00'), 'Pacific/Apia'))).toBe('2011-12-30T10:00:00.000Z');
  });

  it('knows clocks that change by half an hour', () => {
    expect(iso(toInstant(wall('2026-04-05T02:00:00'), 'Australia/Lord_Howe'))).toBe('2026-04-04T15:30:00.000Z');
  });

  it('finds an instant back, or its twin an hour before', () => {
    const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
    const instants = fc.date({ min: new Date('2020-01-01'), max: new Date('2037-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(zones, instants, (zone, date) => {
        const shown = toWall(date.getTime(), zone);
        const found = toInstant(shown, zone);
        expect(found).toBeLessThanOrEqual(date.getTime());
        expect(toWall(found, zone)).toBe(shown);
      }),
    );
  });
});

describe('parseInstant', () => {
  it.each([
    ['2026-11-18', '2026-11-17T23:00:00.000Z'],
    ['2026-11-18 02:30', '2026-11-18T01:30:00.000Z'],
    ['2026-11-18T02:30:00', '2026-11-18T01:30:00.000Z'],
    ['2026-11-18T02:30:00Z', '2026-11-18T02:30:00.000Z'],
    ['2026-11-18T02:30:00+05:30', '2026-11-17T21:00:00.000Z'],
  ])('reads %s in Berlin as %s', (text, expected) => {
    expect(parseInstant(text, 'Europe/Berlin')?.toISOString()).toBe(expected);
  });

  it.each(['', 'yesterday', '18.11.2026', '2026-13-01', '2026-02-30', '2026', 'P1D'])('refuses %j', (text) => {
    expect(parseInstant(text, 'UTC')).toBeNull();
  });
});

it('localText says what the clock shows', () => {
  const at = new Date('2026-11-17T23:00:00Z');
  expect(localText(at, 'Europe/Berlin', 'date')).toBe('2026-11-18');
  expect(localText(at, 'America/New_York', 'timestamp')).toBe('2026-11-17 18:00:00');
});

it('toWall agrees with luxon', () => {
  const at = Date.parse('2026-07-01T12:00:00Z');
  expect(iso(toWall(at, 'Asia/Kathmandu')).slice(0, 19)).toBe(
    DateTime.fromMillis(at, { zone: 'Asia/Kathmandu' }).toFormat("yyyy-MM-dd'T'HH:mm:ss"),
  );
});

it('isZone knows names from inventions', () => {
  expect(isZone('Europe/Berlin')).toBe(true);
  expect(isZone('Europe/Atlantis')).toBe(false);
});
