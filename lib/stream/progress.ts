import { z } from 'zod';
import { roughCount, windowAt, type Window } from '#lib/job/window.ts';
import type { Late, WindowSpec } from '#lib/job/spec.ts';
import type { Moment } from './moment.ts';

/*
 * How far a real-time job with windows has come in its stream, and what its time brings: which windows are over, and which events
 * came too late. It sees no event, only moments, and decides the same from the same: where it stands is a value that is stored,
 * and a log that is read again makes the same decisions that were made live.
 *
 * The watermark is the time before which nothing is waited for: the least of the latest event times of the parts of the
 * stream that still send, less the delay. It never goes back. Windows that end at or before it are over, in their order.
 */
const Part = z.object({
  /** The latest event time seen, ms. */
  max: z.number(),
  /** When its last event came, ms. */
  received: z.number(),
});

export const Progress = z.object({
  /** When the job began, ms: a stream that has sent nothing counts as silent since then. */
  since: z.number(),
  /** The start of the first window it answers for, ms; null: the first that has events. Earlier events are passed over. */
  from: z.number().nullable(),
  /** Windows before it were cut by an earlier version and are not published again, ms. */
  correctFrom: z.number().nullable().default(null),
  parts: z.record(z.string(), Part),
  /** ms. */
  watermark: z.number().nullable(),
  /** Every window that ends at or before it is answered, ms; null before the first. */
  closedThrough: z.number().nullable(),
  /** Windows with events that are not answered: [start, ms; events; the number of the first or one before it], in order. */
  open: z.array(z.tuple([z.number(), z.number(), z.number()])),
  /** Parts that are not waited for while others send. */
  silent: z.array(z.string()).default([]),
});
export type Progress = z.infer<typeof Progress>;

/** How windows are cut. */
export interface Cut {
  window: WindowSpec;
  timeZone: string;
}

export interface Rules extends Cut {
  /** Seconds. */
  delay: number;
  /** Seconds without an event after which a part is not waited for. */
  idle: number;
  late: Late;
  /** From this time on, ms, windows are cut so, and are another version's to answer. */
  next?: Cut & { from: number };
}

export interface Due {
  window: Window;
  /** That fell into it and were there in time. */
  events: number;
  /** No event of it that was there in time has a lower number; null where there is none. */
  first: number | null;
}

/** So many windows without events that they are passed over. */
export interface Gap {
  from: Date;
  to: Date;
}

export interface LateEvents {
  window: Window;
  events: number;
  /** They come in time to publish their window again. */
  corrects: boolean;
}

/** Windows without events in a row that are still answered. */
const mostEmpty = 500;

export function freshProgress({ since, from }: Pick<Progress, 'since' | 'from'>): Progress {
  return { since, from, correctFrom: null, parts: {}, watermark: null, closedThrough: from, open: [], silent: [] };
}

/** What one more moment brings: everything that is due before it, then itself, then what is due after it. */
export function advance(progress: Progress, rules: Rules, moment: Moment, closing: Closing = {}) {
  const before = close(settle(progress, rules, moment.received), rules, closing);
  const { progress: taken, late } = take(before.progress, rules, moment);
  const after = close(taken, rules, closing);
  const closed = [
    ...before.closed.map((due) => ({ ...due, through: moment.first })),
    ...after.closed.map((due) => ({ ...due, through: moment.first + moment.rows })),
  ];
  return { progress: after.progress, closed, late, gaps: [...before.gaps, ...after.gaps] };
}

/** Moves the watermark by the clock: parts that are silent at `now`, ms, are no longer waited for. */
export function settle(progress: Progress, rules: Rules, now: number): Progress {
  const parts = Object.entries(progress.parts);
  const awake = parts.filter(([, { received }]) => now - received <= rules.idle * 1000);
  const silent = awake.length === 0 ? [] : parts.filter((part) => !awake.includes(part)).map(([name]) => name);
  return { ...progress, silent, watermark: later(progress.watermark, reachOf(progress, awake, rules, now)) };
}

type Parts = [name: string, part: z.infer<typeof Part>][];

function reachOf({ since }: Progress, awake: Parts, { delay, idle }: Rules, now: number): number | null {
  if (awake.length > 0) return Math.min(...awake.map(([, { max }]) => max)) - delay * 1000;
  return now - since > idle * 1000 ? now - (idle + delay) * 1000 : null;
}

function later(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other);
}

