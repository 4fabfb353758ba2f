import type { Logger } from 'pino';
import type { Compaction } from './compaction.ts';
import type { Limits } from './limits.ts';
import type { Log } from './log.ts';
import { Room } from './room.ts';

/*
 * Which rooms are open. A room is read from the store when somebody needs it and closed some time after the last one
 * left; of the empty ones only so many are kept, so that memory follows use.
 */
export interface Keeper {
  /** Lends the open room for the length of `use`; it is not closed meanwhile. */
  use<T>(notebookId: string, use: (room: Room) => T | Promise<T>): Promise<T>;
  rooms(): Room[];
  close(): void;
}

export interface KeeperParts {
  store: Log;
  compaction: Compaction;
  log: Logger;
  limits: Limits;
  now(): number;
  wake(room: Room): void;
}

interface Kept {
  room: Promise<Room>;
  opened: Room | null;
  users: number;
  closing: ReturnType<typeof setTimeout> | undefined;
}

export function createKeeper(parts: KeeperParts): Keeper {
  const kept = new Map<string, Kept>();

  async function use<T>(notebookId: string, use: (room: Room) => T | Promise<T>): Promise<T> {
    const entry = kept.get(notebookId) ?? open(notebookId);
    entry.users += 1;
    try {
      return await use(await entry.room);
    } finally {
      entry.users -= 1;
      scheduleClose(notebookId, entry);
    }
  }

  function open(notebookId: string): Kept {
    const entry: Kept = { room: read(notebookId), opened: null, users: 0, closing: undefined };
    kept.set(notebookId, entry);
    entry.room.then(
      (room) => (entry.opened = room),
      () => kept.delete(notebookId),
    );
    return entry;
  }

  async function read(notebookId: string): Promise<Room> {
    const stored = await parts.store.load(notebookId);
    return new Room({
      ...parts,
      notebookId,
      stored,
      reload: () => parts.store.load(notebookId),
      emptied: () => scheduleClose(notebookId, kept.get(notebookId)),
    });
  }

  function scheduleClose(notebookId: string, entry: Kept | undefined): void {
    if (!entry?.opened || !isUnused(entry)) return;
    clearTimeout(entry.closing);
    entry.closing = setTimeout(() => close(notebookId, entry), parts.limits.graceMs).unref();
    // The longest unused is first: a map keeps the order of insertion.
    kept.delete(notebookId);
    kept.set(notebookId, entry);
    closeBeyondLimit();
  }

  function closeBeyondLimit(): void {
    const unused = [...kept].filter(([, entry]) => isUnused(entry));
    for (const [notebookId, entry] of unused.slice(0, -parts.limits.emptyRooms)) close(notebookId, entry);
  }

  function close(notebookId: string, entry: Kept): void {
    if (!isUnused(entry) || kept.get(notebookId) !== entry) return;
    clearTimeout(entry.closing);
    kept.delete(notebookId);
    if (entry.opened) void parts.compaction.finish(entry.opened);
  }

  return {
    use,
    rooms: () => [...kept.values()].flatMap((entry) => entry.opened ?? []),
    close: () => {
      for (const entry of kept.values()) clearTimeout(entry.closing);
    },
  };
}

function isUnused(entry: Kept): boolean {
  return entry.users === 0 && entry.opened !== null && entry.opened.isIdle;
}
