import { describe, expect, it } from 'vitest';
import { decide, type Place } from './decide.ts';
import type { Moment } from './moment.ts';
import { freshProgress, type Rules } from './progress.ts';

/* Windows without events, of a job that catches up with the past. */
const size = 10_000;
const rules: Rules = {
  window: { unit: 'second', size: 10, every: 10 },
  timeZone: 'UTC',
  delay: 0,
  idle: 3600,
  late: { do: 'drop' },
};
const base = Date.UTC(2026, 0, 1);
const long = base + 366 * 86_400_000;

/** A frame of one event in each of these windows, by their number since the base. */
function frames(windows: number[]): Moment[] {
  return windows.map((window, first) => {
    const at = base + window * size;
    return { first, rows: 1, received: at, parts: { '': at }, spans: [[at, 1]] };
  });
}

/** What is answered and what is passed, in windows since the base. */
function follow(windows: number[], { now = long, most = 64 } = {}) {
  const moments = frames(windows);
  let place: Place = { position: 0, progress: freshProgress({ since: base, from: null }) };
  const answered: number[] = [];
  const passed: [number, number, number][] = [];
  for (let isFull = true; isFull;) {
    const decision = decide(place, rules, moments, { most, now });
    ({ isFull } = decision);
    place = { position: decision.position, progress: decision.progress };
    answered.push(...decision.closed.map(({ window }) => (window.start.getTime() - base) / size));
    for (const gap of decision.gaps)
      passed.push([(gap.from.getTime() - base) / size, (gap.to.getTime() - base) / size, gap.windows]);
  }
  return { answered, passed };
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

describe('windows without events', () => {
  it('of a year with an event an hour, and of one with an event a day, are passed', () => {
    const hourly = range(0, 8760).map((hour) => hour * 360);
    const found = follow(hourly);
    expect(found.answered).toEqual(hourly.slice(0, -1));
    expect(found.passed).toHaveLength(8759);
    expect(found.passed[0]).toEqual([1, 360, 359]);
    const daily = range(0, 365).map((day) => day * 8640);
    expect(follow(daily).answered).toEqual(daily.slice(0, -1));
  });

  it('are answered where they ended a short while ago by the clock, and only there', () => {
    const hourly = range(0, 48).map((hour) => hour * 360);
    const now = base + 47 * 360 * size;
    const { answered, passed } = follow(hourly, { now });
    // 500 windows before the clock: 16420.
    expect(answered.filter((window) => window >= 16_420)).toEqual(range(16_420, 47 * 360));
    expect(answered.filter((window) => window < 16_420)).toEqual(hourly.filter((window) => window < 16_420));
    expect(passed.at(-1)).toEqual([45 * 360 + 1, 16_420, 219]);
  });

  it('are answered in the past as well where ten are no long stretch', () => {
    const windows = range(0, 100).map((index) => index * 11);
    expect(follow(windows)).toEqual({ answered: range(0, 99 * 11), passed: [] });
    const longer = follow([0, 12, 24]);
    expect(longer).toEqual({
      answered: [0, 12],
      passed: [
        [1, 12, 11],
        [13, 24, 11],
      ],
    });
  });

  it('are answered in the past as well where as many had events before them: a night after a day', () => {
    const { answered, passed } = follow([...range(0, 300), ...range(590, 690), 980]);
    expect(answered).toEqual(range(0, 690));
    expect(passed).toEqual([[690, 980, 290]]);
  });

  it('are the same ones however few are answered at once', () => {
    const windows = [...range(0, 120), ...range(230, 280), 400, 411, 423, ...range(500, 600), 1200];
    const whole = follow(windows, { most: 10_000 });
    for (const most of [1, 7, 64]) expect(follow(windows, { most })).toEqual(whole);
    expect(whole.passed.length).toBeGreaterThan(2);
  });
});
