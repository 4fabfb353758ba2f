import { z } from 'zod';
import { ChartType, Engine } from '#lib/notebook/cell.ts';

/*
 * What the use of the workbench adds up to. The database counts equal events of a day (`Counted`); this sums the
 * counts into what the Insights page and its HTTP answer say, so that every number there is a sum of one list.
 */

const Count = z.number().int().min(0);
/** `2026-10-19`, in the zone the insight names. */
const Day = z.string().regex(/^\d{4}-\d\d-\d\d$/);

export const Insight = z.object({
  /** Days, from included, to excluded. */
  from: Day,
  to: Day,
  timeZone: z.string(),
  events: Count,
  people: Count,
  days: z.array(z.object({ day: Day, shown: Count, edited: Count, runs: Count, people: Count })),
  charts: z.object({
    shown: Count,
    edited: Count,
    people: Count,
    grouped: Count,
    sorted: Count,
    titled: Count,
    types: z.array(z.object({ type: ChartType, shown: Count, edited: Count })),
    typesByDay: z.array(z.object({ day: Day, type: ChartType, charts: Count })),
    notebooks: z.array(z.object({ id: z.string(), charts: Count, people: Count })),
    who: z.array(z.object({ userId: z.string(), charts: Count, mostly: ChartType })),
  }),
  runs: z.object({
    good: Count,
    failed: Count,
    cancelled: Count,
    people: Count,
    engines: z.array(z.object({ engine: Engine, good: Count, failed: Count, cancelled: Count })),
    who: z.array(z.object({ userId: z.string(), runs: Count, days: Count })),
  }),
});
export type Insight = z.infer<typeof Insight>;

interface Place {
  day: string;
  userId: string;
  notebookId: string;
  count: number;
}
export interface CountedChart extends Place {
  kind: 'chart-shown' | 'chart-edited';
  type: ChartType;
  grouped: boolean;
  sorted: boolean;
  titled: boolean;
}
export interface CountedRun extends Place {
  kind: 'cell-run';
  engine: Engine;
  state: 'good' | 'failed' | 'cancelled';
}
export interface CountedOpening extends Place {
  kind: 'notebook-opened';
}
/** Equal events of one day, person and notebook, and how many there were. */
export type Counted = CountedChart | CountedRun | CountedOpening;

export interface Span {
  from: string;
  to: string;
  timeZone: string;
}

export function sumInsight(span: Span, counted: Counted[]): Insight {
  const charts = counted.filter(
    (each): each is CountedChart => each.kind === 'chart-shown' || each.kind === 'chart-edited',
  );
  const runs = counted.filter((each): each is CountedRun => each.kind === 'cell-run');
  return {
    ...span,
    events: sum(counted),
    people: distinct(counted, (each) => each.userId),
    days: daysBetween(span.from, span.to).map((day) => ofDay(day, counted)),
    charts: ofCharts(charts),
    runs: ofRuns(runs),
  };
}

function ofDay(day: string, counted: Counted[]): Insight['days'][number] {
  const here = counted.filter((each) => each.day === day);
  const of = (kind: Counted['kind']) => sum(here.filter((each) => each.kind === kind));
  return {
    day,
    shown: of('chart-shown'),
    edited: of('chart-edited'),
    runs: of('cell-run'),
    people: distinct(here, (each) => each.userId),
  };
}

function ofCharts(charts: CountedChart[]): Insight['charts'] {
  const of = (kind: CountedChart['kind'], among = charts) => sum(among.filter((each) => each.kind === kind));
  return {
    shown: of('chart-shown'),
    edited: of('chart-edited'),
    people: distinct(charts, (each) => each.userId),
    grouped: sum(charts.filter((each) => each.grouped)),
    sorted: sum(charts.filter((each) => each.sorted)),
    titled: sum(charts.filter((each) => each.titled)),
    types: mostFirst(groupBy(charts, (each) => each.type)).map(([type, these]) => ({
      type,
      shown: of('chart-shown', these),
      edited: of('chart-edited', these),
    })),
    typesByDay: [...groupBy(charts, (each) => `${each.day} ${each.type}`)].map(([, these]) => ({
      day: these[0]!.day,
      type: these[0]!.type,
      charts: sum(these),
    })),
    notebooks: mostFirst(groupBy(charts, (each) => each.notebookId)).map(([id, these]) => ({
      id,
      charts: sum(these),
      people: distinct(these, (each) => each.userId),
    })),
    who: mostFirst(groupBy(charts, (each) => each.userId)).map(([userId, these]) => ({
      userId,
      charts: sum(these),
      mostly: mostFirst(groupBy(these, (each) => each.type))[0]![0],
    })),
  };
}

function ofRuns(runs: CountedRun[]): Insight['runs'] {
  const states = (among: CountedRun[]) => ({
    good: sum(among.filter((each) => each.state === 'good')),
    failed: sum(among.filter((each) => each.state === 'failed')),
    cancelled: sum(among.filter((each) => each.state === 'cancelled')),
  });
  return {
    ...states(runs),
    people: distinct(runs, (each) => each.userId),
    engines: mostFirst(groupBy(runs, (each) => each.engine)).map(([engine, these]) => ({ engine, ...states(these) })),
    who: mostFirst(groupBy(runs, (each) => each.userId)).map(([userId, these]) => ({
      userId,
      runs: sum(these),
      days: distinct(these, (each) => each.day),
    })),
  };
}

/** Days from included, to excluded; at most what the caller allowed. */
export function daysBetween(from: string, to: string): string[] {
  const days: string[] = [];
  for (let at = Date.parse(from); at < Date.parse(to); at += 86_400_000)
    days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}

function sum(counted: { count: number }[]): number {
  return counted.reduce((total, each) => total + each.count, 0);
}

function distinct<T>(items: T[], of: (item: T) => string): number {
  return new Set(items.map(of)).size;
}

function groupBy<T, K>(items: T[], of: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(of(item));
    if (group) group.push(item);
    else groups.set(of(item), [item]);
  }
  return groups;
}

/** By how many, then by name, so that two answers of the same facts are the same. */
function mostFirst<K extends string, T extends { count: number }>(groups: Map<K, T[]>): [K, T[]][] {
  return [...groups].sort((a, b) => sum(b[1]) - sum(a[1]) || (a[0] < b[0] ? -1 : 1));
}
