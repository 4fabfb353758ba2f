import { DateTime } from 'luxon';
import type { Parameters } from '#lib/sql/parameter.ts';
import { localText, toInstant, toWall, type Wall } from './clock.ts';
import type { WindowSpec, WindowUnit } from './spec.ts';

/*
 * Windows of time, cut by the clock on the wall of the job's zone. A window is half-open, `[start, end)`; windows of
 * size 1 follow each other without gap or overlap whatever the clock does, so every row with a time belongs to exactly
 * one. A day on which the clock changes has 23 or 25 hours; the hour that comes twice is one window of two hours,
 * and the hour that never comes is no window. A sliding window (size > 1) moves one unit at a time.
 * Nothing here knows what runs in a window.
 */
export interface Window {
  start: Date;
  end: Date;
}

/** The window an instant falls into; of a sliding one, the window whose last unit holds it. */
export function windowAt(spec: WindowSpec, zone: string, instant: Date): Window {
  let last = floor(toWall(instant.getTime(), zone), spec.unit);
  while (instant.getTime() >= toInstant(step(last, spec.unit, 1), zone)) last = step(last, spec.unit, 1);
  while (instant.getTime() < toInstant(last, zone)) last = step(last, spec.unit, -1);
  return windowFrom(step(last, spec.unit, 1 - spec.size), spec, zone);
}

/** The last window that was whole at an instant. */
export function lastWindowBefore(spec: WindowSpec, zone: string, instant: Date): Window {
  const open = windowAt({ ...spec, size: 1 }, zone, instant);
  return windowAt(spec, zone, new Date(open.start.getTime() - 1));
}

/** Every window that starts in `[from, to)`, in order. */
export function windowsBetween(spec: WindowSpec, zone: string, from: Date, to: Date): Window[] {
  const windows: Window[] = [];
  for (let wall = floor(toWall(from.getTime(), zone), spec.unit); ; wall = step(wall, spec.unit, 1)) {
    const window = windowFrom(wall, spec, zone);
    if (window.start >= to) return windows;
    if (window.start >= from && !isSkipped(wall, spec.unit, zone)) windows.push(window);
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
  const hours = { hour: 1, day: 24, week: 168, month: 730 }[spec.unit];
  return Math.max(0, (to.getTime() - from.getTime()) / (hours * 3_600_000));
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

/** `every day`, `the last 30 days, moving by a day`. */
export function windowWords(spec: WindowSpec): string {
  return spec.size === 1 ? `one ${spec.unit}` : `the last ${spec.size} ${spec.unit}s, moving by one ${spec.unit}`;
}

function windowFrom(wall: Wall, spec: WindowSpec, zone: string): Window {
  return { start: new Date(toInstant(wall, zone)), end: new Date(toInstant(step(wall, spec.unit, spec.size), zone)) };
}

function isSkipped(wall: Wall, unit: WindowUnit, zone: string): boolean {
  return toInstant(wall, zone) === toInstant(step(wall, unit, 1), zone);
}

function floor(wall: Wall, unit: WindowUnit): Wall {
  return utc(wall).startOf(unit).toMillis();
}

function step(wall: Wall, unit: WindowUnit, by: number): Wall {
  return utc(wall)
    .plus({ [unit]: by })
    .toMillis();
}

function utc(wall: Wall): DateTime {
  return DateTime.fromMillis(wall, { zone: 'utc' });
}
