import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, decideDrain, type Place } from './decide.ts';
import { Tally, type Moment } from './moment.ts';
import { advance, close, lastOpenEnd } from './close.ts';
import { freshProgress, lastSeen, Progress, settle, slowestOf, take, type Rules } from './progress.ts';

const minute: Rules = {
  window: { unit: 'minute', size: 1, every: 1 },
  timeZone: 'UTC',
  delay: 0,
  idle: 3600,
  late: { do: 'drop' },
};
const base = Date.UTC(2026, 10, 21, 10);
const at = (seconds: number) => base + seconds * 1000;
const fresh = (from: number | null = null) => freshProgress({ since: base, from });
const starts = (closed: { window: { start: Date } }[]) =>
  closed.map(({ window }) => (window.start.getTime() - base) / 1000);

/** A frame whose events have these times, seconds after the base, by their part. */
function moment(first: number, seconds: number[] | Record<string, number[]>, received = base): Moment {
  const parts = Array.isArray(seconds) ? { '': seconds } : seconds;
  const tally = new Tally();
  for (const [part, times] of Object.entries(parts)) for (const time of times) tally.add(at(time), part);
  return { first, rows: Object.values(parts).flat().length, received, parts: tally.parts, spans: tally.spans };
}

/** All that comes of frames, one after the other, each at the same arrival time unless told. */
function run(rules: Rules, frames: Moment[], progress = fresh()) {
  const all = {
    progress,
    closed: [] as ReturnType<typeof advance>['closed'],
    late: [] as ReturnType<typeof take>['late'],
  };
  const gaps: ReturnType<typeof advance>['gaps'] = [];
  for (const frame of frames) {
    const step = advance(all.progress, rules, frame);
    all.progress = step.progress;
    all.closed.push(...step.closed);
    all.late.push(...step.late);
    gaps.push(...step.gaps);
  }
  return { ...all, gaps };
}

describe('windows', () => {
  it('one closes when the watermark reaches its end, with the events before that number', () => {
    const { closed, progress } = run(minute, [moment(0, [1, 59]), moment(2, [60])]);
    expect(starts(closed)).toEqual([0]);
    expect(closed[0]).toMatchObject({ events: 2, through: 3 });
    expect(progress).toMatchObject({ watermark: at(60), closedThrough: at(60), open: [[at(60), 1, 2]] });
  });

  it('the delay holds the watermark back', () => {
    const rules = { ...minute, delay: 5 };
    expect(run(rules, [moment(0, [1]), moment(1, [64])]).closed).toEqual([]);
    expect(starts(run(rules, [moment(0, [1]), moment(1, [64]), moment(2, [65])]).closed)).toEqual([0]);
  });

  it('those without events close too, between others and after the start that was asked for', () => {
    const { closed } = run(minute, [moment(0, [150]), moment(1, [240])], fresh(at(0)));
    expect(closed.map(({ events }) => events)).toEqual([0, 0, 1, 0]);
    expect(starts(closed)).toEqual([0, 60, 120, 180]);
  });

  it('before the first event there is none to close where no start was asked for', () => {
    expect(starts(run(minute, [moment(0, [600]), moment(1, [660])]).closed)).toEqual([600]);
  });

  it('an event before the start is passed over, neither open nor late', () => {
    const { progress, late } = run(minute, [moment(0, [30, 61])], fresh(at(60)));
    expect(progress.open).toEqual([[at(60), 1, 0]]);
    expect(late).toEqual([]);
  });

  it('more than 500 empty ones in a row are a gap, 500 are answered', () => {
    const few = run(minute, [moment(0, [0]), moment(1, [501 * 60])]);
    expect([few.closed.length, few.gaps.length]).toEqual([501, 0]);
    const many = run(minute, [moment(0, [0]), moment(1, [502 * 60])]);
    expect(starts(many.closed)).toEqual([0]);
    expect(many.gaps).toEqual([{ from: new Date(at(60)), to: new Date(at(502 * 60)), windows: 501 }]);
    expect(many.progress).toMatchObject({ closedThrough: at(502 * 60), open: [[at(502 * 60), 1, 1]] });
  });

  it('a time of long ago is one window and a gap, not a billion windows', () => {
    const long = (Date.UTC(1, 0, 1) - base) / 1000;
    const { closed, gaps } = run(minute, [moment(0, [long]), moment(1, [60])]);
    expect([closed.length, gaps.length]).toEqual([1, 1]);
  });

  it('at most so many close at once and the rest stays due, with nothing read before it', () => {
    const start: Place = { position: 0, progress: fresh(at(0)) };
    const frames = [moment(0, [0]), moment(1, [300]), moment(2, [10])];
    const first = decide(start, minute, frames, { most: 3 });
    expect([starts(first.closed), first.position, first.isFull]).toEqual([[0, 60, 120], 2, true]);
    const next = decide(first, minute, frames.slice(2), { most: 3 });
    expect([starts(next.closed), next.position]).toEqual([[180, 240], 3]);
    expect(next.closed.map(({ through }) => through)).toEqual([2, 2]);
    expect(next.late).toMatchObject([{ events: 1, first: 2, below: 3 }]);
  });

  it('no more is read once late events correct so many windows', () => {
    const rules: Rules = { ...minute, late: { do: 'correct', for: 86_400 } };
    const { progress } = run(rules, [moment(0, [0, 60, 120, 180, 240])]);
    const frames = [moment(5, [1]), moment(6, [2]), moment(7, [61]), moment(8, [121])];
    const first = decide({ position: 5, progress }, rules, frames, { most: 2 });
    expect([first.position, first.isFull, first.late.length]).toEqual([8, true, 3]);
    expect(decide(first, rules, frames, { most: 2 })).toMatchObject({ position: 9, isFull: false });
  });

  it('what is stored of it is read back the same', () => {
    const { progress } = run(minute, [moment(0, [1, 2, 300], at(5))]);
    expect(Progress.parse(JSON.parse(JSON.stringify(progress)))).toEqual(progress);
    expect(Progress.safeParse({ parts: [] }).success).toBe(false);
  });
});

