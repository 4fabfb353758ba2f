import { mkdtemp, rm, truncate, writeFile, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeFrame, encodeFrame, type Frame } from './frame.ts';
import { LogDamaged, OpenLog, readFrames } from './segment.ts';

let dir: string;
beforeAll(async () => void (dir = await mkdtemp(join(tmpdir(), 'lodestar-frames-'))));
afterAll(() => rm(dir, { recursive: true, force: true }));

function frameOf(first: number, lines: string[]): Frame {
  const meta = { received: 1, batches: [], dead: [], added: [], times: null };
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  return { first, rows: lines.length, meta, hashes: Buffer.alloc(16 * lines.length, first), lines: bytes };
}

const plain = (frame: Frame) => ({ ...frame, hashes: [...frame.hashes], lines: Buffer.from(frame.lines).toString() });

/** A log of three frames; gives where each ends. */
async function logOf(name: string): Promise<{ path: string; ends: number[] }> {
  const path = join(dir, name);
  const log = await OpenLog.create(path);
  const ends: number[] = [];
  for (const first of [0, 2, 4]) {
    await log.append(encodeFrame(frameOf(first, [`{"n":${first}}`, 'LSF1'])));
    ends.push(log.bytes);
  }
  await log.close();
  return { path, ends };
}

async function offsets(path: string): Promise<number[]> {
  const found: number[] = [];
  for await (const { frame } of readFrames(path)) found.push(frame.first);
  return found;
}

test('a frame comes back as it was', () =>
  fc.assert(
    fc.property(fc.nat(2 ** 40), fc.array(fc.string()), (first, lines) => {
      const frame = frameOf(first, lines);
      expect(plain(decodeFrame(encodeFrame(frame))!)).toEqual(plain(frame));
    }),
  ));

test('a frame with one bit turned is none', () =>
  fc.assert(
    fc.property(fc.nat(), fc.nat(7), (at, bit) => {
      const bytes = encodeFrame(frameOf(7, ['a', 'b']));
      bytes[at % bytes.length]! ^= 1 << bit;
      expect(decodeFrame(bytes)).toBeNull();
    }),
  ));

test('a log cut off at any byte holds the frames before the cut', async () => {
  const { path, ends } = await logOf('cut');
  for (let size = ends[2]!; size >= 0; size--) {
    await truncate(path, size);
    expect(await offsets(path)).toEqual([0, 2, 4].filter((_, at) => ends[at]! <= size));
  }
});

test('what a crash left of the last frame is cut off, and the log goes on', async () => {
  const { path, ends } = await logOf('again');
  await writeFile(path, Buffer.alloc(50, 0x4c), { flag: 'a' });
  const log = await OpenLog.reopen(path, ends[2]!);
  await log.append(encodeFrame(frameOf(6, ['x'])));
  await log.close();
  expect(await offsets(path)).toEqual([0, 2, 4, 6]);
});

test('a frame that is broken before whole ones is told, not cut off with them', async () => {
  const { path, ends } = await logOf('damaged');
  const bytes = await readFile(path);
  bytes[ends[0]! + 40]! ^= 1;
  await writeFile(path, bytes);
  await expect(offsets(path)).rejects.toThrow(LogDamaged);
});
