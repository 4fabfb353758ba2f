import type { Columns, Contract } from '#lib/stream/schema.ts';
import type { ColumnType } from '#lib/stream/spec.ts';
import { parseCount } from '#lib/stream/time.ts';
import type { Sink } from './sink.ts';
import { TimeReader } from './time-reader.ts';

/*
 * The usual event, read byte by byte: judged and written as a row in one pass, without making an object of it. It takes
 * only what `check` (lib/stream/schema.ts) would take, with the same time and key and a row of the same values; everything
 * else it declines (what breaks the contract, new or nested columns, numbers of many digits, rarer ways to write), and
 * `check` decides.
 */
export class Scanner {
  /** The time of the event that was taken, ms. */
  at = 0;
  private columns: Column[];
  private keys: Column[];
  private time: Column;
  private times: TimeReader;
  /** Where reading is. */
  private place = 0;
  /** As far as the input was copied. */
  private copied = 0;
  /** The number of this event, by which a column knows whether it has been in it. */
  private turn = 0;
  /** The column that may be next. */
  private next: Column | null = null;

  constructor(columns: Columns, { eventTime, key }: Contract) {
    const all = new Map(columns).set(eventTime, 'TIMESTAMP');
    this.columns = [...all].map(([name, type]) => new Column(name, name === eventTime ? 'time' : type));
    this.time = this.columns.find(({ type }) => type === 'time')!;
    this.keys = key.flatMap((name) => this.columns.filter((column) => column.name === name));
    for (const column of this.keys) column.isKey = true;
    this.times = new TimeReader();
  }

  /**
   * Reads the line that begins at `from` and writes its fields after what is in `sink`, with the closing brace. The input must
   * be UTF-8. Gives where the line after it begins; -1 when it declines, and then nothing was written. `latest`: the latest
   * time an event may have, ms.
   */
  scan(input: Buffer, from: number, sink: Sink, latest: number): number {
    const { length } = sink;
    this.turn++;
    this.place = from;
    const end = this.line(input, sink, latest);
    if (end < 0) sink.length = length;
    return end;
  }

  /** What names the event that was taken, as `check` gives it. */
  key(input: Buffer, sink: Sink): string | null {
    if (this.keys.length === 0) return null;
    let text = '';
    for (const [index, column] of this.keys.entries()) {
      const source = column.isInSink ? sink.room(0) : input;
      if (index > 0) text += '\n';
      text += source.toString('utf8', column.start, column.end);
    }
    return text;
  }

  private line(input: Buffer, sink: Sink, latest: number): number {
    if (input[this.place] !== brace) return -1;
    this.copied = ++this.place;
    for (let sign = comma; sign === comma; this.place++) {
      const column = this.name(input);
      if (!column || column.turn === this.turn) return -1;
      column.turn = this.turn;
      if (!this.value(input, column, sink)) return -1;
      this.blank(input);
      sign = input[this.place]!;
      if (sign !== comma && sign !== closing) return -1;
    }
    for (const { turn } of this.keys) if (turn !== this.turn) return -1;
    if (this.time.turn !== this.turn || this.at > latest) return -1;
    sink.copy(input, this.copied, this.place);
    return this.endOfLine(input);
  }

  private endOfLine(input: Buffer): number {
    this.blank(input);
    if (this.place >= input.length) return input.length;
    return input[this.place] === newline ? this.place + 1 : -1;
  }

  /** The column that is named, and reading before its value; null when there is none such. */
  private name(input: Buffer): Column | null {
    this.blank(input);
    if (input[this.place] !== quote) return null;
    const from = this.place + 1;
    const guess = this.next;
    const column = guess?.isAt(input, from) ? guess : this.find(input, from);
    if (!column) return null;
    if (this.last) this.last.follower = column;
    this.place = from + column.bytes.length + 1;
    this.blank(input);
    if (input[this.place++] !== colon) return null;
    this.blank(input);
    this.last = column;
    this.next = column.follower;
    return column;
  }

  /** The column read before. */
  private last: Column | null = null;

  private find(input: Buffer, from: number): Column | null {
    for (const column of this.columns) if (column.isAt(input, from)) return column;
    return null;
  }

  private blank(input: Buffer): void {
    for (let byte = input[this.place]; byte === 32 || byte === 9 || byte === 13; byte = input[this.place]) this.place++;
  }

  private value(input: Buffer, column: Column, sink: Sink): boolean {
    const byte = input[this.place]!;
    if (byte === small.n)
      return !column.isKey && column.type !== 'time' && column.type !== 'JSON' && this.word(input, 'null');
    column.isInSink = false;
    column.start = this.place;
    if (!this.typed(input, byte, column, sink)) return false;
    if (!column.isInSink) column.end = this.place;
    return true;
  }