describe('day windows where the clock changes', () => {
  const day: Rules = { ...minute, window: { unit: 'day', size: 1 }, timeZone: 'Europe/Berlin' };
  const hours = (start: string, count: number) =>
    Array.from({ length: count }, (_, hour) => (Date.parse(start) + hour * 3_600_000 - base) / 1000);

  it.each([
    ['of 23 hours', '2026-03-28T23:00:00Z', 23],
    ['of 25 hours', '2026-10-24T22:00:00Z', 25],
    ['of 24 hours', '2026-07-01T22:00:00Z', 24],
  ])('a day %s holds an event of each of its hours', (_, start, count) => {
    const frames = hours(start, count + 1).map((second, index) => moment(index, [second]));
    const { closed } = run(day, frames);
    expect(closed).toMatchObject([{ events: count, window: { start: new Date(start) } }]);
    const length = closed[0]!.window.end.getTime() - closed[0]!.window.start.getTime();
    expect(length).toBe(count * 3_600_000);
  });
});

describe('late events', () => {
  it('an event of an answered window is late, one of an open window is not, however old', () => {
    const { late, progress } = run({ ...minute, delay: 60 }, [
      moment(0, [0, 100]),
      moment(2, [125]),
      moment(3, [59, 61]),
    ]);
    expect(late).toMatchObject([{ events: 1, corrects: false }]);
    expect(progress.open).toEqual([
      [at(60), 2, 0],
      [at(120), 1, 2],
    ]);
  });

  it('none of a frame makes another of it late', () => {
    const { late, closed } = run(minute, [moment(0, [600, 1])]);
    expect(late).toEqual([]);
    expect(closed[0]).toMatchObject({ events: 1, through: 2 });
  });

  it('within the time that is asked for they correct their window, after it they are only counted', () => {
    const rules: Rules = { ...minute, late: { do: 'correct', for: 60 } };
    const { late } = run(rules, [moment(0, [1]), moment(1, [119]), moment(2, [2]), moment(3, [120]), moment(4, [3])]);
    expect(late.map(({ corrects }) => corrects)).toEqual([true, false]);
  });

  it('windows of an earlier version that were cut otherwise are not corrected', () => {
    const rules: Rules = { ...minute, late: { do: 'correct', for: 3600 } };
    const progress = { ...fresh(at(0)), closedThrough: at(120), watermark: at(120), correctFrom: at(60) };
    const { late } = run(rules, [moment(0, [30, 90])], progress);
    expect(late.map(({ corrects }) => corrects)).toEqual([false, true]);
  });
});

