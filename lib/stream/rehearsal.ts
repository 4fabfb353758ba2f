import type { Window } from '#lib/job/window.ts';
import type { Moment } from './moment.ts';
import { advance, close } from './close.ts';
import { freshProgress, isAnswered, settle, take, type Progress, type Rules } from './progress.ts';

/*
 * What a job with windows would have done, had it run while these moments came: the very decisions of a session, taken over a
 * log that is there. Nothing is built.
 */
export interface Answered {
  window: Window;
  /** The last answer of the window read the events before this number. */
  through: number;
  /** Events that were in time. */
  events: number;
  /** Events that came after the first answer, and those of them that made it be answered again. */
  late: number;
  corrected: number;
}

const onlyWithEvents = { onlyWithEvents: true };

/**
 * The windows that were answered by `now`, ms, in order; without those that no event fell into, of which years can lie between two
 * events.
 */
export function rehearse(moments: readonly Moment[], rules: Rules, now: number): Answered[] {
  const [first] = moments;
  if (!first) return [];
  const answered = new Map<number, Answered>();
  /** The first window that was answered; those before it never are. */
  let begin: number | undefined;
  let progress = freshProgress({ since: first.received, from: null });
  for (const moment of moments) {
    const step = advance(progress, rules, moment, onlyWithEvents);
    const end = moment.first + moment.rows;
    begin ??= step.closed[0]?.window.start.getTime();
    for (const { window, through, events } of step.closed)
      answered.set(window.start.getTime(), { window, through, events, late: 0, corrected: 0 });
    for (const { window, events, corrects } of step.late) {
      const start = window.start.getTime();
      if (begin === undefined || start < begin) continue;
      const known = answered.get(start) ?? { window, through: moment.first, events: 0, late: 0, corrected: 0 };
      answered.set(start, known);
      known.late += events;
      if (!corrects) continue;
      known.corrected += events;
      known.through = end;
    }
    progress = step.progress;
  }
  const last = moments.at(-1)!;
  for (const { window, events } of close(settle(progress, rules, now), rules, onlyWithEvents).closed)
    answered.set(window.start.getTime(), { window, through: last.first + last.rows, events, late: 0, corrected: 0 });
  return [...answered.values()].sort((a, b) => a.window.start.getTime() - b.window.start.getTime());
}

/** How one window would have been answered last: over the events before `through`, of which so many were in time. */
export interface LastAnswer {
  through: number;
  events: number;
}

/**
 * What moments, in order, tell of one window. The first may be any before which it cannot have been over, nor any part of the stream
 * have sent that was still waited for.
 */
export class Witness {
  private progress: Progress;
  private rules: Rules;
  private window: Window;
  private answer: LastAnswer | null = null;
  private found: LastAnswer = { through: 0, events: 0 };

  constructor(rules: Rules, window: Window, { since, correctFrom }: Pick<Progress, 'since' | 'correctFrom'>) {
    this.rules = rules;
    this.window = window;
    this.progress = { ...freshProgress({ since, from: window.start.getTime() }), correctFrom };
  }

  /** Whether nothing that comes later changes its answer. */
  get isOver(): boolean {
    const { rules, window, progress, answer } = this;
    if (!answer || rules.late.do !== 'correct') return answer !== null;
    return (progress.watermark ?? -Infinity) >= window.end.getTime() + rules.late.for * 1000;
  }

  take(moment: Moment): void {
    const { rules, found } = this;
    found.through = moment.first;
    this.close(settle(this.progress, rules, moment.received));
    found.through = moment.first + moment.rows;
    if (!this.answer) found.events += eventsIn(moment, this.window);
    do {
      const { progress, late } = take(this.progress, rules, moment);
      if (late.some(({ window, corrects }) => corrects && window.start.getTime() === this.window.start.getTime()))
        this.answer!.through = found.through;
      this.close(progress);
    } while (this.progress.waiting);
  }

  /** Its last answer; one that was given for no moment's sake read all of them. */
  get last(): LastAnswer {
    return this.answer ?? this.found;
  }

  private close(progress: Progress): void {
    this.progress = close(progress, this.rules, onlyWithEvents).progress;
    if (isAnswered(this.progress, this.window)) this.answer ??= { ...this.found };
  }
}

function eventsIn({ spans }: Moment, { start, end }: Window): number {
  return spans.reduce((sum, [at, events]) => sum + (at >= start.getTime() && at < end.getTime() ? events : 0), 0);
}

/**
 * Where a range of events is cut into batches as no two are alike: one event, then a few, then ever more. What is windowless
 * must give the same rows however its events come together.
 */
export function unevenly(from: number, below: number): [from: number, below: number][] {
  const cuts: [number, number][] = [];
  for (let at = from, size = 1; at < below; size = Math.ceil(size * 2.7) + (cuts.length % 3)) {
    const end = Math.min(at + size, below);
    cuts.push([at, end]);
    at = end;
  }
  return cuts;
}

/** Fewer moments say too little of how events come together: they are cut through; so many are batches as they came. */
const moments = { few: 8, single: 24 };

/** The events from `from` on in batches of whole moments, as a job reads them: first one by one, then ever more at once. */
export function batchesOf(all: readonly Moment[], from: number): [from: number, below: number][] {
  const own = all.filter(({ first, rows }) => first + rows > from);
  const last = own.at(-1);
  if (!last) return [];
  if (own.length < moments.few) return unevenly(from, last.first + last.rows);
  const single = own.slice(0, moments.single).map((_, at): [number, number] => [at, at + 1]);
  return [...single, ...unevenly(single.length, own.length)].map(([at, end]) => {
    const until = own[end - 1]!;
    return [Math.max(from, own[at]!.first), until.first + until.rows];
  });
}
