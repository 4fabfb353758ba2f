import { fourDigits, strangers, twoDigits } from '#kernels/trino/arrow/source.ts';
import type { Source } from '#kernels/trino/arrow/source.ts';

/*
 * Dates and times as Trino writes them, read from bytes: `+12345-03-15 00:00:00.1`. Years are astronomical, 0 and below
 * before Christ, with a sign beyond four digits; a fraction has exactly the type's digits.
 */

const daysBefore = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
const lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Reads one after another; each returns where it has ended, −1 when it is not there. What was read is in the fields. */
export class Clock {
  /** Since 1970-01-01. */
  days = 0;
  /** Since midnight. */
  seconds = 0;
  /** In units of the last digit. */
  fraction = 0;

  date(source: Source, at: number): number {
    if (at >= source.safe) return this.anyDate(source.bytes, at);
    const { words } = source;
    const years = words.getInt32(at, true);
    const months = words.getInt32(at + 4, true);
    const year = strangers(years) === 0 ? fourDigits(years) : -1;
    const month = (months & dashes) === dashed ? twoDigits((months >> 8) & 0xffff) : -1;
    const day = twoDigits(words.getUint16(at + 8, true) | 0);
    if (year < firstKnown || year >= lastKnown || month < 1 || month > 12) return this.anyDate(source.bytes, at);
    if (day < 1 || (day > 28 && day > lengthOf(year, month))) return -1;
    this.days = knownMonths[(year - firstKnown) * 12 + month - 1]! + day;
    return at + 10;
  }

  private anyDate(bytes: Uint8Array, at: number): number {
    const isNegative = bytes[at] === 45;
    if (isNegative || bytes[at] === 43) at++;
    const first = at;
    let year = 0;
    let digit = bytes[at]! - 48;
    while (digit >= 0 && digit <= 9) {
      year = year * 10 + digit;
      digit = bytes[++at]! - 48;
    }
    if (at - first < 4 || at - first > 9 || bytes[at] !== 45 || bytes[at + 3] !== 45) return -1;
    const month = two(bytes, at + 1);
    const day = two(bytes, at + 4);
    if (isNegative) year = -year;
    if (!(month >= 1 && month <= 12 && day >= 1 && day <= lengthOf(year, month))) return -1;
    this.days = daysOf(year, month, day);
    return at + 6;
  }

  /** With `digits` ≤ 9 digits of a second. */
  time(source: Source, at: number, digits: number): number {
    const { bytes } = source;
    const hour = two(bytes, at);
    const minute = two(bytes, at + 3);
    const second = two(bytes, at + 6);
    if (!(hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60)) return -1;
    if (bytes[at + 2] !== 58 || bytes[at + 5] !== 58) return -1;
    this.seconds = hour * 3600 + minute * 60 + second;
    this.fraction = 0;
    if (digits === 0) return at + 8;
    if (bytes[at + 8] !== 46) return -1;
    return this.part(source, at + 9, digits);
  }

  private part(source: Source, at: number, digits: number): number {
    const { bytes, words } = source;
    let fraction = 0;
    const end = at + digits;
    if (at < source.safe)
      for (; at + 4 <= end; at += 4) {
        const word = words.getInt32(at, true);
        if (strangers(word) !== 0) return -1;
        fraction = (Math.imul(fraction, 10_000) + fourDigits(word)) | 0;
      }
    for (; at < end; at++) {
      const digit = bytes[at]! - 48;
      if (!(digit >= 0 && digit <= 9)) return -1;
      fraction = (Math.imul(fraction, 10) + digit) | 0;
    }
    this.fraction = fraction;
    return at;
  }
}

/** The marks around a month, in a word. */
const dashes = 0xff0000ff | 0;
const dashed = 0x2d00002d;

function two(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]! - 48;
  const ones = bytes[at + 1]! - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function lengthOf(year: number, month: number): number {
  return month === 2 && isLeap(year) ? 29 : lengths[month - 1]!;
}

/** Days of the proleptic Gregorian calendar since 1970-01-01. */
export function daysOf(year: number, month: number, day: number): number {
  const before = year - 1;
  const leaps = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  const leapDay = month > 2 && isLeap(year) ? 1 : 0;
  return before * 365 + leaps + daysBefore[month - 1]! + leapDay + day - 1 - 719_162;
}

const firstKnown = 1900;
const lastKnown = 2100;

/** The day before each month of the years people have dates in. */
const knownMonths = Int32Array.from(
  { length: (lastKnown - firstKnown) * 12 },
  (_, index) => daysOf(firstKnown + Math.floor(index / 12), (index % 12) + 1, 1) - 1,
);