describe('silence', () => {
  const rules: Rules = { ...minute, idle: 60, delay: 10 };

  it('a part that is silent is not waited for, and it is named', () => {
    const both = run(rules, [moment(0, { one: [0], other: [0] }, at(0)), moment(2, { one: [200] }, at(50))]).progress;
    expect([both.watermark, both.silent, slowestOf(both)]).toEqual([at(-10), [], 'other']);
    const without = settle(both, rules, at(61));
    expect([without.watermark, without.silent, slowestOf(without)]).toEqual([at(190), ['other'], null]);
  });

  it('when all are silent the watermark goes on by the clock, and never back', () => {
    const { progress } = run(rules, [moment(0, [5], at(5))]);
    expect(settle(progress, rules, at(65)).watermark).toBe(at(-5));
    const later = settle(progress, rules, at(300));
    expect(later.watermark).toBe(at(230));
    expect(settle(later, rules, at(200)).watermark).toBe(at(230));
    expect(run(rules, [moment(1, [100], at(301))], later).progress.watermark).toBe(at(231));
  });

  it('a stream that has sent nothing is silent since the job began', () => {
    expect(settle(fresh(at(0)), rules, at(60)).watermark).toBeNull();
    const settled = settle(fresh(at(0)), rules, at(200));
    expect(starts(close(settled, rules).closed)).toEqual([0, 60]);
  });

  it('silence before a frame closes with the events before it, as it did live', () => {
    const first = moment(0, [5], at(5));
    const second = moment(1, [10], at(400));
    const replayed = run(rules, [first, second]);
    expect(replayed.closed[0]).toMatchObject({ events: 1, through: 1 });
    expect(replayed.late).toMatchObject([{ events: 1 }]);
    const live = settle(run(rules, [first]).progress, rules, at(200));
    const closed = close(live, rules);
    expect(starts([...closed.closed, ...run(rules, [second], closed.progress).closed])).toEqual(
      starts(replayed.closed),
    );
  });

  it('a part that comes back late is late', () => {
    const { progress } = run(rules, [moment(0, { one: [0], other: [0] }), moment(2, { one: [200] }, at(100))]);
    expect(run(rules, [moment(3, { other: [20] }, at(110))], progress).late).toMatchObject([{ events: 1 }]);
  });
});

describe('another version', () => {
  const rules: Rules = { ...minute, next: { ...minute, window: { unit: 'minute', size: 5, every: 5 }, from: at(300) } };

  it('takes over where windows of both begin, and its events are counted by its windows before that', () => {
    const frames = [moment(0, [10, 400, 290]), moment(3, [310, 500]), moment(5, [700])];
    const decision = decide({ position: 0, progress: fresh() }, rules, frames, { most: 100 });
    expect(starts(decision.closed)).toEqual([0, 60, 120, 180, 240]);
    expect(decision).toMatchObject({ isAtEdge: true, position: 3 });
    expect(decision.progress.open).toEqual([[at(300), 1, 0]]);
  });

  it('takes over at once where nothing before its edge was ever open', () => {
    const frames = [moment(0, [400]), moment(1, [600])];
    const decision = decide({ position: 0, progress: fresh() }, rules, frames, { most: 100 });
    expect(decision).toMatchObject({ isAtEdge: true, position: 1, closed: [] });
  });
});

describe('a drain', () => {
  it('answers open windows and those between as they are', () => {
    const { progress } = run({ ...minute, delay: 3600 }, [moment(0, [0, 130])]);
    const decision = decideDrain({ position: 2, progress }, minute, 100);
    expect(decision.closed.map(({ events, through }) => [events, through])).toEqual([
      [1, 2],
      [0, 2],
      [1, 2],
    ]);
    expect(decision.progress).toMatchObject({ open: [], closedThrough: at(180) });
    expect(lastOpenEnd(decision.progress, minute)).toBeNull();
    expect(run(minute, [moment(2, [131])], decision.progress).late).toMatchObject([{ events: 1 }]);
  });

  it('reads nothing from its number on', () => {
    const decision = decide({ position: 0, progress: fresh() }, minute, [moment(0, [0]), moment(1, [1])], {
      most: 9,
      below: 1,
    });
    expect(decision.position).toBe(1);
  });
});

it('what was read of a frame is not read again', () => {
  const decision = decide({ position: 2, progress: fresh() }, minute, [moment(0, [0, 1, 61])], { most: 9 });
  expect(decision).toMatchObject({ position: 3, events: 1, progress: { open: [[at(60), 1, 2]] } });
});

it('the last time seen is the latest of events and of silence', () => {
  expect(lastSeen(fresh())).toBeNull();
  expect(lastSeen(run(minute, [moment(0, [5, 3])]).progress)).toBe(at(5));
});

