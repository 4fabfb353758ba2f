import { roughCount, windowAt, type Window } from '#lib/job/window.ts';
import type { Moment } from './moment.ts';
import { settle, take, windowOf, type LateEvents, type Progress, type Room, type Rules } from './progress.ts';

/*
 * Which windows are over, in their order, and which are passed over.
 *
 * Windows without events are answered, too: a count of 0 is an answer. But time that is mostly empty must be passed quickly. Of a
 * stretch of more than `most` windows none is answered. Of what ended more than `most` windows ago by the clock, a stretch of `few` is
 * answered, and a longer one as far as windows with events have paid for it: each since the last gap pays for one. So who catches up
 * with the past answers no more windows than so many times those with events.
 */
const empty = { most: 500, few: 10 };

export interface Due {
  window: Window;
  /** That fell into it and were there in time. */
  events: number;
  /** No event of it that was there in time has a lower number; null where there is none. */
  first: number | null;
}

/** A stretch without events whose windows are passed over. */
export interface Gap {
  from: Date;
  to: Date;
  /** How many they are. */
  windows: number;
}

interface Closing {
  /** Windows at once; the others stay due. */
  most?: number;
  /** Instead of the watermark, ms: windows that end at or before it are over. */
  limit?: number;
  /** The clock, ms, that says which windows are of the past; absent, and none is. */
  now?: number;
  /** No window without events is answered. */
  onlyWithEvents?: boolean;
}

/** Answers the windows that are over and whose version this is, at most so many at once. */
export function close(
  progress: Progress,
  rules: Rules,
  closing: Closing = {},
): { progress: Progress; closed: Due[]; gaps: Gap[] } {
  const { most = Infinity, limit = progress.watermark ?? -Infinity } = closing;
  const until = Math.min(limit, rules.next?.from ?? Infinity, progress.waiting?.from ?? Infinity);
  const { open } = progress;
  const closed: Due[] = [];
  const gaps: Gap[] = [];
  let { spare } = progress;
  let answered = 0;
  let through = progress.closedThrough ?? open[0]?.[0];
  while (through !== undefined && closed.length < most) {
    const window = windowAt(rules.window, rules.timeZone, new Date(through));
    if (window.end.getTime() > until) break;
    const next = open[answered]?.[0];
    const hasEvents = next === through;
    const stretch = hasEvents ? null : stretchFrom(rules, through, Math.min(next ?? Infinity, until), closing, spare);
    if (stretch?.isGap) gaps.push({ from: stretch.from, to: stretch.to, windows: stretch.windows });
    else {
      const [, events = 0, first = null] = hasEvents ? open[answered++]! : [];
      closed.push({ window, events, first });
    }
    spare = hasEvents ? Math.min(spare + 1, empty.most) : spareAfter(stretch!, spare);
    through = (stretch?.isGap ? stretch.to : window.end).getTime();
  }
  const isNone = closed.length + gaps.length === 0;
  const closedThrough = through!;
  return {
    progress: isNone ? progress : { ...progress, open: open.slice(answered), closedThrough, spare },
    closed,
    gaps,
  };
}

/** Windows without events that follow, or those of them that are of the past: they are answered alike. */
interface Stretch extends Gap {
  isPast: boolean;
  isGap: boolean;
}

function stretchFrom(rules: Rules, start: number, until: number, closing: Closing, spare: number): Stretch {
  const { now, onlyWithEvents = false } = closing;
  const from = new Date(start);
  const whole = toWindow(rules, from, until);
  if (onlyWithEvents || whole.windows > empty.most) return { ...whole, isPast: false, isGap: true };
  const past = now === undefined ? null : toWindow(rules, from, Math.min(until, pastBefore(rules, now)));
  if (!past || past.windows < 1) return { ...whole, isPast: false, isGap: false };
  return { ...past, isPast: true, isGap: past.windows > Math.max(empty.few, spare) };
}

/** As far as the window that holds a time. */
function toWindow({ window, timeZone }: Rules, from: Date, until: number): Gap {
  const to = windowAt(window, timeZone, new Date(Math.max(from.getTime(), until))).start;
  // An hour more or less where the clock changes makes no other number.
  return { from, to, windows: Math.round(roughCount(window, from, to)) };
}

/** Windows that end before it are of the past, ms. */
function pastBefore({ window, timeZone }: Rules, now: number): number {
  const { start, end } = windowAt(window, timeZone, new Date(now));
  return now - empty.most * (end.getTime() - start.getTime());
}

/** When the next window of a stretch was answered, or all of it was passed. */
function spareAfter({ isGap, isPast, windows }: Stretch, spare: number): number {
  if (isGap) return 0;
  return isPast && windows > empty.few ? spare - 1 : spare;
}

/** The end of the last window that has events, ms, up to where another version begins; null when none is open. */
export function lastOpenEnd({ open }: Progress, rules: Rules): number | null {
  const last = open.findLast(([start]) => start < (rules.next?.from ?? Infinity));
  return last ? windowOf(rules, last[0]).end.getTime() : null;
}

/** What one more moment brings: everything that is due before it, then itself, then what is due after it. */
export function advance(progress: Progress, rules: Rules, moment: Moment, closing: Closing & Room = {}) {
  const before = close(settle(progress, rules, moment.received), rules, closing);
  const closed = before.closed.map((due) => ({ ...due, through: moment.first }));
  const { gaps } = before;
  const late: LateEvents[] = [];
  let so = before.progress;
  do {
    const taken = take(so, rules, moment, closing);
    const after = close(taken.progress, rules, closing);
    closed.push(...after.closed.map((due) => ({ ...due, through: moment.first + moment.rows })));
    gaps.push(...after.gaps);
    late.push(...taken.late);
    so = after.progress;
  } while (so.waiting);
  return { progress: so, closed, late, gaps };
}
