import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WindowSpec } from './spec.ts';
import {
  aligned,
  lastWindowBefore,
  roughCount,
  windowAt,
  windowParameters,
  windowsBetween,
  windowsEnding,
  windowWords,
  type Window,
} from './window.ts';

const day: WindowSpec = { unit: 'day', size: 1 };
const hour: WindowSpec = { unit: 'hour', size: 1 };
const at = (text: string) => new Date(text);
const hours = (window: Window) => (window.end.getTime() - window.start.getTime()) / 3_600_000;
const starts = (windows: Window[]) => windows.map((window) => window.start.toISOString());

describe('day windows', () => {
  it('are cut at local midnight', () => {
    const window = windowAt(day, 'Europe/Berlin', at('2026-11-18T23:30:00Z'));
    expect(window).toEqual({ start: at('2026-11-18T23:00:00Z'), end: at('2026-11-19T23:00:00Z') });
  });

  it('have 23 hours when the clock goes forward and 25 when it goes back', () => {
    expect(hours(windowAt(day, 'Europe/Berlin', at('2026-03-29T12:00:00Z')))).toBe(23);
    expect(hours(windowAt(day, 'Europe/Berlin', at('2026-10-25T12:00:00Z')))).toBe(25);
  });

  it('start when the clock does where midnight is skipped', () => {
    const window = windowAt(day, 'America/Santiago', at('2026-09-06T12:00:00Z'));
    expect(window.start).toEqual(at('2026-09-06T04:00:00Z'));
    expect(hours(window)).toBe(23);
  });

  it('leave out a day that never came', () => {
    expect(starts(windowsBetween(day, 'Pacific/Apia', at('2011-12-29T00:00:00Z'), at('2011-12-31T23:00:00Z')))).toEqual(
      ['2011-12-29T10:00:00.000Z', '2011-12-30T10:00:00.000Z', '2011-12-31T10:00:00.000Z'],
    );
  });
});

describe('hour windows', () => {
  it('hold the hour that comes twice as one of two hours', () => {
    const window = windowAt(hour, 'America/New_York', at('2026-11-01T06:30:00Z'));
    expect(window).toEqual({ start: at('2026-11-01T05:00:00Z'), end: at('2026-11-01T07:00:00Z') });
    expect(windowParameters(window, 'America/New_York', 'timestamp')).toEqual({
      window_start: { type: 'timestamp', value: '2026-11-01 01:00:00' },
      window_end: { type: 'timestamp', value: '2026-11-01 02:00:00' },
    });
  });

  it('leave out the hour that never comes', () => {
    const found = windowsBetween(hour, 'America/New_York', at('2026-03-08T06:00:00Z'), at('2026-03-08T09:00:00Z'));
    expect(
      found.map((window) => windowParameters(window, 'America/New_York', 'timestamp').window_start?.value),
    ).toEqual(['2026-03-08 01:00:00', '2026-03-08 03:00:00', '2026-03-08 04:00:00']);
  });

  it('follow clocks half an hour off', () => {
    expect(windowAt(hour, 'Asia/Kolkata', at('2026-11-21T10:00:00Z')).start).toEqual(at('2026-11-21T09:30:00Z'));
  });
});

describe('weeks and months', () => {
  it('weeks start on Monday', () => {
    const window = windowAt({ unit: 'week', size: 1 }, 'UTC', at('2026-11-21T10:00:00Z'));
    expect(window).toEqual({ start: at('2026-11-16T00:00:00Z'), end: at('2026-11-23T00:00:00Z') });
  });

  it('months are as long as they are', () => {
    const found = windowsBetween(
      { unit: 'month', size: 1 },
      'UTC',
      at('2028-01-01T00:00:00Z'),
      at('2028-04-01T00:00:00Z'),
    );
    expect(found.map((window) => hours(window) / 24)).toEqual([31, 29, 31]);
  });
});

describe('sliding windows', () => {
  const month: WindowSpec = { unit: 'day', size: 30 };

  it('end with the unit the instant is in', () => {
    const window = windowAt(month, 'UTC', at('2026-11-21T10:00:00Z'));
    expect(window).toEqual({ start: at('2026-10-23T00:00:00Z'), end: at('2026-11-22T00:00:00Z') });
  });

  it('move one unit at a time', () => {
    const found = windowsEnding(month, 'UTC', at('2026-11-19T00:00:00Z'), at('2026-11-21T12:00:00Z'));
    expect(found.map((window) => window.end.toISOString().slice(0, 10))).toEqual(['2026-11-20', '2026-11-21']);
    expect(found.every((window) => hours(window) === 720)).toBe(true);
  });

  it('are found again by their start', () => {
    const window = lastWindowBefore(month, 'Europe/Berlin', at('2026-11-21T10:00:00Z'));
    expect(window.end).toEqual(at('2026-11-20T23:00:00Z'));
    expect(aligned(month, 'Europe/Berlin', window.start)).toEqual(window);
  });
});