  private typed(input: Buffer, byte: number, column: Column, sink: Sink): boolean {
    switch (column.type) {
      case 'VARCHAR':
        return byte === quote && this.string(input, column.isKey);
      case 'BIGINT':
        return this.number(input, byte, 18, false);
      case 'DOUBLE':
        return !column.isKey && this.number(input, byte, 15, true);
      case 'time':
        return byte === quote ? this.timestamp(input, column, sink, 0) : this.count(input, byte, column, sink);
      case 'TIMESTAMP':
        return byte === quote && this.timestamp(input, column, sink, 1);
      case 'BOOLEAN':
        return byte === small.t ? this.word(input, 'true') : this.word(input, 'false');
      default:
        return false;
    }
  }

  private word(input: Buffer, word: string): boolean {
    for (let at = 0; at < word.length; at++) if (input[this.place++] !== word.charCodeAt(at)) return false;
    return true;
  }

  private string(input: Buffer, isKey: boolean): boolean {
    let place = this.place + 1;
    for (let byte = input[place]!; byte !== quote; byte = input[++place]!) {
      if (!(byte >= 32)) return false;
      // In a key every way to write a letter must be the same.
      if (byte === backslash && (isKey || !isPlainEscape(input[++place]!))) return false;
    }
    this.place = place + 1;
    return true;
  }

  /** One of few enough digits for every reader to read it alike. */
  private number(input: Buffer, first: number, most: number, mayHavePoint: boolean): boolean {
    let place = first === minus ? this.place + 1 : this.place;
    const from = place;
    let others = 0; // digits that are not 0
    for (; isDigit(input[place]!); place++) if (input[place] !== zero) others++;
    const whole = place - from;
    if (whole === 0 || (whole > 1 && input[from] === zero)) return false;
    if (mayHavePoint && input[place] === point) {
      const after = ++place;
      for (; isDigit(input[place]!); place++) if (input[place] !== zero) others++;
      if (place === after) return false;
    }
    const digits = place - from - (place - from > whole ? 1 : 0);
    if (digits > most || (first === minus && others === 0)) return false;
    this.place = place;
    return true;
  }

  /** A time as text; `quotes`: how many of it belong to the key. */
  private timestamp(input: Buffer, column: Column, sink: Sink, quotes: 0 | 1): boolean {
    sink.copy(input, this.copied, this.place + 1);
    const from = sink.length;
    const end = this.times.read(input, this.place + 1, sink);
    if (end < 0 || input[end] !== quote) return false;
    if (column.type === 'time') this.at = this.times.at;
    this.copied = end;
    this.place = end + 1;
    if (quotes === 1 && column.isKey) sink.copy(input, this.copied++, end + 1);
    column.isInSink = true;
    column.start = from - quotes;
    column.end = sink.length;
    return true;
  }

  /** A time as a count since 1970. */
  private count(input: Buffer, first: number, column: Column, sink: Sink): boolean {
    const from = this.place;
    if (first === minus || !this.number(input, first, 18, false)) return false;
    const instant = parseCount(Number(input.toString('latin1', from, this.place)));
    if (!instant) return false;
    sink.copy(input, this.copied, from);
    sink.text(`"${instant.text}"`);
    this.at = instant.ms;
    this.copied = this.place;
    column.isInSink = true;
    column.start = sink.length - instant.text.length - 1;
    column.end = sink.length - 1;
    return true;
  }
}

class Column {
  readonly name: string;
  readonly type: ColumnType | 'time';
  /** Its name as it is written between quotes. */
  readonly bytes: Buffer;
  isKey = false;
  /** In the last event: its turn, and where the value is that counts for the key. */
  turn = 0;
  start = 0;
  end = 0;
  isInSink = false;
  /** The column that came after it the last time. */
  follower: Column | null = null;

  constructor(name: string, type: ColumnType | 'time') {
    this.name = name;
    this.type = type;
    this.bytes = Buffer.from(JSON.stringify(name).slice(1, -1));
  }

  /** Whether it is named at `from`, with the quote after it. */
  isAt(input: Buffer, from: number): boolean {
    const { bytes } = this;
    for (let at = 0; at < bytes.length; at++) if (input[from + at] !== bytes[at]) return false;
    return input[from + bytes.length] === quote;
  }
}

const [newline, quote, comma, minus, point, zero, colon, backslash, brace, closing] = [...'\n",-.0:\\{}'].map((sign) =>
  sign.charCodeAt(0),
) as [number, number, number, number, number, number, number, number, number, number];
const small = { n: 110, t: 116 };

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

const escapes = new Set([...'"\\/bfnrt'].map((sign) => sign.charCodeAt(0)));

function isPlainEscape(byte: number): boolean {
  return escapes.has(byte);
}
