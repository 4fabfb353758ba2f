import { span } from '#lib/job/realtime.ts';
import type { Late, RealTime } from '#lib/job/spec.ts';
import type { JobView, LiveView } from '#lib/job/view.ts';
import type { MarkState } from '#components/parts/mark.tsx';
import { axisText } from '#components/parts/axis.ts';
import { clock, count, day, took, whole } from '#components/parts/words.ts';

/** How a real-time job stands in its stream, as people say it. */

/** How long something has waited: `0.8 s`, `41 s`, `3.5 min`, `2 h 10 min`. */
export function waitWords(seconds: number): string {
  if (seconds >= 3600) return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
  const { value, unit } = took(seconds * 1000);
  return seconds < 99.95 ? `${Number(seconds.toFixed(seconds < 10 ? 1 : 0))} s` : `${value} ${unit}`;
}

/** Events or rows a second: `412`, `0.4`. */
export function rateText(rate: number): string {
  return rate >= 10 || rate === 0 ? axisText(Math.round(rate)) : String(Number(rate.toFixed(1)));
}

/** What the one line needs to know. */
export interface Standing {
  state: JobView['state'];
  live: Pick<LiveView, 'position' | 'end' | 'lag' | 'rateIn' | 'node' | 'trouble'> | null;
}

/** The head's one line: live, paused, draining, or why it does not go on. */
export function liveWords({ state, live }: Standing): { mark: MarkState; says: string } {
  if (!live) return { mark: 'idle', says: 'not begun' };
  if (live.trouble && !live.node) return { mark: 'failed', says: 'stopped: it needs someone' };
  if (live.trouble) return { mark: 'warned', says: `held up, it tries again; ${waitingWords(live)}` };
  if (state === 'paused') return { mark: 'idle', says: `paused; ${waitingWords(live)}` };
  if (state === 'draining') return { mark: 'running', says: 'draining: it answers what has come, then pauses' };
  if (!live.node) return { mark: 'queued', says: 'waits for a server to take it up' };
  if (live.rateIn === 0 && live.position >= live.end)
    return { mark: 'running', says: 'live: no event for a minute, everything is answered' };
  return { mark: 'running', says: `live: ${rateText(live.rateIn)} events a second, ${waitWords(live.lag)} behind` };
}

/** `331 events wait`, `nothing waits`. */
export function waitingWords({ position, end }: Pick<LiveView, 'position' | 'end'>): string {
  const waiting = Math.max(0, end - position);
  return waiting === 0 ? 'nothing waits' : `${count(waiting, 'event')} ${waiting === 1 ? 'waits' : 'wait'}`;
}

/** How far the watermark is behind the clock: `6 s behind the clock`. */
export function behindClock(watermark: string, now: string): string {
  const seconds = (Date.parse(now) - Date.parse(watermark)) / 1000;
  return seconds < 1 ? 'at the clock' : `${waitWords(Math.round(seconds))} behind the clock`;
}

/** What happens to events that come after their window was answered: `then corrects for 10 min`. */
export function lateWords(late: Late, target: string): string {
  switch (late.do) {
    case 'drop':
      return 'then left out and counted';
    case 'keep':
      return `then kept in ${target}_late`;
    case 'correct':
      return `then corrects for ${span(late.for)}`;
  }
}

/** The same as a sentence, under the windows. */
export function lateSentence(late: Late, target: string): string {
  switch (late.do) {
    case 'drop':
      return 'Events that come after their window was published are left out of it, and counted.';
    case 'keep':
      return `Events that come after their window was published are left out of it, counted, and kept in ${target}_late.`;
    case 'correct':
      return `Late events correct a window for ${span(late.for)} after its end; later ones are left out, and counted.`;
  }
}

/** `from its approval on`, `from the beginning of the stream`, `from Mon 19 Oct 14:00`. */
export function startWords(start: RealTime['start'], zone: string): string {
  if (start === 'now') return 'its approval';
  return start === 'beginning' ? 'the beginning of the stream' : `${day(start, zone)} ${clock(start, zone)}`;
}

/** `as events come`, `each 5 minutes`. */
export function kindWords({ kind }: RealTime, window: string): string {
  return kind === 'windowless' ? 'each event as it comes' : `one answer for ${window}`;
}

/** `412 events in and 6.9 rows out a second`, for those who do not see the chart. */
export function rateLabel({ rateIn, rateOut }: LiveView): string {
  return `Events in and rows out a second over the last hour; now ${rateText(rateIn)} in and ${rateText(rateOut)} out`;
}

/** What to do about a job that does not go on; '' where its message says it. */
export function troubleAdvice(code: string): string {
  if (code === 'void') return '';
  if (code === 'forbidden') return 'Someone who has it must promote the query again and have it approved.';
  return 'It is tried again by itself where that can help; what waits is kept, and nothing is counted twice.';
}

/** `3 late now`, of the last minute. */
export function lateClause(live: LiveView): string {
  return `${whole(live.minutes.at(-1)?.late ?? 0)} last minute, ${whole(live.late)} in all`;
}