describe('lastWindowBefore', () => {
  it('is the last that is whole', () => {
    expect(lastWindowBefore(day, 'UTC', at('2026-11-21T10:00:00Z')).start).toEqual(at('2026-11-20T00:00:00Z'));
  });

  it('takes a window that ends at this instant', () => {
    expect(lastWindowBefore(day, 'UTC', at('2026-11-21T00:00:00Z')).end).toEqual(at('2026-11-21T00:00:00Z'));
  });
});

describe('aligned', () => {
  it('knows a start from a time within', () => {
    expect(aligned(day, 'Europe/Berlin', at('2026-11-17T23:00:00Z'))?.end).toEqual(at('2026-11-18T23:00:00Z'));
    expect(aligned(day, 'Europe/Berlin', at('2026-11-18T00:00:00Z'))).toBeNull();
  });
});

describe('in every zone', () => {
  const zone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
  const unit = fc.constantFrom('hour', 'day', 'week', 'month') as fc.Arbitrary<WindowSpec['unit']>;
  const eve = fc.constantFrom('03-07', '03-27', '04-02', '09-04', '09-29', '10-03', '10-24', '10-30', '12-30');
  const year = fc.integer({ min: 2020, max: 2037 });
  /** A time shortly before some zone's clock changes, so that most runs meet a change. */
  const from = fc
    .tuple(year, eve, fc.integer({ min: 0, max: 86_400 }))
    .map(([year, eve, second]) => new Date(Date.parse(`${year}-${eve}T00:00:00Z`) + second * 1000));

  it('windows follow each other without gap or overlap', () => {
    fc.assert(
      fc.property(zone, unit, from, (zone, unit, from) => {
        const found = windowsBetween({ unit, size: 1 }, zone, from, new Date(from.getTime() + 4 * 86_400_000));
        for (const [index, window] of found.entries()) {
          expect(window.end.getTime()).toBeGreaterThan(window.start.getTime());
          if (index > 0) expect(window.start).toEqual(found[index - 1]?.end);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('local times of windows follow each other too, so local data falls into exactly one', () => {
    fc.assert(
      fc.property(zone, from, (zone, from) => {
        const found = windowsBetween(hour, zone, from, new Date(from.getTime() + 4 * 86_400_000));
        const bound = found.map((window) => windowParameters(window, zone, 'timestamp'));
        for (const [index, parameters] of bound.entries())
          if (index > 0) expect(parameters.window_start?.value).toBe(bound[index - 1]?.window_end?.value);
      }),
      { numRuns: 150 },
    );
  });

  it('every instant is in the window found for it, and that window is found by its start', () => {
    fc.assert(
      fc.property(zone, unit, from, (zone, unit, instant) => {
        const window = windowAt({ unit, size: 1 }, zone, instant);
        expect(window.start <= instant && instant < window.end).toBe(true);
        expect(aligned({ unit, size: 1 }, zone, window.start)).toEqual(window);
      }),
    );
  });

  it('windowsEnding, asked in pieces, gives each window once', () => {
    fc.assert(
      fc.property(zone, from, fc.integer({ min: 1, max: 200 }), (zone, from, cut) => {
        const middle = new Date(from.getTime() + cut * 3_600_000);
        const end = new Date(from.getTime() + 240 * 3_600_000);
        const pieces = [...windowsEnding(day, zone, from, middle), ...windowsEnding(day, zone, middle, end)];
        expect(pieces).toEqual(windowsEnding(day, zone, from, end));
      }),
    );
  });
});

it('roughCount is near what is there', () => {
  const [from, to] = [at('2025-01-01T00:00:00Z'), at('2027-01-01T00:00:00Z')];
  for (const unit of ['hour', 'day', 'week', 'month'] as const) {
    const real = windowsBetween({ unit, size: 1 }, 'UTC', from, to).length;
    expect(Math.abs(roughCount({ unit, size: 1 }, from, to) - real)).toBeLessThan(1.1);
  }
  expect(roughCount(day, to, from)).toBe(0);
});

it('windowParameters are local, as dates or as times', () => {
  const window = windowAt(day, 'Asia/Tokyo', at('2026-11-18T16:00:00Z'));
  expect(windowParameters(window, 'Asia/Tokyo', 'date')).toEqual({
    window_start: { type: 'date', value: '2026-11-19' },
    window_end: { type: 'date', value: '2026-11-20' },
  });
  expect(windowParameters(window, 'Asia/Tokyo', 'timestamp').window_end?.value).toBe('2026-11-20 00:00:00');
});

it('windowWords say it plainly', () => {
  expect(windowWords(day)).toBe('one day');
  expect(windowWords({ unit: 'day', size: 30 })).toBe('the last 30 days, moving by one day');
});
