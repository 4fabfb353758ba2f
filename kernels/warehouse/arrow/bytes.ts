/** Bytes that grow; `take` hands them over and begins again. */
export class Bytes {
  private buffer: Uint8Array<ArrayBuffer>;
  length = 0;

  constructor(capacity = 1024) {
    this.buffer = new Uint8Array(capacity);
  }

  /** Room for `count` more bytes, to be filled by the caller. */
  grow(count: number): Uint8Array<ArrayBuffer> {
    const end = this.length + count;
    if (end > this.buffer.byteLength) this.enlarge(end);
    const room = this.buffer.subarray(this.length, end);
    this.length = end;
    return room;
  }

  push(bytes: Uint8Array): void {
    this.grow(bytes.byteLength).set(bytes);
  }

  /** Fills a place that `grow` made room for. */
  write(at: number, bytes: Uint8Array): void {
    this.buffer.set(bytes, at);
  }

  take(): Uint8Array<ArrayBuffer> {
    const taken = this.buffer.slice(0, this.length);
    this.length = 0;
    return taken;
  }

  private enlarge(needed: number): void {
    const larger = new Uint8Array(Math.max(needed, this.buffer.byteLength * 2));
    larger.set(this.buffer.subarray(0, this.length));
    this.buffer = larger;
  }
}

/** A bitmap as Arrow keeps it: bit i of byte ⌊i/8⌋, least significant first. */
export class Bits {
  private bytes = new Bytes(256);
  length = 0;
  /** How many of the bits are 0. */
  zeros = 0;

  push(bit: boolean): void {
    if (this.length % 8 === 0) this.bytes.grow(1)[0] = 0;
    if (bit) this.last()[0]! |= 1 << (this.length % 8);
    else this.zeros++;
    this.length++;
  }

  /** Bits [start, start + count) of `source`; without a source, ones. */
  pushFrom(source: Uint8Array | null, start: number, count: number): void {
    if (!source && this.length % 8 === 0) return this.pushOnes(count);
    for (let at = start; at < start + count; at++) this.push(!source || ((source[at >> 3]! >> (at & 7)) & 1) === 1);
  }

  take(): { bits: Uint8Array<ArrayBuffer>; zeros: number } {
    const taken = { bits: this.bytes.take(), zeros: this.zeros };
    this.length = 0;
    this.zeros = 0;
    return taken;
  }

  private pushOnes(count: number): void {
    const whole = count >> 3;
    this.bytes.grow(whole).fill(255);
    this.length += whole * 8;
    for (let rest = count & 7; rest > 0; rest--) this.push(true);
  }

  private last(): Uint8Array {
    const at = this.bytes.length - 1;
    this.bytes.length = at;
    return this.bytes.grow(1);
  }
}
