/*
 * Instants as DuckDB writes them. Integer arithmetic from days and units: JavaScript's Date ends in the year 275760 and
 * knows no microseconds. Dates are proleptic Gregorian; the year before 1 is `0001 (BC)`.
 */

const ends = { date: 2147483647n, timestamp: 9223372036854775807n };

/** A count of days since 1970-01-01. */
export function dateText(days: bigint): string {
  if (days === ends.date) return 'infinity';
  if (days === -ends.date) return '-infinity';
  const { year, month, day } = civil(Number(days));
  return year > 0 ? dashed(year, month, day) : `${dashed(1 - year, month, day)} (BC)`;
}

/** A count of units since 1970-01-01 00:00:00, with so many units to a second. */
export function timestampText(value: bigint, perSecond: bigint): string {
  if (value === ends.timestamp) return 'infinity';
  if (value === -ends.timestamp) return '-infinity';
  const perDay = 86_400n * perSecond;
  const days = floorDivide(value, perDay);
  return `${dateText(days)} ${timeText(value - days * perDay, perSecond)}`;
}

/** A count of units since midnight: `12:34:56.5`. */
export function timeText(value: bigint, perSecond: bigint): string {
  const seconds = Number(value / perSecond);
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':');
  return clock + fractionText(value % perSecond, perSecond);
}

/** `1 year 2 months 3 days 04:05:06.5` */
export function intervalText(months: number, days: number, nanoseconds: bigint): string {
  const sign = nanoseconds < 0n ? '-' : '';
  const words = [
    counted(Math.trunc(months / 12), 'year'),
    counted(months % 12, 'month'),
    counted(days, 'day'),
    nanoseconds ? sign + timeText(sign ? -nanoseconds : nanoseconds, 1_000_000_000n) : '',
  ];
  return words.filter(Boolean).join(' ') || '00:00:00';
}

function counted(count: number, unit: string): string {
  if (count === 0) return '';
  return `${count} ${unit}${Math.abs(count) === 1 ? '' : 's'}`;
}

function fractionText(rest: bigint, perSecond: bigint): string {
  if (rest === 0n) return '';
  const digits = String(perSecond).length - 1;
  return `.${String(rest).padStart(digits, '0').replace(/0+$/, '')}`;
}

/** Howard Hinnant's civil_from_days, https://howardhinnant.github.io/date_algorithms.html */
function civil(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const ofEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * ofYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return { year, month, day: ofYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1 };
}

function dashed(year: number, month: number, day: number): string {
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}
