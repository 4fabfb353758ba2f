import type { Logger } from 'pino';
import type { Limits } from './limits.ts';
import type { Log } from './log.ts';
import type { Room } from './room.ts';

/** Turns a room's log into a snapshot when it has grown long. Resolves when nothing of it is under way. */
export interface Compaction {
  consider(room: Room): void;
  /** For a room that closes: the next who opens it need not replay. */
  finish(room: Room): Promise<void>;
}

/** A log of a few rows is as fast to read as a snapshot. */
const worthIt = 20;

export function createCompaction(parts: { store: Log; log: Logger; limits: Limits }): Compaction {
  const running = new Map<Room, Promise<void>>();

  function consider(room: Room): void {
    if (isLong(room, parts.limits)) start(room);
  }

  async function finish(room: Room): Promise<void> {
    if (room.size.logRows >= worthIt) start(room);
    await running.get(room);
  }

  function start(room: Room): void {
    if (running.has(room)) return;
    running.set(
      room,
      compact(room).finally(() => running.delete(room)),
    );
  }

  async function compact(room: Room): Promise<void> {
    const before = { ...room.size };
    try {
      const after = await parts.store.compact(room.notebookId);
      room.size.snapshotBytes = after.snapshotBytes;
    } catch (error) {
      parts.log.error({ err: error, notebookId: room.notebookId }, 'a log could not be compacted; it stays as it is');
    }
    // Counted down after a failure too: it is tried again when the log has grown as much again.
    room.size.logRows -= before.logRows;
    room.size.logBytes -= before.logBytes;
  }

  return { consider, finish };
}

/** The log may also be as large as the snapshot: then rewriting costs no more than what was written. */
function isLong({ size }: Room, limits: Limits): boolean {
  return size.logRows >= limits.compactRows || size.logBytes >= Math.max(limits.compactBytes, size.snapshotBytes);
}
