import { DateTime } from 'luxon';
import type { Parameters } from '#lib/sql/parameter.ts';
import { localText, offset, toInstant, toWall, type Wall } from './clock.ts';
import type { WindowSpec, WindowUnit } from './spec.ts';

/*
 * Windows of time, cut by the clock on the wall of the job's zone. A window is half-open, `[start, end)`; windows of
 * size 1 follow each other without gap or overlap whatever the clock does, so every row with a time belongs to exactly
 * one. A day on which the clock changes has 23 or 25 hours; the hour that comes twice is one window of two hours,
 * and the hour that never comes is no window. Windows of seconds and minutes are cut by the time that passes: an hour that
 * comes twice has each of its minutes twice. A sliding window (size > every) moves `every` units at a time; windows that move
 * by several units are counted from midnight. Nothing here knows what runs in a window.
 */
export interface Window {
  start: Date;
  end: Date;
}

/** The window an instant falls into; of a sliding one, the window whose last unit holds it. */
export function windowAt(spec: WindowSpec, zone: string, instant: Date): Window {
  if (isPassing(spec)) return passingAt(spec, zone, instant.getTime());
  const by = everyOf(spec);
  let last = floor(toWall(instant.getTime(), zone), spec);
  while (instant.getTime() >= toInstant(step(last, spec.unit, by), zone)) last = step(last, spec.unit, by);
  while (instant.getTime() < toInstant(last, zone)) last = step(last, spec.unit, -by);
  return windowFrom(step(last, spec.unit, by - spec.size), spec, zone);
}

/** The last window that was whole at an instant. */
export function lastWindowBefore(spec: WindowSpec, zone: string, instant: Date): Window {
  const open = windowAt({ ...spec, size: everyOf(spec) }, zone, instant);
  return windowAt(spec, zone, new Date(open.start.getTime() - 1));
}

/** Every window that starts in `[from, to)`, in order. */
export function windowsBetween(spec: WindowSpec, zone: string, from: Date, to: Date): Window[] {
  return isPassing(spec) ? passingBetween(spec, zone, from, to) : wallWindowsBetween(spec, zone, from, to);
}

function wallWindowsBetween(spec: WindowSpec, zone: string, from: Date, to: Date): Window[] {
  const windows: Window[] = [];
  for (let wall = floor(toWall(from.getTime(), zone), spec); ; wall = step(wall, spec.unit, everyOf(spec))) {
    const window = windowFrom(wall, spec, zone);
    if (window.start >= to) return windows;
    if (window.start >= from && !isSkipped(wall, spec, zone)) windows.push(window);
  }
}

/** Every window that ends in `(after, through]`, in order: what became whole in that time. */
export function windowsEnding(spec: WindowSpec, zone: string, after: Date, through: Date): Window[] {
  const windows: Window[] = [];
  let next = windowAt(spec, zone, after);
  for (; next.end <= through; next = windowAt(spec, zone, next.end)) windows.push(next);
  return windows;
}

/** About how many windows start in `[from, to)`, without making them: to refuse what nobody can mean. */
export function roughCount(spec: WindowSpec, from: Date, to: Date): number {
  return Math.max(0, (to.getTime() - from.getTime()) / (roughMs[spec.unit] * everyOf(spec)));
}

/** The window that starts at this very instant, or null when none does. */
export function aligned(spec: WindowSpec, zone: string, start: Date): Window | null {
  return windowsBetween(spec, zone, start, new Date(start.getTime() + 1))[0] ?? null;
}

/** `window_start` and `window_end` as the job's queries see them. */
export function windowParameters(window: Window, zone: string, as: 'date' | 'timestamp'): Parameters {
  return {
    window_start: { type: as, value: localText(window.start, zone, as) },
    window_end: { type: as, value: localText(window.end, zone, as) },
  };
}

/** `one day`, `5 minutes`, `the last 30 days, moving by one day`. */
export function windowWords(spec: WindowSpec): string {
  const every = everyOf(spec);
  if (spec.size === every) return unitsOf(spec.size, spec.unit);
  return `the last ${unitsOf(spec.size, spec.unit)}, moving by ${unitsOf(every, spec.unit)}`;
}

function unitsOf(count: number, unit: WindowUnit): string {
  return count === 1 ? `one ${unit}` : `${count} ${unit}s`;
}

/** About how long a unit is, ms. */
const roughMs: Record<WindowUnit, number> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
  month: 730 * 3_600_000,
};

function everyOf(spec: WindowSpec): number {
  return spec.every ?? 1;
}

/** Cut by the time that passes, not by the clock on the wall. */
function isPassing({ unit }: WindowSpec): boolean {
  return unit === 'second' || unit === 'minute';
}

/** Counted from the zone's midnight, which matters where its offset is no multiple of the step. */
function passingAt(spec: WindowSpec, zone: string, instant: number): Window {
  const by = roughMs[spec.unit] * everyOf(spec);
  const away = offset(instant, zone);
  const end = Math.floor((instant + away) / by) * by - away + by;
  return { start: new Date(end - roughMs[spec.unit] * spec.size), end: new Date(end) };
}

function passingBetween(spec: WindowSpec, zone: string, from: Date, to: Date): Window[] {
  const by = roughMs[spec.unit] * everyOf(spec);
  const length = roughMs[spec.unit] * spec.size;
  const first = passingAt({ ...spec, size: everyOf(spec) }, zone, from.getTime()).start.getTime();
  const windows: Window[] = [];
  for (let start = first < from.getTime() ? first + by : first; start < to.getTime(); start += by)
    windows.push({ start: new Date(start), end: new Date(start + length) });
  return windows;
}

function windowFrom(wall: Wall, spec: WindowSpec, zone: string): Window {
  return { start: new Date(toInstant(wall, zone)), end: new Date(toInstant(step(wall, spec.unit, spec.size), zone)) };
}

function isSkipped(wall: Wall, spec: WindowSpec, zone: string): boolean {
  return toInstant(wall, zone) === toInstant(step(wall, spec.unit, everyOf(spec)), zone);
}

function floor(wall: Wall, spec: WindowSpec): Wall {
  const start = utc(wall).startOf(spec.unit).toMillis();
  if (everyOf(spec) === 1 || spec.unit !== 'hour') return start;
  const midnight = utc(wall).startOf('day').toMillis();
  const by = everyOf(spec) * roughMs.hour;
  return midnight + Math.floor((start - midnight) / by) * by;
}

function step(wall: Wall, unit: WindowUnit, by: number): Wall {
  return utc(wall)
    .plus({ [unit]: by })
    .toMillis();
}

function utc(wall: Wall): DateTime {
  return DateTime.fromMillis(wall, { zone: 'utc' });
}