/*
 * GOALS S3. The definition is written down anew: an event is late when its window ends at or before the watermark of all
 * earlier frames, which is their latest event time less the delay; a window's text reads the events before its number.
 */
describe('1,000 orders of arrival', () => {
  const events = Array.from({ length: 300 }, (_, id) => ({ id, second: (id * 37) % 1200 }));
  const rules: Rules = { ...minute, delay: 20, late: { do: 'correct', for: 7 * 86_400 } };
  const orders = fc
    .tuple(
      fc.shuffledSubarray(events, { minLength: events.length }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 300 }),
    )
    .map(([order, sizes]) => framed(order, sizes));

  it('give the same windows where late events correct them, and exactly the late events', () => {
    fc.assert(
      fc.property(orders, (frames) => {
        const log = frames.flat();
        const { closed, late } = follow(rules, frames);
        expect(late).toBe(lateByDefinition(frames, rules));
        for (const [start, through] of closed) {
          const held = log.slice(0, through).filter(({ second }) => second >= start && second < start + 60);
          const all = events.filter(({ second }) => second >= start && second < start + 60);
          expect(new Set(held)).toEqual(new Set(all));
        }
        expect(closed.size).toBe(20);
      }),
      { numRuns: 1000 },
    );
  }, 120_000);

  it('where late events are dropped, what a window holds and what is late are all there is', () => {
    fc.assert(
      fc.property(orders, (frames) => {
        const log = frames.flat();
        const { closed, late, counted } = follow({ ...rules, late: { do: 'drop' } }, frames);
        expect(late).toBe(lateByDefinition(frames, rules));
        const held = [...closed].map(
          ([start, through]) =>
            log.slice(0, through).filter(({ second }) => second >= start && second < start + 60).length,
        );
        expect(held).toEqual([...closed.keys()].map((start) => counted.get(start)));
        expect(held.reduce((sum, each) => sum + each, 0) + late).toBe(events.length);
      }),
      { numRuns: 300 },
    );
  }, 120_000);

  it('come to the same however the log is cut into commits', () => {
    fc.assert(
      fc.property(orders, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 9 }), (frames, most, read) => {
        const correct: Rules = { ...rules, late: { do: 'correct', for: 120 } };
        expect(follow(correct, frames, { most, read })).toEqual(follow(correct, frames));
      }),
      { numRuns: 200 },
    );
  }, 120_000);

  type Event = (typeof events)[number];

  function framed(order: Event[], sizes: number[]): Event[][] {
    const frames: Event[][] = [];
    for (let from = 0, frame = 0; from < order.length; from += sizes[frame++]!)
      frames.push(order.slice(from, from + sizes[frame]!));
    // The last event of all comes at the end, so that every window is over.
    return [...frames, [{ id: events.length, second: 1270 }]];
  }

  /** From which number on each window's last answer reads, how many events were late, and what was counted for each window. */
  function follow(by: Rules, frames: Event[][], { most = 1000, read = 1000 } = {}) {
    const moments: Moment[] = [];
    for (const frame of frames) {
      const last = moments.at(-1);
      moments.push(
        moment(
          last ? last.first + last.rows : 0,
          frame.map(({ second }) => second),
        ),
      );
    }
    let place: Place = { position: 0, progress: fresh(at(0)) };
    const closed = new Map<number, number>();
    const counted = new Map<number, number>();
    let late = 0;
    for (let more = true; more;) {
      const rest = moments.filter(({ first, rows }) => first + rows > place.position);
      const decision = decide(place, by, rest.slice(0, read), { most });
      more = decision.isFull || rest.length > read;
      place = { position: decision.position, progress: decision.progress };
      for (const due of decision.closed) {
        closed.set((due.window.start.getTime() - base) / 1000, due.through);
        counted.set((due.window.start.getTime() - base) / 1000, due.events);
      }
      for (const { window, events: found, corrects, below } of decision.late) {
        late += found;
        if (corrects) closed.set((window.start.getTime() - base) / 1000, below);
      }
    }
    return { closed, late, counted };
  }

  function lateByDefinition(frames: Event[][], { delay }: Rules): number {
    let latest = -Infinity;
    let late = 0;
    for (const frame of frames) {
      const watermark = latest - delay;
      late += frame.filter(({ second }) => Math.floor(second / 60) * 60 + 60 <= watermark).length;
      latest = Math.max(latest, ...frame.map(({ second }) => second));
    }
    return late;
  }
});
