import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide } from './decide.ts';
import type { Moment } from './moment.ts';
import { freshProgress, type Rules } from './progress.ts';
import { batchesOf, rehearse, unevenly, Witness } from './rehearsal.ts';

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

describe('one window', () => {
  const window = (minute: number) => ({
    start: new Date(start + minute * 60_000),
    end: new Date(start + (minute + 1) * 60_000),
  });

  function witness(moments: Moment[], minute: number, by: Rules) {
    const found = new Witness(by, window(minute), { since: start, correctFrom: null });
    for (const moment of moments) if (!found.isOver) found.take(moment);
    return found.last;
  }

  test('without events it was answered over those before its end, too', () => {
    const moments = frames([0, 3], [130, 2], [70, 5]);
    expect(witness(moments, 1, rules)).toEqual({ through: 5, events: 0 });
  });

  test('that silence made be over was answered over what came before the silence ended', () => {
    const moments = frames([0, 3], [30, 2], [40, 7, 400]);
    expect(witness(moments, 0, rules)).toEqual({ through: 5, events: 5 });
  });

  test('is answered over the events that a job reads for it, in whatever order they come', () => {
    const given = fc.array(fc.tuple(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 1, max: 9 })), {
      maxLength: 60,
    });
    const policies = fc.constantFrom<Rules['late']>({ do: 'drop' }, { do: 'correct', for: 90 });
    fc.assert(
      fc.property(given, policies, fc.integer({ min: 0, max: 9 }), (events, late, minute) => {
        const by = { ...rules, late };
        let received = 0;
        const moments = frames(
          [0, 1],
          ...events.map(([at, rows]): [number, number, number] => [at, rows, (received = Math.max(received, at))]),
          [1000, 1, 1000],
        );
        const place = { position: 0, progress: freshProgress({ since: start, from: start }) };
        const job = decide(place, by, moments, { most: 10_000 });
        const at = ({ window: { start: of } }: { window: { start: Date } }) =>
          of.getTime() === window(minute).start.getTime();
        const corrected = job.late.findLast((each) => at(each) && each.corrects);
        const first = job.closed.find(at)!;
        const expected = { through: corrected?.below ?? first.through, events: first.events };
        expect(witness(moments, minute, by)).toEqual(expected);
        // From where it cannot have been over before.
        const ended = window(minute).end.getTime();
        const from = moments.findIndex((moment) => moment.received >= ended - rules.idle * 1000);
        expect(witness(moments.slice(from), minute, by).through).toBe(expected.through);
      }),
      { numRuns: 300 },
    );
  });
});

describe('batches of a replay', () => {
  const many = frames(...Array.from({ length: 100 }, (_, at) => [at, 3] as [number, number]));

  test('are whole moments, one by one and then ever more, and together all events', () => {
    const batches = batchesOf(many, 0);
    expect(batches.slice(0, 3)).toEqual([
      [0, 3],
      [3, 6],
      [6, 9],
    ]);
    expect(batches.every(([from, below]) => from % 3 === 0 && below % 3 === 0)).toBe(true);
    expect(batches.slice(1).every(([from], at) => from === batches[at]![1])).toBe(true);
    expect(batches.at(-1)![1]).toBe(300);
    expect(batches.length).toBeLessThan(40);
  });

  test('begin with the first event that is wanted', () => {
    expect(batchesOf(many, 7)[0]).toEqual([7, 9]);
    expect(batchesOf(many, 300)).toEqual([]);
  });

  test('of few moments cut through them', () => {
    expect(batchesOf(frames([0, 50], [1, 50]), 10).length).toBeGreaterThan(3);
  });
});
