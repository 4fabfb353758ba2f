import { access, readFile } from 'node:fs/promises';
import type { PrismaClient, Segment } from '#prisma/client/client.ts';
import { Problem } from '#lib/server/problem.ts';
import type { Folder } from './folder.ts';
import { hashBytes } from './frame.ts';
import { hold, type Taken } from './lease.ts';
import { closeSegment, columnsOf, keepDead, newSegment, toGiven } from './manifest.ts';
import { missing } from './refusal.ts';
import { OpenLog, readFrames, withinData } from './segment.ts';
import { State } from './state.ts';

interface World {
  db: PrismaClient;
  folder: Folder;
  now(): Date;
}

export interface Recovered {
  state: State;
  log: OpenLog;
  segmentId: string;
}

/** Reads what a writer must know from the manifest and the open log; a torn end is cut off. The lease was taken before. */
export async function recover(world: World, { lease, isOurs }: Taken): Promise<Recovered> {
  const { db, folder } = world;
  const { streamId } = lease;
  const stream = await db.stream.findUniqueOrThrow({ where: { id: streamId }, include: { segments: true } });
  await folder.prepare(streamId);
  const state = new State(toGiven(stream));
  await demandFiles(folder, stream.segments, isOurs);
  await recallKeys(world, state, streamId, stream.segments);
  const open = stream.segments.find((segment) => segment.state === 'open');
  const bytes = open ? await replay(world, state, open) : 0;
  await db.stream.update({ where: { id: streamId }, data: { columns: columnsOf(state) } });
  if (open && isOurs) {
    const log = await OpenLog.reopen(folder.path(streamId, open.log), bytes);
    return { state, log, segmentId: open.id };
  }
  return begin(world, state, lease, open ? { id: open.id, bytes } : null);
}

/** A new segment, and the end of the one before it, if any, where its log counts no further. */
export async function begin(
  { db, folder }: World,
  state: State,
  lease: Taken['lease'],
  before: { id: string; bytes: number } | null,
): Promise<Recovered> {
  const { streamId } = lease;
  const { id, log: name } = newSegment(state.end);
  const log = await OpenLog.create(folder.path(streamId, name));
  await db.$transaction(async (tx) => {
    await hold(tx, lease);
    if (before) await closeSegment(tx, streamId, before.id, state, before.bytes);
    await tx.segment.create({ data: { id, streamId, state: 'open', log: name, firstOffset: state.end } });
  });
  state.roll();
  return { state, log, segmentId: id };
}

async function replay({ db, folder }: World, state: State, { streamId, log }: Segment): Promise<number> {
  let bytes = 0;
  for await (const { frame, end } of readFrames(folder.path(streamId, log))) {
    if (frame.first !== state.end) throw new Error(`${log} goes on with ${frame.first} where ${state.end} was next.`);
    state.take(frame);
    bytes = end;
    await keepDead(db, streamId, frame.meta.dead, frame.meta.received);
  }
  return bytes;
}

/** The keys of closed segments that are not older than the horizon. */
async function recallKeys(
  { folder, now }: World,
  state: State,
  streamId: string,
  segments: readonly Segment[],
): Promise<void> {
  if (state.contract.key.length === 0 || state.memory.isOff) return;
  const since = now().getTime() - state.memory.horizonMs;
  const closed = segments
    .filter(({ lastReceivedAt }) => lastReceivedAt && lastReceivedAt.getTime() >= since)
    .toSorted((a, b) => Number(a.firstOffset - b.firstOffset));
  for (const segment of closed) {
    if (segment.state === 'sealed') {
      for (const { received, hashes } of readKeys(await readFile(folder.path(streamId, keysFile(segment)))))
        state.memory.add(hashes, received);
      continue;
    }
    for await (const { frame } of readFrames(folder.path(streamId, segment.log), Number(segment.logBytes)))
      state.memory.add(frame.hashes, frame.meta.received);
  }
}

/** Beside a sealed segment: the keys of its events with the time they came, a frame of its log after the other. */
export function keysFile({ file }: Pick<Segment, 'file'>): string {
  return `${file}.keys`;
}

export function writeKeys(received: number, hashes: Uint8Array): Buffer {
  const head = Buffer.alloc(12);
  head.writeDoubleLE(received);
  head.writeUInt32LE(hashes.length / hashBytes, 8);
  return Buffer.concat([head, hashes]);
}

function* readKeys(bytes: Buffer): Generator<{ received: number; hashes: Uint8Array }> {
  for (let at = 0; at + 12 <= bytes.length;) {
    const end = at + 12 + bytes.readUInt32LE(at + 8) * hashBytes;
    yield { received: bytes.readDoubleLE(at), hashes: bytes.subarray(at + 12, end) };
    at = end;
  }
}

/** A log can only be gone on with where it is. */
async function demandFiles(folder: Folder, segments: readonly Segment[], isOurs: boolean): Promise<void> {
  for (const { streamId, state, log, file } of segments) {
    const name = state === 'sealed' ? file! : log;
    const isThere = await access(folder.path(streamId, name)).then(
      () => true,
      () => false,
    );
    if (isThere) continue;
    if (isOurs) throw missing(withinData(folder.path(streamId, name)));
    const detail =
      'The log of this stream is in the DATA_DIR of another Lodestar. Send its events there, or share the folder.';
    throw new Problem(503, 'stream-elsewhere', detail, { retryAfter: 30 });
  }
}
