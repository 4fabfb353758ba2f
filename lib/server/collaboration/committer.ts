import type { Logger } from 'pino';
import { CloseCode } from '#lib/notebook/close-codes.ts';
import type { Log, LogRow } from './log.ts';
import type { Batch, Room } from './room.ts';

/*
 * The one writer of notebooks. It takes the queues of all rooms that have something, stores them in one commit, and only
 * then lets the rooms broadcast and answer. While it stores, queues grow, so under load commits get larger instead of
 * more. What cannot be stored stays in memory and is tried again; one room that fails does not hold up the others.
 */
export interface Committer {
  wake(room: Room): void;
  /** Resolves when nothing is left to store, or rejects when that was not possible in time. */
  drain(timeoutMs: number): Promise<void>;
}

export interface CommitterParts {
  store: Log;
  log: Logger;
  /** Called after a batch is stored, with what changed in it. */
  stored(room: Room, batch: Batch): void;
}

const longestPause = 2000;

export function createCommitter(parts: CommitterParts): Committer {
  const waiting = new Set<Room>();
  let running: Promise<void> | null = null;
  let isDraining = false;

  function wake(room: Room): void {
    waiting.add(room);
    // In a later turn, so that all frames of one read come into one commit.
    running ??= new Promise((resolve) => setImmediate(resolve)).then(loop);
  }

  async function loop(): Promise<void> {
    let failures = 0;
    while (waiting.size > 0) {
      const started = performance.now();
      const rooms = [...waiting];
      waiting.clear();
      const failed = await flush(rooms);
      for (const room of failed) waiting.add(room);
      failures = failed.length > 0 ? failures + 1 : 0;
      await pause(
        failures > 0 ? Math.min(longestPause, 25 * 2 ** failures) : breath(rooms) - (performance.now() - started),
      );
    }
    running = null;
  }

  /** Returns the rooms that could not be stored. */
  async function flush(rooms: readonly Room[]): Promise<Room[]> {
    const failed: Room[] = [];
    const batches = (await Promise.all(rooms.map((room) => take(room, failed)))).filter((batch) => batch !== null);
    if (await store(batches)) return failed;
    for (const batch of batches) if (!(await storeAlone(batch))) failed.push(batch.room);
    return failed;
  }

  async function take(room: Room, failed: Room[]): Promise<Batch | null> {
    try {
      return await room.take();
    } catch (error) {
      parts.log.error({ err: error, notebookId: room.notebookId }, 'a notebook could not be read again');
      failed.push(room);
      return null;
    }
  }

  async function store(batches: readonly Batch[]): Promise<boolean> {
    try {
      const rows = batches.flatMap(toRows);
      if (rows.length > 0) await parts.store.append(rows);
    } catch (error) {
      parts.log.error(
        { err: error, rooms: batches.length },
        'notebook updates could not be stored; they are kept and tried again',
      );
      return false;
    }
    for (const batch of batches) settle(batch);
    return true;
  }

  async function storeAlone(batch: Batch): Promise<boolean> {
    if (await store([batch])) return true;
    if (!(await isGone(batch.room))) return false;
    batch.room.abandon(CloseCode.notebookGone);
    return true;
  }

  async function isGone(room: Room): Promise<boolean> {
    try {
      return !(await parts.store.exists(room.notebookId));
    } catch (error) {
      parts.log.error({ err: error, notebookId: room.notebookId }, 'the store does not answer');
      return false;
    }
  }

  function settle(batch: Batch): void {
    batch.room.settle(batch);
    parts.stored(batch.room, batch);
  }

  async function pause(ms: number): Promise<void> {
    if (ms >= 1 && !isDraining) await new Promise((resolve) => setTimeout(resolve, ms));
  }

  async function drain(timeoutMs: number): Promise<void> {
    isDraining = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${waiting.size} notebooks could not be stored in time`)), timeoutMs);
    });
    await Promise.race([running, late]).finally(() => clearTimeout(timer));
  }

  return { wake, drain };
}

function toRows(batch: Batch): LogRow[] {
  return batch.data.map((data) => ({ notebookId: batch.room.notebookId, data }));
}

/**
 * The more people hear each commit, the longer it collects: 100 of them wait at most a frame of their screens, a pair
 * does not wait at all.
 */
function breath(rooms: readonly Room[]): number {
  const listeners = rooms.reduce((most, room) => Math.max(most, room.seats.size), 0);
  return Math.min(16, listeners / 8);
}
