import { describe, expect, test } from 'vitest';
import { FrameError, concat, decodeFrames, encodeFrame } from './frame.ts';
import type { Frame } from './frame.ts';

async function* cut(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
}

async function framesOf(chunks: AsyncIterable<Uint8Array>): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of decodeFrames(chunks)) frames.push(frame);
  return frames;
}

const sent: Frame[] = [
  { kind: 1, payload: new TextEncoder().encode('first') },
  { kind: 2, payload: new Uint8Array(0) },
  { kind: 255, payload: Uint8Array.from({ length: 40 }, (_, index) => index) },
];
const bytes = concat(sent.map((frame) => encodeFrame(frame.kind, frame.payload)));

describe('frames', () => {
  test('come back the same however the bytes are cut', async () => {
    for (let size = 1; size <= bytes.byteLength; size++) expect(await framesOf(cut(bytes, size))).toEqual(sent);
  });

  test('come back the same at every single cut', async () => {
    for (let at = 0; at <= bytes.byteLength; at++) {
      const halves = (async function* () {
        yield bytes.subarray(0, at);
        yield bytes.subarray(at);
      })();
      expect(await framesOf(halves)).toEqual(sent);
    }
  });

  test('an empty stream has no frame', async () => {
    expect(await framesOf(cut(new Uint8Array(0), 1))).toEqual([]);
  });

  test('a stream that ends inside a frame is an error, after the whole ones', async () => {
    const seen: Frame[] = [];
    const read = async () => {
      for await (const frame of decodeFrames(cut(bytes.subarray(0, bytes.byteLength - 1), 7))) seen.push(frame);
    };
    await expect(read()).rejects.toThrow(FrameError);
    expect(seen).toEqual(sent.slice(0, 2));
  });

  test('a frame beyond the limit of its reader is refused by its head alone', async () => {
    const head = encodeFrame(1, new Uint8Array(100)).subarray(0, 5);
    const read = async () => {
      for await (const frame of decodeFrames(cut(head, 5), 99)) expect(frame).toBeUndefined();
    };
    await expect(read()).rejects.toThrow(/100 bytes/);
  });

  test('a length beyond every frame of ours is noise', async () => {
    await expect(framesOf(cut(Uint8Array.from([255, 255, 255, 255, 1]), 5))).rejects.toThrow('not one of ours');
  });

  test('a payload has its own aligned buffer', async () => {
    for (const frame of await framesOf(cut(bytes, 3))) expect(frame.payload.byteOffset).toBe(0);
  });
});
