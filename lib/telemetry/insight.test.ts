import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Insight, daysBetween, sumInsight, type Counted, type CountedChart, type CountedRun } from './insight.ts';

const span = { from: '2026-10-01', to: '2026-10-04', timeZone: 'UTC' };
const chart = (given: Partial<CountedChart>): CountedChart => ({
  kind: 'chart-shown',
  day: '2026-10-01',
  userId: 'ana',
  notebookId: 'n1',
  type: 'line',
  grouped: false,
  sorted: false,
  titled: false,
  count: 1,
  ...given,
});
const run = (given: Partial<CountedRun>): CountedRun => ({
  kind: 'cell-run',
  day: '2026-10-01',
  userId: 'ana',
  notebookId: 'n1',
  engine: 'browser',
  state: 'good',
  count: 1,
  ...given,
});

test('nothing adds up to nothing, on every day asked for', () => {
  const insight = sumInsight(span, []);
  expect(insight.days.map((day) => day.day)).toEqual(['2026-10-01', '2026-10-02', '2026-10-03']);
  expect(insight.events + insight.people + insight.charts.shown + insight.runs.good).toBe(0);
  expect(Insight.parse(insight)).toEqual(insight);
});

test('types and people come most first, and who mostly draws what is said', () => {
  const insight = sumInsight(span, [
    chart({ count: 2 }),
    chart({ type: 'bar', count: 3 }),
    chart({ type: 'bar', kind: 'chart-edited', userId: 'joris', count: 4 }),
  ]);
  expect(insight.charts.types).toEqual([
    { type: 'bar', shown: 3, edited: 4 },
    { type: 'line', shown: 2, edited: 0 },
  ]);
  expect(insight.charts.who).toEqual([
    { userId: 'ana', charts: 5, mostly: 'bar' },
    { userId: 'joris', charts: 4, mostly: 'bar' },
  ]);
});

test('grouped, sorted and titled are counted apart', () => {
  const insight = sumInsight(span, [
    chart({ grouped: true, count: 2 }),
    chart({ grouped: true, titled: true }),
    chart({ sorted: true }),
  ]);
  expect(insight.charts).toMatchObject({ shown: 4, grouped: 3, sorted: 1, titled: 1 });
});

test('a person who was here on two days is one person with two days', () => {
  const insight = sumInsight(span, [
    run({}),
    run({ day: '2026-10-02', state: 'failed' }),
    run({ engine: 'warehouse' }),
  ]);
  expect(insight.runs).toMatchObject({ good: 2, failed: 1, cancelled: 0, people: 1 });
  expect(insight.runs.who).toEqual([{ userId: 'ana', runs: 3, days: 2 }]);
  expect(insight.runs.engines[0]).toEqual({ engine: 'browser', good: 1, failed: 1, cancelled: 0 });
});

test('notebooks say how many people drew charts there', () => {
  const insight = sumInsight(span, [
    chart({ notebookId: 'n2' }),
    chart({ notebookId: 'n2', userId: 'joris' }),
    chart({}),
  ]);
  expect(insight.charts.notebooks).toEqual([
    { id: 'n2', charts: 2, people: 2 },
    { id: 'n1', charts: 1, people: 1 },
  ]);
});

const place = {
  day: fc.constantFrom('2026-10-01', '2026-10-02', '2026-10-03'),
  userId: fc.constantFrom('a', 'b', 'c'),
  notebookId: fc.constantFrom('n', 'm'),
  count: fc.integer({ min: 1, max: 9 }),
};
const anyCounted: fc.Arbitrary<Counted> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('chart-shown' as const, 'chart-edited' as const),
    type: fc.constantFrom('line' as const, 'bar' as const),
    grouped: fc.boolean(),
    sorted: fc.boolean(),
    titled: fc.boolean(),
    ...place,
  }),
  fc.record({
    kind: fc.constant('cell-run' as const),
    engine: fc.constantFrom('browser' as const, 'warehouse' as const),
    state: fc.constantFrom('good' as const, 'failed' as const),
    ...place,
  }),
  fc.record({ kind: fc.constant('notebook-opened' as const), ...place }),
);

test('every way of cutting the same facts adds up to the same number', () => {
  fc.assert(
    fc.property(fc.array(anyCounted), (counted) => {
      const { charts, runs, days, events } = sumInsight(span, counted);
      const total = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
      const all = charts.shown + charts.edited;
      expect(total(charts.types.map((each) => each.shown + each.edited))).toBe(all);
      expect(total(charts.who.map((each) => each.charts))).toBe(all);
      expect(total(charts.notebooks.map((each) => each.charts))).toBe(all);
      expect(total(charts.typesByDay.map((each) => each.charts))).toBe(all);
      expect(total(days.map((day) => day.shown + day.edited))).toBe(all);
      expect(total(days.map((day) => day.runs))).toBe(runs.good + runs.failed + runs.cancelled);
      expect(total(counted.map((each) => each.count))).toBe(events);
    }),
  );
});

test('days run over the ends of months and years, the last excluded', () => {
  expect(daysBetween('2026-12-30', '2027-01-02')).toEqual(['2026-12-30', '2026-12-31', '2027-01-01']);
  expect(daysBetween('2026-12-30', '2026-12-30')).toEqual([]);
});
