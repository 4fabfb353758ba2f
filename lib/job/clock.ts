import { DateTime, IANAZone } from 'luxon';

/*
 * Wall clocks. A wall time is what a clock in the zone shows, kept as the milliseconds it would be in UTC, so that
 * days and hours can be counted without asking any zone. Only the two functions below cross between wall and instant.
 */
export type Wall = number;

const day = 86_400_000;

export function isZone(zone: string): boolean {
  return IANAZone.isValidZone(zone);
}

/** What the clock in the zone shows at an instant. */
export function toWall(instant: number, zone: string): Wall {
  return instant + offset(instant, zone);
}

/**
 * The first instant at which the clock in the zone shows this time; where the clock jumps over it, the instant of the
 * jump. So a repeated hour belongs to one stretch of time and a skipped one is empty.
 */
export function toInstant(wall: Wall, zone: string): number {
  const before = offset(wall - day, zone);
  const after = offset(wall + day, zone);
  const shown = [wall - before, wall - after].sort((a, b) => a - b).find((at) => toWall(at, zone) === wall);
  return shown ?? jump(wall - Math.max(before, after), wall - Math.min(before, after), wall, zone);
}

/** Reads an ISO instant, or a local date or time in the zone; null when it is neither. */
export function parseInstant(text: string, zone: string): Date | null {
  const given = DateTime.fromISO(text.trim().replace(' ', 'T'), { setZone: true, zone: 'utc' });
  if (!given.isValid || !/^\d{4}-\d\d-\d\d/.test(text.trim())) return null;
  return /(Z|[+-]\d\d(:?\d\d)?)$/i.test(text.trim().slice(10))
    ? given.toJSDate()
    : new Date(toInstant(given.toMillis(), zone));
}

/** `2026-11-18` or `2026-11-18 02:30:00`, as the clock in the zone shows it. */
export function localText(instant: Date, zone: string, as: 'date' | 'timestamp'): string {
  const text = new Date(toWall(instant.getTime(), zone)).toISOString();
  return as === 'date' ? text.slice(0, 10) : text.slice(0, 19).replace('T', ' ');
}

export function offset(instant: number, zone: string): number {
  return Math.round(IANAZone.create(zone).offset(instant) * 60_000);
}

function jump(low: number, high: number, wall: Wall, zone: string): number {
  let [before, after] = [low - 1, high];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (toWall(middle, zone) >= wall) after = middle;
    else before = middle;
  }
  return after;
}
