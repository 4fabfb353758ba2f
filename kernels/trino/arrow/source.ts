/*
 * The bytes of a page, also by four: a word is four bytes, the first of them the least. A question about each of a word's
 * bytes is answered by its highest bits, of which the lowest one that is set is right; what lies above it may be wrong.
 */

export class Source {
  readonly bytes: Uint8Array;
  readonly words: DataView;
  /** From below it 64 bytes can be read as words. */
  readonly safe: number;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.safe = bytes.length - 64;
  }
}

const highest = 0x80808080 | 0;

/** Marks what ends a string's plain text: its quote, an escape, a control character. */
export function specials(word: number): number {
  return (((word ^ 0x02020202) - 0x21212121) | ((word ^ 0x5c5c5c5c) - 0x01010101)) & ~word & highest;
}

/** Marks what is no digit. */
export function strangers(word: number): number {
  return ((word + 0x46464646) | (word - 0x30303030) | word) & highest;
}

/** The number that the four digits of a word are. */
export function fourDigits(word: number): number {
  const digits = word - 0x30303030;
  const pairs = Math.imul(digits, 10) + (digits >>> 8);
  return (pairs & 255) * 100 + ((pairs >>> 16) & 255);
}

/** How many bytes lie before the first one marked. */
export function before(marks: number): number {
  return (31 - Math.clz32(marks & -marks)) >> 3;
}

/** Two digits as the lower half of a word, the upper one being zero; −1 where they are none. */
export function twoDigits(half: number): number {
  const isGood = (half & 0xf0f0) === 0x3030 && ((half + 0x0606) & 0xf0f0) === 0x3030;
  return isGood ? (half & 15) * 10 + ((half >> 8) & 15) : -1;
}

/** Marks what is no hexadecimal digit in lower case. */
export function nonHex(word: number): number {
  const digits = (word + 0x50505050) & ~(word + 0x46464646);
  const letters = (word + 0x1f1f1f1f) & ~(word + 0x19191919);
  return (~(digits | letters) | word) & highest;
}
