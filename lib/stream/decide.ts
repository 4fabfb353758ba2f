import type { Moment } from './moment.ts';
import { close, lastOpenEnd, type Due, type Gap } from './close.ts';
import { settle, take, type LateEvents, type Progress, type Rules } from './progress.ts';

/*
 * What a session does next, from where a job stands and the moments that follow: at most so many windows at once, the others stay
 * due and are answered before anything more is read. So what comes of a log does not depend on how it is cut into commits.
 */
export interface Place {
  /** Every event before this number is answered for. */
  position: number;
  progress: Progress;
}

export interface Decision extends Place {
  closed: (Due & { through: number })[];
  /** By the moments they came in: events [first, below). */
  late: (LateEvents & { first: number; below: number })[];
  gaps: Gap[];
  /** Events that were passed. */
  events: number;
  /** When the newest of them came, ms; null without any. */
  received: number | null;
  /** So many windows are due, or corrected, that the rest waits for another commit. */
  isFull: boolean;
  /** Everything before the edge to the next version is answered. */
  isAtEdge: boolean;
  /** So many windows were open that the oldest were over before their time. */
  isCrowded: boolean;
}

/** Late events are told apart by their moments and windows: so many of these are enough for one commit. */
const mostLate = 10_000;

export interface Asked {
  /** Windows at once, and windows that late events correct; a moment is taken whole, so that it can bring more of these. */
  most: number;
  /** Nothing from this number on is read. */
  below?: number;
  /** At the end of the log, the time by which parts are silent, ms; absent where more moments are to be read. */
  clock?: number;
  /** The clock, ms, that says which windows are of the past; absent, and none is. */
  now?: number;
  /** Windows with events that may be open. */
  room?: number;
}

export function decide(start: Place, rules: Rules, moments: readonly Moment[], asked: Asked): Decision {
  const { position } = start;
  const so: Decision = { position, progress: stillWaiting(start), ...nothing(), isAtEdge: false };
  so.isAtEdge = isAtEdge(so.progress, rules);
  if (so.isAtEdge) return so;
  const corrected = new Set<number>();
  const isGoingOn = so.progress.waiting !== null;
  closeDue(so, rules, asked);
  for (const given of moments) {
    const moment = restOf(given, so.position);
    if (!moment || moment.first >= (asked.below ?? Infinity)) continue;
    so.progress = settle(so.progress, rules, moment.received);
    closeDue(so, rules, asked);
    if (so.isFull || so.isAtEdge) return so;
    do {
      for (const { window, corrects } of takeMoment(so, rules, moment, asked))
        if (corrects) corrected.add(window.start.getTime());
      closeDue(so, rules, asked);
      so.isFull ||= corrected.size >= asked.most || so.late.length >= mostLate;
      if (so.isFull || so.isAtEdge) return so;
    } while (so.progress.waiting);
    // What follows is another commit's: what is published of late events is named by the place a commit begins at.
    so.isFull = isGoingOn;
    if (so.isFull) return so;
  }
  if (asked.clock !== undefined) {
    so.progress = settle(so.progress, rules, asked.clock);
    closeDue(so, rules, asked);
  }
  return so;
}

/** Of a moment that was deleted before all of it was taken, nothing waits any more. */
function stillWaiting({ position, progress }: Place): Progress {
  return progress.waiting && position >= progress.waiting.below ? { ...progress, waiting: null } : progress;
}

/** Answers windows that have events as if they were over. */
export function decideDrain(start: Place, rules: Rules, most: number): Decision {
  const so: Decision = { ...start, ...nothing(), isAtEdge: false };
  const limit = lastOpenEnd(so.progress, rules);
  if (limit !== null) closeDue(so, rules, { most }, limit);
  return so;
}

function nothing() {
  return { closed: [], late: [], gaps: [], events: 0, received: null, isFull: false, isCrowded: false };
}

function closeDue(so: Decision, rules: Rules, { most, now }: Asked, limit?: number): void {
  const { progress, closed, gaps } = close(so.progress, rules, {
    most: most - so.closed.length,
    ...(now === undefined ? {} : { now }),
    ...(limit === undefined ? {} : { limit }),
  });
  const through = progress.waiting?.below ?? so.position;
  so.progress = progress;
  so.closed.push(...closed.map((due) => ({ ...due, through })));
  so.gaps.push(...gaps);
  so.isFull = so.closed.length >= most;
  so.isAtEdge = !so.isFull && isAtEdge(progress, rules);
}

/** As much of it as there is room for; gives what came late with it. The place moves on when all of it is taken. */
function takeMoment(so: Decision, rules: Rules, moment: Moment, { room }: Asked): LateEvents[] {
  const { progress, late, isCrowded } = take(so.progress, rules, moment, room === undefined ? {} : { room });
  const below = moment.first + moment.rows;
  so.progress = progress;
  so.isCrowded ||= isCrowded;
  so.late.push(...late.map((each) => ({ ...each, first: moment.first, below })));
  if (progress.waiting) return late;
  so.position = below;
  so.events += moment.rows;
  so.received = moment.received;
  return late;
}

function isAtEdge({ watermark, closedThrough, open }: Progress, { next }: Rules): boolean {
  if (!next || watermark === null || watermark < next.from) return false;
  return closedThrough === null ? (open[0]?.[0] ?? Infinity) >= next.from : closedThrough >= next.from;
}

/** A moment without the events before `position`, which were read already; which spans they were in is not known: the earliest. */
function restOf(moment: Moment, position: number): Moment | null {
  const before = position - moment.first;
  if (before <= 0) return moment;
  if (before >= moment.rows) return null;
  let left = before;
  const spans = moment.spans.flatMap(([at, events]): Moment['spans'] => {
    const gone = Math.min(left, events);
    left -= gone;
    return events > gone ? [[at, events - gone]] : [];
  });
  return { ...moment, first: position, rows: moment.rows - before, spans };
}
