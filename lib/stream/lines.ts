/*
 * A body as lines, whatever pieces it comes in. A line ends with \n or \r\n; empty ones are none. A line that is too long
 * or not UTF-8 is given with its fault, and those after it are read on.
 */
export interface Line {
  /** Without its end; of a line that is too long only the beginning. */
  text: string;
  fault?: 'too-long' | 'not-utf8';
}

const newline = 10;

export class Lines {
  private most: number;
  private pending: Uint8Array[] = [];
  private pendingBytes = 0;
  private isFirst = true;

  /** `most`: bytes a line may have. */
  constructor(most: number) {
    this.most = most;
  }

  /** The lines that end in this piece. */
  *push(piece: Uint8Array): Generator<Line> {
    let from = 0;
    for (let at = piece.indexOf(newline); at >= 0; at = piece.indexOf(newline, from)) {
      yield* this.end(piece.subarray(from, at));
      from = at + 1;
    }
    this.keep(piece.subarray(from));
  }

  /** The last line, which need not be ended. */
  *finish(): Generator<Line> {
    yield* this.end(new Uint8Array());
  }

  private keep(part: Uint8Array): void {
    const room = Math.max(0, this.most + 1 - this.pendingBytes);
    // Copied, as who gives the piece may use its memory again.
    if (room > 0 && part.length > 0) this.pending.push(part.slice(0, room));
    this.pendingBytes += part.length;
  }

  private *end(part: Uint8Array): Generator<Line> {
    const bytes = this.joined(part);
    const line = toLine(bytes, this.most);
    if (this.isFirst) line.text = line.text.replace(/^\uFEFF/, '');
    this.isFirst = false;
    if (line.fault || line.text.trim() !== '') yield line;
  }

  private joined(part: Uint8Array): Uint8Array {
    if (this.pendingBytes === 0) return part;
    this.keep(part);
    const bytes = new Uint8Array(this.pending.reduce((sum, each) => sum + each.length, 0));
    let at = 0;
    for (const each of this.pending) {
      bytes.set(each, at);
      at += each.length;
    }
    this.pending = [];
    this.pendingBytes = 0;
    return bytes;
  }
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const loose = new TextDecoder('utf-8', { ignoreBOM: true });
const carriageReturn = 13;

function toLine(given: Uint8Array, most: number): Line {
  const bytes = given.at(-1) === carriageReturn && given.length <= most + 1 ? given.subarray(0, -1) : given;
  if (bytes.length > most) return { text: loose.decode(bytes.subarray(0, most)), fault: 'too-long' };
  try {
    return { text: strict.decode(bytes) };
  } catch {
    return { text: loose.decode(bytes), fault: 'not-utf8' };
  }
}
