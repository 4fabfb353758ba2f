/*
 * The smallest framing that carries messages over a pipe or an HTTP body: `[u32 length, little-endian][u8 kind][payload]`,
 * length counting the payload alone. What a kind means is its users' business (events.ts, warehouse/protocol.ts). A frame
 * is given whole in its own buffer, so that Arrow bytes in it are aligned and may outlive the stream's chunks.
 */

export interface Frame {
  /** 0…255 */
  kind: number;
  payload: Uint8Array;
}

const headBytes = 5;
/** No sender of ours comes near it; a length above it is noise on the line. */
const maxPayload = 1 << 30;

/** The frame's head followed by its parts, uncopied: write them in order. */
export function frameParts(kind: number, parts: Uint8Array[]): Uint8Array[] {
  const length = parts.reduce((sum, part) => sum + part.byteLength, 0);
  const head = new Uint8Array(headBytes);
  const view = new DataView(head.buffer);
  view.setUint32(0, length, true);
  view.setUint8(4, kind);
  return [head, ...parts];
}

/** One frame as one buffer. */
export function encodeFrame(kind: number, payload: Uint8Array): Uint8Array {
  return concat(frameParts(kind, [payload]));
}

export function concat(parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

/**
 * Frames out of bytes however they were cut. Throws FrameError on noise, on a frame that claims more than `limit` bytes
 * (before any are set aside for it), or when the bytes end inside a frame.
 */
export async function* decodeFrames(chunks: AsyncIterable<Uint8Array>, limit = maxPayload): AsyncGenerator<Frame> {
  const cutter = new Cutter(limit);
  for await (const chunk of chunks) yield* cutter.push(chunk);
  cutter.end();
}

export class FrameError extends Error {}

class Cutter {
  private readonly limit: number;
  private head = new Uint8Array(headBytes);
  private headFilled = 0;
  private payload: Uint8Array | null = null;
  private payloadFilled = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  *push(chunk: Uint8Array): Generator<Frame> {
    let at = 0;
    while (at < chunk.byteLength || this.isWhole()) {
      if (this.isWhole()) yield this.take();
      else if (this.payload) at += this.fillPayload(this.payload, chunk.subarray(at));
      else at += this.fillHead(chunk.subarray(at));
    }
  }

  end(): void {
    if (this.headFilled > 0) throw new FrameError('The stream ended inside a frame.');
  }

  private isWhole(): boolean {
    return this.payload !== null && this.payloadFilled === this.payload.byteLength;
  }

  private take(): Frame {
    const frame = { kind: this.head[4]!, payload: this.payload! };
    this.headFilled = 0;
    this.payload = null;
    this.payloadFilled = 0;
    return frame;
  }

  private fillHead(bytes: Uint8Array): number {
    const taken = bytes.subarray(0, headBytes - this.headFilled);
    this.head.set(taken, this.headFilled);
    this.headFilled += taken.byteLength;
    if (this.headFilled === headBytes) this.payload = new Uint8Array(this.length());
    return taken.byteLength;
  }

  private length(): number {
    const length = new DataView(this.head.buffer).getUint32(0, true);
    if (length > this.limit) throw new FrameError(`A frame of ${length} bytes is not one of ours.`);
    return length;
  }

  private fillPayload(payload: Uint8Array, bytes: Uint8Array): number {
    const taken = bytes.subarray(0, payload.byteLength - this.payloadFilled);
    payload.set(taken, this.payloadFilled);
    this.payloadFilled += taken.byteLength;
    return taken.byteLength;
  }
}
