import { parseExact } from '#lib/stream/json.ts';
import { toLine, type Line } from '#lib/stream/lines.ts';
import type { Item } from './judge.ts';

/** Bytes a line may have. */
export const mostLine = 2 ** 20;

const newline = 10;
const carriageReturn = 13;

/** The event of the line that begins at `from`, null of an empty line; and where the next one begins. */
export function itemAt(text: Buffer, from: number): { item: Item | null; next: number } {
  const end = endOfLine(text, from);
  const line = toLine(text.subarray(from, end), mostLine);
  if (from === 0) line.text = line.text.replace(/^\uFEFF/, '');
  return { item: line.fault || line.text.trim() !== '' ? toItem(line) : null, next: end + 1 };
}

export function itemsIn(text: Buffer): Item[] {
  const items: Item[] = [];
  for (let at = 0; at < text.length;) {
    const { item, next } = itemAt(text, at);
    if (item) items.push(item);
    at = next;
  }
  return items;
}

/** Whether there are more lines than `most` that are not empty. */
export function hasMoreLines(text: Buffer, most: number): boolean {
  let count = 0;
  for (let at = 0; count <= most && at < text.length;) {
    if ((text.length - at) / 2 + count < most) return false; // A line has two bytes at least.
    const end = endOfLine(text, at);
    if (end > at + 1 || (end > at && text[at] !== carriageReturn)) count++;
    at = end + 1;
  }
  return count > most;
}

function endOfLine(text: Buffer, from: number): number {
  const found = text.indexOf(newline, from);
  return found < 0 ? text.length : found;
}

const faults: Record<NonNullable<Line['fault']>, string> = {
  'too-long': `The line is longer than ${mostLine} bytes.`,
  'not-utf8': 'The line is not UTF-8.',
};

function toItem({ text, fault }: Line): Item {
  if (fault) return { fault: faults[fault], raw: text };
  try {
    return { event: parseExact(text), raw: text };
  } catch (error) {
    return { fault: `The line is no JSON: ${(error as Error).message}.`, raw: text };
  }
}
