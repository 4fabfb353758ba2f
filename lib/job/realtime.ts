import type { RealTimeRequest } from './request.ts';
import type { Late, PromotionSpec, RealTime, WindowSpec } from './spec.ts';
import { windowWords } from './window.ts';

/*
 * What is asked of a real-time job, as what is signed; and what is signed, in words. The windows of streams are times in
 * UTC; a windowless job has none, and the hours of arrivals by which its runs are counted stand in their place.
 */
export type Asked =
  { ok: true; realtime: RealTime; window: WindowSpec; timeZone: string } | { ok: false; code: string; message: string };

/** What the text says of windows. */
export interface Text {
  /** window_start, window_end: those it uses. */
  windows: string[];
  windowAs: PromotionSpec['windowAs'];
}

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** Sizes of tumbling windows, s: a whole number of them makes a minute, an hour or a day. */
export const windowSizes: readonly number[] = [
  [10, 15, 20, 30],
  [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30].map((count) => count * minute),
  [1, 2, 3, 4, 6, 8, 12].map((count) => count * hour),
  [day],
].flat();

export function realtimeOf(asked: RealTimeRequest, stream: string, text: Text, timeZone: string): Asked {
  const problem = asked.kind === 'tumbling' ? tumblingProblem(asked, text) : windowlessProblem(asked, text);
  if (problem) return { ok: false, ...problem };
  const { kind, delay, late, start } = asked;
  if (kind === 'tumbling')
    return { ok: true, realtime: { stream, kind, delay, late, start }, window: windowOf(asked.seconds!), timeZone };
  const realtime: RealTime = { stream, kind, delay: 0, late: { do: 'drop' }, start };
  return { ok: true, realtime, window: { unit: 'hour', size: 1 }, timeZone: 'UTC' };
}

/** The tumbling window of so many seconds. */
export function windowOf(seconds: number): WindowSpec {
  if (seconds < minute) return { unit: 'second', size: seconds, every: seconds };
  if (seconds < hour) return { unit: 'minute', size: seconds / minute, every: seconds / minute };
  if (seconds < day) return { unit: 'hour', size: seconds / hour, every: seconds / hour };
  return { unit: 'day', size: 1, every: 1 };
}

/** `each minute, once an event is 5 s past its end; late events correct it for 10 min`. */
export function realtimeWords(realtime: RealTime, window: WindowSpec, target: string): string {
  if (realtime.kind === 'windowless') return 'each event, as it comes';
  const { delay, late } = realtime;
  const waits = delay === 0 ? 'as soon as an event is past its end' : `once an event is ${span(delay)} past its end`;
  return `each ${windowWords(window).replace(/^one /, '')}, ${waits}; late events ${lateWords(late, target)}`;
}

/** `10 s`, `1 min`, `2 h`, `1 day`; whole units, else the smaller one. */
export function span(seconds: number): string {
  if (seconds >= day && seconds % day === 0) return `${seconds / day} ${seconds === day ? 'day' : 'days'}`;
  if (seconds >= hour && seconds % hour === 0) return `${seconds / hour} h`;
  if (seconds >= minute && seconds % minute === 0) return `${seconds / minute} min`;
  return `${seconds} s`;
}

export function lateWords(late: Late, target: string): string {
  if (late.do === 'drop') return 'are left out and counted';
  if (late.do === 'keep') return `are kept in ${target}_late`;
  return `correct it for ${span(late.for)}`;
}

type Problem = { code: string; message: string } | null;

function tumblingProblem({ seconds }: RealTimeRequest, { windows, windowAs }: Text): Problem {
  if (seconds === undefined)
    return refused('no-window', 'Say how long a window is, in seconds; or ask for a windowless job.');
  if (!windowSizes.includes(seconds))
    return refused('window-size', `Windows of ${span(seconds)} do not fill a day evenly. Take one of ${sizeWords}.`);
  const missing = ['window_start', 'window_end'].filter((name) => !windows.includes(name));
  if (missing.length > 0)
    return refused(
      'no-window',
      `The query does not use ${missing.map((name) => `{{${name}}}`).join(' and ')}, so it cannot answer for one window: compare the event time with both, as in event_time >= {{window_start}} AND event_time < {{window_end}}. A query that treats each event by itself can be promoted as windowless.`,
    );
  return windowAs === 'date' ? asDates : null;
}

function windowlessProblem({ seconds, late }: RealTimeRequest, { windows }: Text): Problem {
  if (windows.length > 0)
    return refused(
      'uses-window',
      `The query uses {{${windows[0]}}}, but a windowless job has no windows: it answers for each event as it comes. Leave it out, or promote the query with tumbling windows.`,
    );
  if (seconds !== undefined)
    return refused('no-window', 'A windowless job has no window, so no size is taken. Leave out `seconds`.');
  return late.do === 'drop'
    ? null
    : refused('no-window', 'For a windowless job no event is late, so nothing can be said about late ones.');
}

const asDates: Problem = {
  code: 'window-inputs',
  message:
    'window_start and window_end are dates in this notebook, but the windows of a stream are times. Make them timestamps: SQL then compares them with the event time in UTC.',
};

const sizeWords = '10, 15, 20 or 30 s; 1, 2, 3, 4, 5, 6, 10, 12, 15, 20 or 30 min; 1, 2, 3, 4, 6, 8 or 12 h; 1 day';

function refused(code: string, message: string): { code: string; message: string } {
  return { code, message };
}
