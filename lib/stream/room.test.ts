import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decide, type Place } from './decide.ts';
import { Tally, type Moment } from './moment.ts';
import { freshProgress, Progress, take, type Rules } from './progress.ts';

/* Windows that may be open at once. */
const minute: Rules = {
  window: { unit: 'minute', size: 1, every: 1 },
  timeZone: 'UTC',
  delay: 0,
  idle: 86_400,
  late: { do: 'drop' },
};
const base = Date.UTC(2026, 10, 21);

/** A frame of events in these minutes, by the part they are of. */
function moment(first: number, minutes: Record<string, number[]>): Moment {
  const tally = new Tally();
  for (const [part, times] of Object.entries(minutes)) for (const at of times) tally.add(base + at * 60_000, part);
  const rows = Object.values(minutes).flat().length;
  return { first, rows, received: base, parts: tally.parts, spans: tally.spans };
}

function log(frames: Record<string, number[]>[]): Moment[] {
  const moments: Moment[] = [];
  for (const frame of frames) {
    const last = moments.at(-1);
    moments.push(moment(last ? last.first + last.rows : 0, frame));
  }
  return moments;
}

function follow(
  moments: Moment[],
  { room, most = 64, rules = minute }: { room: number; most?: number; rules?: Rules },
) {
  let place: Place = { position: 0, progress: freshProgress({ since: base, from: null }) };
  const found = {
    counted: new Map<number, number>(),
    through: new Map<number, number>(),
    late: 0,
    order: [] as number[],
  };
  let mostOpen = 0;
  let isCrowded = false;
  const lateAt: number[] = [];
  for (let isFull = true; isFull;) {
    const decision = decide(place, rules, moments, { most, room });
    isFull = decision.isFull;
    if (decision.late.length > 0) lateAt.push(place.position);
    isCrowded ||= decision.isCrowded;
    // As it is stored between two commits.
    place = { position: decision.position, progress: Progress.parse(JSON.parse(JSON.stringify(decision.progress))) };
    mostOpen = Math.max(mostOpen, place.progress.open.length);
    for (const { window, events, through } of decision.closed) {
      const at = (window.start.getTime() - base) / 60_000;
      found.order.push(at);
      if (events > 0) found.counted.set(at, events);
      found.through.set(at, through);
    }
    found.late += decision.late.reduce((sum, { events }) => sum + events, 0);
  }
  return { ...found, place, mostOpen, isCrowded, lateAt };
}

it('a frame of events in very many windows is taken part by part: none of it is late, and all of it is read by each', () => {
  const minutes = Array.from({ length: 300 }, (_, index) => (index * 7) % 300);
  const moments = log([{ '': minutes }, { '': [400] }]);
  const found = follow(moments, { room: 20 });
  expect(found.mostOpen).toBeLessThanOrEqual(40);
  expect(found.late).toBe(0);
  expect(found.counted.size).toBe(300);
  expect(new Set([...found.through].flatMap(([at, through]) => (at < 299 ? [through] : [])))).toEqual(new Set([300]));
  expect(found.place.position).toBe(301);
  expect(found.isCrowded).toBe(false);
});

it('with room for them they are taken at once', () => {
  const moments = log([{ '': Array.from({ length: 300 }, (_, index) => index) }]);
  const [only] = moments;
  expect(take(freshProgress({ since: base, from: null }), minute, only!).progress.open).toHaveLength(300);
});

it('events of before the only open window are taken before it', () => {
  const minutes = Array.from({ length: 100 }, (_, index) => index);
  const found = follow(log([{ '': [5000] }, { '': minutes }, { '': [5001] }]), { room: 10 });
  expect(found.late).toBe(0);
  expect(found.counted.size).toBe(101);
  expect(found.order).toEqual([...found.order].sort((one, other) => one - other));
});

it('where a part is very far behind, the oldest windows are over before its events come, and those are late', () => {
  const ahead = Array.from({ length: 30 }, (_, index) => index + 10);
  const frames: Record<string, number[]>[] = [
    { one: [0], other: [0] },
    ...ahead.map((at) => ({ one: [at] })),
    { other: [1, 29, 30] },
  ];
  const found = follow(log(frames), { room: 10 });
  expect(found.isCrowded).toBe(true);
  expect(found.place.progress.open.length).toBeLessThanOrEqual(10);
  // 31 windows came, 10 of them are open: those of 30 to 39.
  expect(found.place.progress.open[0]![0]).toBe(base + 30 * 60_000);
  expect(found.late).toBe(2);
  expect(found.counted.size).toBe(21);
});

it('every event is counted once, in its window or as late, however little room there is and however the log is cut', () => {
  const frames = fc.array(
    fc.record({
      one: fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 30 }),
      other: fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 5 }),
    }),
    { minLength: 1, maxLength: 12 },
  );
  fc.assert(
    fc.property(frames, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 9 }), (given, room, most) => {
      const moments = log([...given, { one: [1000], other: [1000] }]);
      const found = follow(moments, { room, most });
      const events = moments.reduce((sum, { rows }) => sum + rows, 0);
      const counted = [...found.counted.values()].reduce((sum, each) => sum + each, 0);
      const open = found.place.progress.open.reduce((sum, [, each]) => sum + each, 0);
      expect(counted + open + found.late).toBe(events);
      expect(found.mostOpen).toBeLessThanOrEqual(2 * room);
      expect(found.place.progress.open.length).toBeLessThanOrEqual(room);
      expect(found.place.progress.waiting).toBeNull();
      // What is kept of late events is named by where its commit began.
      expect(new Set(found.lateAt).size).toBe(found.lateAt.length);
      const whole = follow(moments, { room, most: 10_000 });
      expect([found.counted, found.through, found.late]).toEqual([whole.counted, whole.through, whole.late]);
    }),
    { numRuns: 150 },
  );
});

it('what waits of a frame that was deleted is forgotten', () => {
  const moments = log([{ '': Array.from({ length: 50 }, (_, index) => index) }, { '': [10, 60] }]);
  const first = decide({ position: 0, progress: freshProgress({ since: base, from: null }) }, minute, moments, {
    most: 3,
    room: 5,
  });
  expect(first).toMatchObject({ position: 0, progress: { waiting: { below: 50 } } });
  const later = { position: 50, progress: first.progress };
  const next = decide(later, minute, moments.slice(1), { most: 100, room: 5 });
  expect(next).toMatchObject({ position: 52, progress: { waiting: null } });
});
