import { LiteralError } from './sql.ts';

/*
 * Times from the words DuckDB has for them to those Trino reads: a year before Christ as one below 1, a fraction with as many
 * digits as the type has.
 */

/** `0045-03-15 (BC) 00:00:00.5` → `-0044-03-15 00:00:00.500` with 3 digits; of a date, with none. */
export function trinoInstant(text: string, digits: number): string {
  if (text.endsWith('infinity')) throw new LiteralError(`A time is ${text}, which Trino does not know.`);
  const found = /^(\d+)(-\d\d-\d\d)( \(BC\))?(?: (.*))?$/.exec(text) ?? refuse(text);
  const [, year, date, isBefore, time] = found;
  const astronomical = isBefore ? `${year === '0001' ? '' : '-'}${String(Number(year) - 1).padStart(4, '0')}` : year;
  return `${astronomical}${date}${time ? ` ${trinoTime(time, digits)}` : ''}`;
}

/** `12:34:56.7` → `12:34:56.700` with 3 digits. */
export function trinoTime(text: string, digits: number): string {
  const [, clock, fraction = ''] = /^(\d\d:\d\d:\d\d)(?:\.(\d+))?$/.exec(text) ?? refuse(text);
  if (fraction.length > digits) return refuse(text);
  return digits === 0 ? clock! : `${clock}.${fraction.padEnd(digits, '0')}`;
}

/** `12:34:56.7+02` → `12:34:56.700+02:00` with 3 digits. */
export function trinoZonedTime(text: string, digits: number): string {
  const [, time, offset, minutes = ':00'] = /^([\d:.]+)([+-]\d\d)(:\d\d)?$/.exec(text) ?? refuse(text);
  return `${trinoTime(time!, digits)}${offset}${minutes}`;
}

/** `-1 year -2 months` → `-1-2` */
export function trinoMonths(text: string): string {
  const [, years = '0', months = '0'] =
    /^(?:(-?\d+) years?)? ?(?:(-?\d+) months?)?$/.exec(text.replace(/^00:00:00$/, '')) ?? refuse(text);
  const count = Number(years) * 12 + Number(months);
  const size = Math.abs(count);
  return `${count < 0 ? '-' : ''}${Math.floor(size / 12)}-${size % 12}`;
}

/** `-1 day -02:03:04.567` → `-1 02:03:04.567` */
export function trinoDays(text: string): string {
  const [, days = '0', sign = '', time = '00:00:00'] =
    /^(?:(-?\d+) days?)? ?(?:(-?)(\d\d:\d\d:\d\d(?:\.\d{1,3})?))?$/.exec(text) ?? refuse(text);
  const isNegative = days.startsWith('-') || sign === '-';
  return `${isNegative ? '-' : ''}${days.replace('-', '')} ${trinoTime(time, 3)}`;
}

export function refuse(text: string): never {
  throw new LiteralError(`Trino cannot be told the time ${text.slice(0, 80)}.`);
}
