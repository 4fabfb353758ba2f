import { PageError, malformed } from './error.ts';

/*
 * The parts of JSON, read from its bytes. A function takes where something begins and returns where it has ended; past the
 * end of the bytes every comparison is false, so that what is cut off is an error and never a loop. Nothing here recurses.
 */

export const quote = 34;
export const comma = 44;
export const colon = 58;
export const openBracket = 91;
export const backslash = 92;
export const closeBracket = 93;
export const openBrace = 123;
export const closeBrace = 125;

const deepest = 1000;

export function skipSpace(bytes: Uint8Array, at: number): number {
  for (;;) {
    const byte = bytes[at]!;
    if (byte !== 32 && byte !== 10 && byte !== 13 && byte !== 9) return at;
    at++;
  }
}

/** Within a string, where its plain text ends: at its quote, at an escape, or at what may not be there. */
export function plainEnd(bytes: Uint8Array, at: number): number {
  for (;;) {
    const byte = bytes[at]!;
    if (!(byte > backslash || (byte !== quote && byte !== backslash && byte >= 32))) return at;
    at++;
  }
}

/** From a string's opening quote to behind its closing one. */
export function skipString(bytes: Uint8Array, from: number): number {
  for (let at = from + 1; ; at += 2) {
    at = plainEnd(bytes, at);
    const byte = bytes[at]!;
    if (byte === quote) return at + 1;
    if (byte !== backslash)
      return malformed(at < bytes.length ? 'a control character in a string' : 'a string without its end', from);
  }
}

/** Behind the value; the brackets match, what stands between them is not looked at closely. */
export function skipValue(bytes: Uint8Array, at: number): number {
  let depth = 0;
  for (;;) {
    const byte = bytes[at]!;
    if (byte === quote) at = skipString(bytes, at);
    else if (byte === openBracket || byte === openBrace) {
      if (++depth > deepest) throw new PageError('too-deep', `A value is nested more than ${deepest} deep.`, at);
      at++;
      continue;
    } else if (byte === closeBracket || byte === closeBrace) {
      depth--;
      at++;
    } else if (byte === comma || byte === colon || isSpace(byte)) at++;
    else at = skipWord(bytes, at);
    if (depth <= 0) return at;
  }
}

/** A number, true, false or null. */
function skipWord(bytes: Uint8Array, at: number): number {
  const from = at;
  while (isWordByte(bytes[at]!)) at++;
  return at > from ? at : malformed(at < bytes.length ? 'an unexpected character' : 'it ends too early', at);
}

function isWordByte(byte: number): boolean {
  return (
    (byte >= 48 && byte <= 57) ||
    (byte >= 97 && byte <= 122) ||
    byte === 43 ||
    byte === 45 ||
    byte === 46 ||
    byte === 69
  );
}

function isSpace(byte: number): boolean {
  return byte === 32 || byte === 10 || byte === 13 || byte === 9;
}

/** Behind `,` or the closing mark: which of both it was is what stands before the place returned. */
export function next(bytes: Uint8Array, at: number, close: number): number {
  const place = skipSpace(bytes, at);
  const byte = bytes[place];
  if (byte === comma || byte === close) return place + 1;
  return malformed(place < bytes.length ? 'a comma or an end is missing' : 'it ends too early', place);
}

/** What an escape of one letter stands for, by that letter; 0 for any other. */
export const shortEscapes = new Uint8Array(256);
for (const letter of '"\\/bfnrt')
  shortEscapes[letter.charCodeAt(0)] = (JSON.parse(`"\\${letter}"`) as string).charCodeAt(0);

/**
 * The text between a string's quotes [from, to) into `into` at `place`, escapes undone, in UTF-8; returns its end. There
 * must be room for `to - from` bytes: no escape is shorter than what it stands for.
 */
export function unescape(bytes: Uint8Array, from: number, to: number, into: Uint8Array, place: number): number {
  for (let at = from; at < to;) {
    const next = plainEnd(bytes, at);
    place = copy(bytes, at, next, into, place);
    if (next >= to) break;
    const mark = bytes[next + 1]!;
    if (mark === 117) {
      const point = pointAt(bytes, next, to);
      place = pushPoint(into, place, point);
      at = next + (point >= 0x10000 ? 12 : 6);
    } else {
      into[place++] = shortEscapes[mark] || malformed('an unknown escape in a string', next);
      at = next + 2;
    }
  }
  return place;
}

/** So many bytes are copied sooner than a view of them is made. */
const few = 40;

/** Copies [from, to) and returns where they end in `into`. */
export function copy(bytes: Uint8Array, from: number, to: number, into: Uint8Array, place: number): number {
  if (to - from > few) into.set(bytes.subarray(from, to), place);
  else for (let at = from; at < to; at++) into[place + at - from] = bytes[at]!;
  return place + to - from;
}

/** The character of a `\u`, or of two that are a pair. */
function pointAt(bytes: Uint8Array, at: number, to: number): number {
  const unit = hex(bytes, at + 2, to);
  const point = unit >= 0xd800 && unit < 0xdc00 ? pair(bytes, at, unit, to) : unit;
  if (point < 0xd800 || point >= 0xe000) return point;
  throw new PageError('value', 'A string holds half a character: a surrogate without its pair.', at);
}

function pair(bytes: Uint8Array, at: number, high: number, to: number): number {
  if (bytes[at + 6] !== backslash || bytes[at + 7] !== 117) return high;
  const low = hex(bytes, at + 8, to);
  return low >= 0xdc00 && low < 0xe000 ? 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00) : high;
}

function hex(bytes: Uint8Array, at: number, to: number): number {
  let unit = 0;
  for (let index = at; index < at + 4; index++) unit = unit * 16 + hexDigit(bytes, index, to);
  return unit;
}

function hexDigit(bytes: Uint8Array, at: number, to: number): number {
  const byte = at < to ? bytes[at]! : 0;
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : malformed('an escape without its four digits', at);
}

function pushPoint(into: Uint8Array, place: number, point: number): number {
  if (point < 0x80) {
    into[place++] = point;
  } else if (point < 0x800) {
    into[place++] = 0xc0 | (point >> 6);
    into[place++] = 0x80 | (point & 63);
  } else {
    if (point < 0x10000) into[place++] = 0xe0 | (point >> 12);
    else {
      into[place++] = 0xf0 | (point >> 18);
      into[place++] = 0x80 | ((point >> 12) & 63);
    }
    into[place++] = 0x80 | ((point >> 6) & 63);
    into[place++] = 0x80 | (point & 63);
  }
  return place;
}
