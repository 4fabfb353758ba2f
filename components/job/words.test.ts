import type { PromotionSpec, Step } from '#lib/job/spec.ts';
import { describe, expect, it } from 'vitest';
import { engineWords, inTime, localTime, outputWords, shortHash, windowName } from './words.ts';

const window = { windowStart: '2026-10-18T22:00:00Z', windowEnd: '2026-10-19T22:00:00Z' };

it.each([
  [{ unit: 'day', size: 1 }, 'Mon 19 Oct'],
  [{ unit: 'hour', size: 1 }, 'Mon 19 Oct 00:00'],
  [{ unit: 'week', size: 1 }, 'week of Mon 19 Oct'],
  [{ unit: 'month', size: 1 }, '2026-10'],
] as const)('a window of %j is called %s', (spec, name) => {
  expect(windowName(window, spec, 'Europe/Berlin')).toBe(name);
});

it('a sliding window is called by its first and last day', () => {
  const sliding = { windowStart: '2026-09-19T22:00:00Z', windowEnd: '2026-10-19T22:00:00Z' };
  expect(windowName(sliding, { unit: 'day', size: 30 }, 'Europe/Berlin')).toBe('Sun 20 Sep to Mon 19 Oct');
});

it.each([
  [{ unit: 'minute', size: 5, every: 5 }, 'Mon 19 Oct 14:05 to 14:10'],
  [{ unit: 'minute', size: 1 }, 'Mon 19 Oct 14:05 to 14:10'],
  [{ unit: 'second', size: 30, every: 30 }, 'Mon 19 Oct 14:05:00 to 14:10:00'],
  [{ unit: 'hour', size: 4, every: 4 }, 'Mon 19 Oct 14:05 to 14:10'],
] as const)('a tumbling window of %j is called by the clock at its ends', (spec, name) => {
  const tumbling = { windowStart: '2026-10-19T12:05:00Z', windowEnd: '2026-10-19T12:10:00Z' };
  expect(windowName(tumbling, spec, 'Europe/Berlin')).toBe(name);
});

it('times are those of the zone', () => {
  expect(localTime('2026-10-18T22:00:00Z', 'Europe/Berlin')).toBe('2026-10-19 00:00');
});

it.each([
  ['2026-11-21T10:28:00Z', 'in 28 min'],
  ['2026-11-21T22:28:00Z', 'in 12 h 28 min'],
  ['2026-11-25T10:00:00Z', 'in 4 days'],
  ['2026-11-21T09:00:00Z', ''],
])('%s is %s', (at, words) => {
  expect(inTime(at, '2026-11-21T10:00:00Z')).toBe(words);
});

it('a hash is read in fours', () => {
  expect(shortHash('9f3c71a2e04d5b18ffff')).toBe('9f3c 71a2 e04d 5b18');
});

describe('where a job runs and writes', () => {
  const on = (connection: string): Step => ({ name: connection, engine: 'trino', sql: '', connection });
  const here: Step = { name: 'here', engine: 'warehouse', sql: '' };
  const spec = (...steps: Step[]): PromotionSpec => ({
    target: 'Daily',
    steps,
    parameters: {},
    windowAs: 'date',
    window: { unit: 'day', size: 1 },
    schedule: '0 3 * * *',
    timeZone: 'UTC',
    checks: [],
  });
  const names = { a: 'lake_eu', b: 'lake_us' };

  it('names the engine, the connections and what comes after them', () => {
    expect(engineWords(spec(here), names)).toBe('the warehouse');
    expect(engineWords(spec(on('a'), on('a')), names)).toBe('Trino, lake_eu');
    expect(engineWords(spec(on('a'), on('b'), here), names)).toBe('Trino, lake_eu and lake_us, then the warehouse');
    expect(engineWords(spec(on('gone')), names)).toBe('Trino, a connection that is gone');
  });

  it('names the table of an output that is kept on a cluster', () => {
    const place = { connection: 'a', catalog: 'iceberg', schema: 'shop' };
    expect(outputWords(spec(here))).toBe('Daily');
    expect(outputWords({ ...spec(on('a')), place })).toBe('iceberg.shop.daily');
  });
});
