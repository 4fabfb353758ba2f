import { z } from 'zod';
import { windowAt, type Window } from '#lib/job/window.ts';
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
  /**
   * Too many windows are open for all of the moment that ends before event `below` to be taken: its events from this time on, ms,
   * wait until others are answered.
   */
  waiting: z.object({ from: z.number(), below: z.number() }).nullable().default(null),
  /** So many windows without events in the past were paid for by those with events (close.ts). */
  spare: z.number().default(0),
  /** Parts that are not waited for while others send. */
  silent: z.array(z.string()).default([]),
  /** Of a windowless job: an event that its query went well for. */
  good: z.number().int().optional(),
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

export interface LateEvents {
  window: Window;
  events: number;
  /** They come in time to publish their window again. */
  corrects: boolean;
}

/** Windows with events that may be open. When events of more come, the oldest of them are over. */
const mostOpen = 10_000;

export function freshProgress({ since, from }: Pick<Progress, 'since' | 'from'>): Progress {
  const nothing = { parts: {}, watermark: null, closedThrough: from, open: [], waiting: null, spare: 0, silent: [] };
  return { since, from, correctFrom: null, ...nothing };
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

export interface Room {
  /** Windows with events that may be open. */
  room?: number;
}

/**
 * Takes a moment's events, the earliest first: each is counted for its window, or as late where that is answered. None makes another
 * late. When more windows are open than there is room for, the oldest are over. Of a moment of very many windows the later events wait
 * (`waiting`) until those are answered; then it is taken again and goes on where it was.
 */
export function take(
  progress: Progress,
  rules: Rules,
  { first, rows, spans, parts, received }: Moment,
  { room = mostOpen }: Room = {},
): { progress: Progress; late: LateEvents[]; isCrowded: boolean } {
  const open = progress.open.slice();
  const late: LateEvents[] = [];
  const from = progress.waiting?.from ?? -Infinity;
  let waiting: Progress['waiting'] = null;
  let others = 0;
  for (const { window, events } of byWindow(rules, spans, from)) {
    const start = window.start.getTime();
    if (progress.from !== null && start < progress.from) continue;
    if (isAnswered(progress, window)) {
      late.push({ window, events, corrects: isCorrected(progress, rules, window) });
      continue;
    }
    const at = placeOf(open, start);
    const before = open[at]?.[0] === start ? open[at] : null;
    if (!before && open.length >= 2 * room) waiting ??= { from: Math.max(from, start), below: first + rows };
    if (waiting) others += before ? 0 : 1;
    else if (before) open[at] = [start, before[1] + events, before[2]];
    else open.splice(at, 0, [start, events, first]);
  }
  const seen = { ...progress.parts };
  for (const [name, max] of Object.entries(parts))
    seen[name] = { max: Math.max(max, seen[name]?.max ?? -Infinity), received };
  const taken = settle({ ...progress, parts: seen, open, waiting }, rules, received);
  const tooMany = Math.min(open.length + others - room, waiting ? placeOf(open, waiting.from) : Infinity);
  if (tooMany <= 0) return { progress: taken, late, isCrowded: false };
  const end = windowOf(rules, open[tooMany - 1]![0]).end.getTime();
  const isCrowded = end > (taken.watermark ?? -Infinity);
  return { progress: { ...taken, watermark: later(taken.watermark, end) }, late, isCrowded };
}

/** Where among the open windows one stands that starts then, or would. */
function placeOf(open: Progress['open'], start: number): number {
  let [low, high] = [0, open.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (open[middle]![0] < start) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A window that ends at or before what is closed has been answered. */
export function isAnswered({ closedThrough }: Pick<Progress, 'closedThrough'>, { end }: Window): boolean {
  return closedThrough !== null && end.getTime() <= closedThrough;
}

function isCorrected({ watermark, correctFrom }: Progress, { late }: Rules, { start, end }: Window): boolean {
  if (late.do !== 'correct' || (correctFrom !== null && start.getTime() < correctFrom)) return false;
  return (watermark ?? -Infinity) < end.getTime() + late.for * 1000;
}

/** Those of spans from a time on. They come in order, so those of one window stand together. */
function byWindow(rules: Rules, spans: Moment['spans'], from: number) {
  const found: { window: Window; events: number }[] = [];
  for (const [at, events] of spans) {
    if (at < from) continue;
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