/** Takes a moment's events: each is counted for its window, or as late where that is answered. None makes another late. */
export function take(
  progress: Progress,
  rules: Rules,
  { first, spans, parts, received }: Moment,
): { progress: Progress; late: LateEvents[] } {
  const open = new Map(progress.open.map((each) => [each[0], each]));
  const late = new Map<number, LateEvents>();
  for (const { window, events } of byWindow(rules, spans)) {
    const start = window.start.getTime();
    if (progress.from !== null && start < progress.from) continue;
    const before = open.get(start);
    if (!isAnswered(progress, window)) open.set(start, [start, (before?.[1] ?? 0) + events, before?.[2] ?? first]);
    else late.set(start, { window, events, corrects: isCorrected(progress, rules, window) });
  }
  const seen = { ...progress.parts };
  for (const [name, max] of Object.entries(parts))
    seen[name] = { max: Math.max(max, seen[name]?.max ?? -Infinity), received };
  const taken = { ...progress, parts: seen, open: [...open.values()].sort(([one], [other]) => one - other) };
  return { progress: settle(taken, rules, received), late: [...late.values()] };
}

/** A window that ends at or before what is closed has been answered. */
export function isAnswered({ closedThrough }: Pick<Progress, 'closedThrough'>, { end }: Window): boolean {
  return closedThrough !== null && end.getTime() <= closedThrough;
}

function isCorrected({ watermark, correctFrom }: Progress, { late }: Rules, { start, end }: Window): boolean {
  if (late.do !== 'correct' || (correctFrom !== null && start.getTime() < correctFrom)) return false;
  return (watermark ?? -Infinity) < end.getTime() + late.for * 1000;
}

/** Spans come in order, so those of one window stand together. */
function byWindow(rules: Rules, spans: Moment['spans']) {
  const found: { window: Window; events: number }[] = [];
  for (const [at, events] of spans) {
    const last = found.at(-1);
    if (last && at >= last.window.start.getTime() && at < last.window.end.getTime()) last.events += events;
    else found.push({ window: windowOf(rules, at), events });
  }
  return found;
}

/** The window that an event of this time falls into. */
export function windowOf({ next, ...cut }: Rules, at: number): Window {
  const { window, timeZone } = next && at >= next.from ? next : cut;
  return windowAt(window, timeZone, new Date(at));
}

interface Closing {
  /** Windows at once; the others stay due. */
  most?: number;
  /** Instead of the watermark, ms: windows that end at or before it are over. */
  limit?: number;
  /** So many windows without events in a row are answered; more are a gap. */
  empty?: number;
}

/** Answers the windows that are over and whose version this is, at most so many at once. */
export function close(
  progress: Progress,
  rules: Rules,
  { most = Infinity, limit = progress.watermark ?? -Infinity, empty = mostEmpty }: Closing = {},
): { progress: Progress; closed: Due[]; gaps: Gap[] } {
  const until = Math.min(limit, rules.next?.from ?? Infinity);
  const open = [...progress.open];
  const closed: Due[] = [];
  const gaps: Gap[] = [];
  let through = progress.closedThrough ?? open[0]?.[0];
  while (through !== undefined && closed.length < most) {
    const window = windowAt(rules.window, rules.timeZone, new Date(through));
    if (window.end.getTime() > until) break;
    const next = open[0]?.[0];
    const gap = next === through ? null : gapFrom(rules, through, Math.min(next ?? Infinity, until), empty);
    if (gap) gaps.push(gap);
    else {
      const [, events = 0, first = null] = next === through ? open.shift()! : [];
      closed.push({ window, events, first });
    }
    through = (gap?.to ?? window.end).getTime();
  }
  const isNone = closed.length + gaps.length === 0;
  return { progress: isNone ? progress : { ...progress, open, closedThrough: through! }, closed, gaps };
}

function gapFrom(rules: Rules, from: number, until: number, empty: number): Gap | null {
  const gap = { from: new Date(from), to: windowAt(rules.window, rules.timeZone, new Date(until)).start };
  return roughCount(rules.window, gap.from, gap.to) > empty ? gap : null;
}

/** The end of the last window that has events, ms, up to where another version begins; null when none is open. */
export function lastOpenEnd({ open }: Progress, rules: Rules): number | null {
  const last = open.findLast(([start]) => start < (rules.next?.from ?? Infinity));
  return last ? windowOf(rules, last[0]).end.getTime() : null;
}

/** The latest time that an event had, or that was passed without one, ms; null before the first. */
export function lastSeen({ parts, watermark }: Progress): number | null {
  const max = Math.max(watermark ?? -Infinity, ...Object.values(parts).map((part) => part.max));
  return max === -Infinity ? null : max;
}

/** The part that holds the watermark back, when it is one of several that send; null when there is no such part. */
export function slowestOf({ parts, silent }: Progress): string | null {
  const awake = Object.entries(parts).filter(([name]) => !silent.includes(name));
  if (awake.length < 2) return null;
  return awake.reduce((slowest, part) => (part[1].max < slowest[1].max ? part : slowest))[0];
}
