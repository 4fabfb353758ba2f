import type { Sink } from './sink.ts';

/** Times as programs write them, `2026-11-21T10:00:00.123Z`, read byte by byte; rarer ways are left to parseIso. */
export class TimeReader {
  /** The time that was read, ms. */
  at = 0;
  /** The day that was read last, as a number of its digits, and its midnight. */
  private day = -1;
  private midnight = 0;

  /** Reads what begins at `from` and writes it as the engine does; gives where it ends, -1 when it was not read. */
  read(input: Buffer, from: number, sink: Sink): number {
    const seconds = this.seconds(input, from);
    if (seconds < 0) return -1;
    const to = sink.room(26);
    const start = sink.length;
    for (let at = 0; at < 19; at++) to[start + at] = input[from + at]!;
    to[start + 10] = 32;
    sink.length = start + 19;
    this.at = this.midnight + seconds * 1000;
    const end = this.fraction(input, from + 19, sink);
    return end >= 0 && (input[end] === 90 || input[end] === 122) ? end + 1 : end;
  }

  /** Of the day; -1 when the 19 letters are none of a day and a time from 1970 on. */
  private seconds(input: Buffer, from: number): number {
    const between = input[from + 10];
    if (input[from + 4] !== dash || input[from + 7] !== dash) return -1;
    if (
      (between !== 84 && between !== 32 && between !== 116) ||
      input[from + 13] !== colon ||
      input[from + 16] !== colon
    )
      return -1;
    const year = two(input, from) * 100 + two(input, from + 2);
    const [month, day] = [two(input, from + 5), two(input, from + 8)];
    const [hour, minute, second] = [two(input, from + 11), two(input, from + 14), two(input, from + 17)];
    if (!(year >= 1970 && month >= 1 && day >= 1 && hour >= 0 && hour <= 23)) return -1;
    if (!(minute >= 0 && minute <= 59 && second >= 0 && second <= 59 && this.turn(year, month, day))) return -1;
    return (hour * 60 + minute) * 60 + second;
  }

  private turn(year: number, month: number, day: number): boolean {
    const digits = (year * 100 + month) * 100 + day;
    if (digits === this.day) return true;
    const date = new Date(Date.UTC(year, month - 1, day));
    if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return false;
    this.day = digits;
    this.midnight = date.getTime();
    return true;
  }

  /** After the seconds: at most 9 digits, of which 6 count; none of the zeros they end with. */
  private fraction(input: Buffer, from: number, sink: Sink): number {
    if (input[from] !== point && input[from] !== comma) return from;
    const to = sink.room(7);
    let place = from + 1;
    let ms = 0;
    let kept = sink.length;
    for (let digit = input[place]! - 48; digit >= 0 && digit <= 9; digit = input[++place]! - 48) {
      const count = place - from;
      if (count <= 3) ms += digit * (count === 1 ? 100 : count === 2 ? 10 : 1);
      if (count > 6) continue;
      to[sink.length + count] = digit + 48;
      if (digit > 0) kept = sink.length + count + 1;
    }
    if (place === from + 1 || place > from + 10) return -1;
    to[sink.length] = point;
    sink.length = kept;
    this.at += ms;
    return place;
  }
}

const [dash, colon, point, comma] = [45, 58, 46, 44];

/** Less than 0 when they are no digits. */
function two(input: Buffer, at: number): number {
  const [tens, ones] = [input[at]! - 48, input[at + 1]! - 48];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -10_000;
}
