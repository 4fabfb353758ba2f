import { CronExpressionParser } from 'cron-parser';
import { isZone, localText, offset } from './clock.ts';
import type { CalendarUnit } from './spec.ts';

/*
 * When a job runs: a cron of five fields, read by the clock on the wall of a zone. A time the clock skips runs
 * as long after the jump as it would have been; a time that comes twice runs once when the hour is named.
 */

export interface Tick {
  at: Date;
  /** What the clock in the zone shows, `2026-11-22 02:30:00`. */
  local: string;
  /** In words, when the clock changed since the tick before; else ''. */
  change: string;
}

const defaults: Record<CalendarUnit, string> = {
  hour: '10 * * * *',
  day: '30 2 * * *',
  week: '30 3 * * 1',
  month: '30 4 1 * *',
};

/** A time a little after a window of this unit is over. */
export function defaultSchedule(unit: CalendarUnit): string {
  return defaults[unit];
}

/** Why the cron cannot be used in the zone, as one sentence; null when it can. */
export function scheduleProblem(cron: string, zone: string): string | null {
  if (!isZone(zone)) return `There is no time zone ${zone}; use a name such as Europe/Berlin.`;
  if (cron.trim().split(/\s+/).length !== 5)
    return 'A schedule has five fields: minute, hour, day of month, month, day of week.';
  try {
    nextTick(cron, zone, new Date(0));
    return null;
  } catch (error) {
    return `The schedule "${cron}" cannot be read: ${error instanceof Error ? error.message : String(error)}.`;
  }
}

/** The next time strictly after `from`. */
export function nextTick(cron: string, zone: string, from: Date): Date {
  return parse(cron, zone, from).next().toDate();
}

/** The last time at or before `at`. */
export function lastTick(cron: string, zone: string, at: Date): Date {
  return parse(cron, zone, new Date(at.getTime() + 1))
    .prev()
    .toDate();
}

/** The next `count` times after `from`, with the clock changes between them. */
export function nextTimes(cron: string, zone: string, from: Date, count: number): Tick[] {
  const times: Date[] = [];
  for (let at = from; times.length < count; times.push(at)) at = nextTick(cron, zone, at);
  return times.map((at, index) => ({
    at,
    local: localText(at, zone, 'timestamp'),
    change: clockChange(times[index - 1] ?? from, at, zone),
  }));
}

/** `every day 02:30`; the cron itself where no plain words fit. */
export function scheduleWords(cron: string): string {
  const [minute = '', hour = '', dayOfMonth, month, dayOfWeek = ''] = cron.trim().split(/\s+/);
  if (month !== '*' || !/^\d+$/.test(minute)) return cron;
  const [anyHour, anyDate, anyDay] = [hour === '*', dayOfMonth === '*', dayOfWeek === '*'];
  if (anyHour) return anyDate && anyDay ? `every hour at minute ${Number(minute)}` : cron;
  if (!/^\d+$/.test(hour)) return cron;
  const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
  if (anyDate && anyDay) return `every day ${time}`;
  if (anyDate && days[dayOfWeek]) return `every ${days[dayOfWeek]} ${time}`;
  return anyDay && /^\d+$/.test(dayOfMonth ?? '') ? `on day ${dayOfMonth} of every month ${time}` : cron;
}

const names = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const days: Record<string, string> = Object.fromEntries(names.map((name, index) => [String(index), name]));

function clockChange(before: Date, after: Date, zone: string): string {
  const minutes = (offset(after.getTime(), zone) - offset(before.getTime(), zone)) / 60_000;
  if (minutes === 0) return '';
  return `The clock in ${zone} goes ${minutes > 0 ? 'forward' : 'back'} by ${span(Math.abs(minutes))} before this run.`;
}

function span(minutes: number): string {
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}

function parse(cron: string, zone: string, from: Date) {
  return CronExpressionParser.parse(cron, { tz: zone, currentDate: from });
}
