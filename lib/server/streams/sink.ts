/** Bytes that grow as they are written. */
export class Sink {
  length = 0;
  private buffer: Buffer;

  constructor(room: number) {
    this.buffer = Buffer.allocUnsafeSlow(Math.max(64, room));
  }

  /** What was written; what is written later is not in it. */
  get bytes(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  /** The buffer with room for so many bytes after `length`, to be written to directly. */
  room(bytes: number): Buffer {
    if (this.length + bytes > this.buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(this.buffer.length * 2, this.length + bytes));
      this.buffer.copy(larger, 0, 0, this.length);
      this.buffer = larger;
    }
    return this.buffer;
  }

  text(text: string): void {
    this.length += this.room(text.length * 3).write(text, this.length);
  }

  byte(byte: number): void {
    this.room(1)[this.length++] = byte;
  }

  copy(from: Buffer, start: number, end: number): void {
    const to = this.room(end - start);
    if (end - start > 64) from.copy(to, this.length, start, end);
    else for (let at = start, place = this.length; at < end;) to[place++] = from[at++]!;
    this.length += end - start;
  }

  /** A whole number from 0 to 2^53. */
  digits(value: number): void {
    const to = this.room(16);
    let count = 1;
    for (let next = value; next >= 10; next = Math.floor(next / 10)) count++;
    let rest = value;
    for (let at = this.length + count - 1; at >= this.length; at--) {
      const next = Math.floor(rest / 10);
      to[at] = 48 + rest - next * 10;
      rest = next;
    }
    this.length += count;
  }
}
