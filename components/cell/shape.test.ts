import { describe, expect, it } from 'vitest';
import type { Profile } from '#lib/table/profile.ts';
import { shapeOf, shortNumber, shortTime } from './shape.ts';

const profile: Profile = {
  rows: 42,
  seen: 42,
  nulls: 0,
  distinct: 3,
  isDistinctExact: true,
  min: '546',
  max: '1548',
  bins: [
    { from: 546, to: 1000, count: 30 },
    { from: 1000, to: 1548, count: 12 },
  ],
  top: [
    { text: 'app', count: 21 },
    { text: 'web', count: 14 },
    { text: 'store', count: 7 },
  ],
};

describe('what is drawn under a head', () => {
  it('a number has bars, the highest whole, and its range', () => {
    const shape = shapeOf(profile, 'BIGINT');
    expect(shape.bars).toEqual([1, 0.4]);
    expect([shape.from, shape.to]).toEqual(['546', '1,548']);
  });
  it('nulls stand beside the bars and are told before the range', () => {
    const shape = shapeOf({ ...profile, nulls: 14 }, 'DECIMAL(18,2)');
    expect(shape.nulls).toBeCloseTo(14 / 30);
    expect([shape.from, shape.to]).toEqual(['14 null', '1,548']);
  });
  it('few values have parts that add up', () => {
    const shape = shapeOf(profile, 'VARCHAR');
    expect(shape.bars).toEqual([]);
    expect(shape.parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(1);
    expect(shape.from).toBe('3 distinct');
  });
  it('too many to count is said', () => {
    expect(shapeOf({ ...profile, distinct: 10_000, isDistinctExact: false, top: [] }, 'VARCHAR').from).toBe(
      'over 10.0 k distinct',
    );
  });
  it('a column of nulls draws nothing false', () => {
    const empty = { ...profile, nulls: 42, distinct: 0, min: null, max: null, bins: [], top: [] };
    expect(shapeOf(empty, 'VARCHAR').parts).toEqual([]);
    expect(shapeOf(empty, 'BIGINT').from).toBe('42 null');
  });
});

describe('a range in a few characters', () => {
  it('numbers', () => {
    expect(shortNumber('32512.5')).toBe('32.5 k');
    expect(shortNumber('-5452.58')).toBe('−5,450');
    expect(shortNumber('4.8213')).toBe('4.82');
  });
  it('days, times of one day, and years where they differ', () => {
    expect(shortTime('2026-10-06', '2026-10-19')).toBe('6 Oct');
    expect(shortTime('2026-10-06 08:30:00', '2026-10-06 09:00:00')).toBe('08:30');
    expect(shortTime('2025-12-31', '2026-10-19')).toBe('31 Dec 2025');
  });
});
