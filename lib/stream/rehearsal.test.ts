import { describe, expect, test } from 'vitest';
import type { Moment } from './moment.ts';
import type { Rules } from './progress.ts';
import { rehearse, unevenly } from './rehearsal.ts';

const start = Date.parse('2026-11-21T09:00:00Z');
const rules: Rules = {
  window: { unit: 'minute', size: 1, every: 1 },
  timeZone: 'UTC',
  delay: 5,
  idle: 60,
  late: { do: 'drop' },
};

/** A frame of so many events at each of these seconds after 9:00, received at the latest of them unless told. */
function frames(...given: [at: number, events: number, received?: number][]): Moment[] {
  let first = 0;
  return given.map(([at, rows, received = at]) => {
    const time = start + at * 1000;
    const span = Math.floor(time / 10_000) * 10_000;
    const moment = {
      first,
      rows,
      received: start + received * 1000,
      parts: { '': time },
      spans: [[span, rows]] as [number, number][],
    };
    first += rows;
    return moment;
  });
}

const seen = (moments: Moment[], more: Partial<Rules> = {}, now = 0) =>
  rehearse(moments, { ...rules, ...more }, start + now * 1000).map(({ window, ...rest }) => ({
    at: (window.start.getTime() - start) / 60_000,
    ...rest,
  }));

describe('what a job would have done', () => {
  test('nothing, without events', () => expect(seen([])).toEqual([]));

  test('each window is answered with what was there when the watermark passed its end', () => {
    expect(seen(frames([0, 3], [30, 2], [64, 1], [65, 1], [130, 1]))).toEqual([
      { at: 0, through: 7, events: 5, late: 0, corrected: 0 },
      { at: 1, through: 8, events: 2, late: 0, corrected: 0 },
    ]);
  });

  test('late events are counted exactly, and answer their window again where they correct it', () => {
    const moments = frames([0, 3], [70, 1], [20, 2, 71], [75, 1]);
    expect(seen(moments)).toEqual([{ at: 0, through: 4, events: 3, late: 2, corrected: 0 }]);
    const correct = { late: { do: 'correct' as const, for: 600 } };
    expect(seen(moments, correct)).toEqual([{ at: 0, through: 6, events: 3, late: 2, corrected: 2 }]);
  });

  test('windows that no event fell into are left out, however many; late events bring one back', () => {
    const apart = frames(...Array.from({ length: 50 }, (_, index) => [index * 6000, 1] as [number, number]));
    expect(seen(apart).map(({ at }) => at)).toEqual(Array.from({ length: 49 }, (_, index) => index * 100));
    expect(seen(frames([0, 1], [200, 1], [100, 2, 201], [-100, 1, 202]))).toEqual([
      { at: 0, through: 1, events: 1, late: 0, corrected: 0 },
      { at: 1, through: 2, events: 0, late: 2, corrected: 0 },
    ]);
  });

  test('a stream that has fallen silent is not waited for', () => {
    expect(seen(frames([0, 3]), {}, 30)).toEqual([]);
    expect(seen(frames([0, 3]), {}, 130)).toMatchObject([{ at: 0, through: 3, events: 3 }]);
  });
});

describe('uneven batches', () => {
  test('follow each other without gap or overlap, and are of many sizes', () => {
    const cuts = unevenly(100, 50_100);
    expect(cuts[0]![0]).toBe(100);
    expect(cuts.at(-1)![1]).toBe(50_100);
    for (const [index, [from, below]] of cuts.entries()) {
      expect(below).toBeGreaterThan(from);
      if (index > 0) expect(from).toBe(cuts[index - 1]![1]);
    }
    expect(new Set(cuts.map(([from, below]) => below - from)).size).toBe(cuts.length);
    expect(unevenly(5, 5)).toEqual([]);
  });
});
