/** A line of a body: text, or why it is none. */
export interface Line {
  /** Without its end; of a line that is too long only the beginning. */
  text: string;
  fault?: 'too-long' | 'not-utf8';
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const loose = new TextDecoder('utf-8', { ignoreBOM: true });
const carriageReturn = 13;

/** From the bytes before a \\n; one \\r at their end is not of the line. `most`: bytes it may have. */
export function toLine(given: Uint8Array, most: number): Line {
  const bytes = given.at(-1) === carriageReturn && given.length <= most + 1 ? given.subarray(0, -1) : given;
  if (bytes.length > most) return { text: loose.decode(bytes.subarray(0, most)), fault: 'too-long' };
  try {
    return { text: strict.decode(bytes) };
  } catch {
    return { text: loose.decode(bytes), fault: 'not-utf8' };
  }
}
