import { describe, expect, it } from 'vitest';
import { defaultSchedule, lastTick, nextTick, nextTimes, scheduleProblem, scheduleWords } from './schedule.ts';

const at = (text: string) => new Date(text);
const local = (cron: string, zone: string, from: string, count: number) =>
  nextTimes(cron, zone, at(from), count).map((tick) => tick.local);

describe('scheduleProblem', () => {
  it.each(['30 2 * * *', '*/15 * * * *', '0 4 1 * *', '30 3 * * 1', '0 0 1,15 * *'])('%s is fine', (cron) => {
    expect(scheduleProblem(cron, 'Europe/Berlin')).toBeNull();
  });

  it('wants five fields', () => {
    expect(scheduleProblem('0 30 2 * * *', 'UTC')).toContain('five fields');
    expect(scheduleProblem('* *', 'UTC')).toContain('five fields');
  });

  it.each(['61 2 * * *', 'a b c d e', '0 0 31 2 *'])('%s cannot be read', (cron) => {
    expect(scheduleProblem(cron, 'UTC')).toContain(cron);
  });

  it('names an unknown zone', () => {
    expect(scheduleProblem('30 2 * * *', 'Europe/Atlantis')).toContain('Europe/Atlantis');
  });
});

describe('over clock changes', () => {
  it('a daily time stays on the wall', () => {
    expect(local('30 4 * * *', 'Europe/Berlin', '2026-10-24T00:00:00Z', 3)).toEqual([
      '2026-10-24 04:30:00',
      '2026-10-25 04:30:00',
      '2026-10-26 04:30:00',
    ]);
  });

  it('a skipped time comes after the jump, on the same day', () => {
    expect(local('30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', 2)).toEqual([
      '2026-03-29 03:30:00',
      '2026-03-30 02:30:00',
    ]);
  });

  it('a time that comes twice runs once', () => {
    expect(local('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', 2)).toEqual([
      '2026-10-25 02:30:00',
      '2026-10-26 02:30:00',
    ]);
  });

  it('says that and how the clock changed', () => {
    const [before, after, later] = nextTimes('30 4 * * *', 'Europe/Berlin', at('2026-10-24T00:00:00Z'), 3);
    expect(before?.change).toBe('');
    expect(after?.change).toBe('The clock in Europe/Berlin goes back by 1 h before this run.');
    expect(later?.change).toBe('');
  });

  it('says half hours as minutes', () => {
    const ticks = nextTimes('0 12 * * *', 'Australia/Lord_Howe', at('2026-10-02T12:00:00Z'), 3);
    expect(ticks.map((tick) => tick.change).filter(Boolean)).toEqual([
      'The clock in Australia/Lord_Howe goes forward by 30 min before this run.',
    ]);
  });
});

it('lastTick takes a tick of this very instant, nextTick does not', () => {
  const tick = at('2026-11-21T02:30:00Z');
  expect(lastTick('30 2 * * *', 'UTC', tick)).toEqual(tick);
  expect(lastTick('30 2 * * *', 'UTC', at('2026-11-21T02:29:59Z'))).toEqual(at('2026-11-20T02:30:00Z'));
  expect(nextTick('30 2 * * *', 'UTC', tick)).toEqual(at('2026-11-22T02:30:00Z'));
});

it.each(['hour', 'day', 'week', 'month'] as const)('the default for a %s can be read', (unit) => {
  expect(scheduleProblem(defaultSchedule(unit), 'UTC')).toBeNull();
});

it.each([
  ['30 2 * * *', 'every day 02:30'],
  ['10 * * * *', 'every hour at minute 10'],
  ['30 3 * * 1', 'every Monday 03:30'],
  ['30 4 1 * *', 'on day 1 of every month 04:30'],
  ['*/15 * * * *', '*/15 * * * *'],
  ['0 4 * 6 *', '0 4 * 6 *'],
])('%s reads %s', (cron, words) => {
  expect(scheduleWords(cron)).toBe(words);
});
