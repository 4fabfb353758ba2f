/*
 * Times as people's programs write them: ISO text with or without a zone, or a count since 1970. All become instants in
 * UTC, to the microsecond, written as the engine writes a TIMESTAMP.
 */
export interface Instant {
  /** Milliseconds since 1970, the rest of a millisecond cut off. */
  ms: number;
  /** `2026-11-21 10:00:00.123456` in UTC. */
  text: string;
}

const iso =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?: ?([Zz]|[+-]\d\d(?::?\d\d)?))?)?$/;

/** ISO text; without a zone it is taken for UTC, a date for its midnight. Null when it is none, or no day there is. */
export function parseIso(text: string): Instant | null {
  const found = iso.exec(text);
  if (!found) return null;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map((part) => Number(part ?? 0)) as Six;
  if (year === 0 || hour > 23 || minute > 59 || second > 59) return null;
  const at = utc(year, month, day);
  if (at === null) return null;
  const offset = offsetOf(found[8]);
  if (offset === null) return null;
  const whole = at + ((hour * 60 + minute - offset) * 60 + second) * 1000;
  return toInstant(whole, (found[7] ?? '').slice(0, 6));
}

type Six = [number, number, number, number, number, number];

/** Midnight of a day, or null where the calendar has no such day. */
function utc(year: number, month: number, day: number): number | null {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() : null;
}

/** Minutes east of Greenwich. */
function offsetOf(zone: string | undefined): number | null {
  if (!zone || zone === 'Z' || zone === 'z') return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(3).replace(':', '') || 0)];
  if (hours > 18 || minutes > 59) return null;
  return (zone[0] === '-' ? -1 : 1) * (hours * 60 + minutes);
}

/** `YYYY-MM-DD`, if the calendar has that day. */
export function isDate(text: string): boolean {
  const found = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  return found !== null && found[1] !== '0000' && utc(Number(found[1]), Number(found[2]), Number(found[3])) !== null;
}

/**
 * A count since 1970 in seconds, milliseconds, microseconds or nanoseconds, told apart by its size: each unit covers the
 * years 1973 to 5138 in the range that is its own; smaller counts are seconds.
 */
export function parseCount(count: number): Instant | null {
  if (!Number.isFinite(count)) return null;
  const size = Math.abs(count);
  if (size < 1e11) return fromMicros(count * 1e6);
  if (size < 1e14) return fromMicros(count * 1e3);
  if (size < 1e17) return fromMicros(count);
  return fromMicros(count / 1e3);
}

const furthest = 253_402_300_799_999;

/** Up to 2255 a number holds microseconds exactly. */
function fromMicros(micros: number): Instant | null {
  const rounded = Math.round(micros);
  const ms = Math.floor(rounded / 1e6) * 1000;
  if (ms > furthest || ms < -62_135_596_800_000) return null;
  return toInstant(ms, String(rounded - ms * 1000).padStart(6, '0'));
}

/** From whole seconds, in ms, and the digits after the point. */
function toInstant(whole: number, fraction: string): Instant | null {
  const [date] = new Date(whole).toISOString().split('.');
  // A zone may carry the first and last hours of the calendar out of it.
  if (!/^\d{4}-/.test(date!) || date!.startsWith('0000')) return null;
  const digits = fraction.replace(/0+$/, '');
  return {
    ms: whole + Number(fraction.padEnd(3, '0').slice(0, 3)),
    text: date!.replace('T', ' ') + (digits && `.${digits}`),
  };
}

/** An instant in ms as the engine writes it. */
export function timestampText(ms: number): string {
  return new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.?0*Z$/, '');
}

const earliest = Date.UTC(1970, 0, 1);

/**
 * When an event says it happened. What cannot be is a sentence that says so: nulls, nonsense, before 1970, or further
 * ahead of `now` than `ahead` ms, which only a wrong clock says.
 */
export function eventTimeOf(value: unknown, now: number, ahead: number): Instant | string {
  if (value === null || value === undefined) return 'is missing';
  const instant = typeof value === 'string' ? parseIso(value) : typeof value === 'number' ? parseCount(value) : null;
  if (!instant) return `is ${shown(value)}, which is no time: ISO text or a count since 1970 is`;
  if (instant.ms < earliest) return `is ${instant.text}, before 1970`;
  if (instant.ms > now + ahead)
    return `is ${instant.text}, more than ${Math.round(ahead / 1000)} s ahead of the time it came (${timestampText(now)})`;
  return instant;
}

/** A value in a sentence; what is nested is only named. */
export function shown(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object';
  if (typeof value !== 'string') return String(value);
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value);
}
