import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import * as Y from 'yjs';
import { CloseCode } from '#lib/notebook/close-codes.ts';
import type { Actor } from '#lib/server/access.ts';
import type { ExecuteSql } from '#lib/server/database/open.ts';
import { Problem } from '#lib/server/problem.ts';
import { createCommitter } from './committer.ts';
import { createCompaction } from './compaction.ts';
import { createDoor } from './door.ts';
import { createKeeper } from './keeper.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { createLog } from './log.ts';
import { createMirror } from './mirror.ts';
import type { Room } from './room.ts';
import type { Seat } from './seat.ts';
import { createWatch } from './watch.ts';

/*
 * Collaboration: the open notebooks of this process. It owns the tables Update and Snapshot and every websocket on
 * `/collaboration/…`, and speaks the y-websocket wire protocol, so any stock client connects.
 *
 * One promise shapes it: what was acknowledged is stored. Frames join a room's queue (seat.ts, room.ts); one committer
 * stores the queues of all rooms in one commit (committer.ts, log.ts), and only after that is anything broadcast,
 * answered or shown to those who join. Everything is asked at the door before the handshake (door.ts), rights are read
 * again while a socket lives (watch.ts), identity is written by the server (presence.ts). Logs become snapshots
 * (compaction.ts); titles are copied to their rows (mirror.ts). It knows no cell, and never edits a document by itself.
 */
export interface Rooms {
  /** Takes a websocket upgrade on `/collaboration/…`; checks Origin, session and right before the handshake. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Reads a notebook's document, live or from the store. The doc must not be changed or kept. */
  read<T>(notebookId: string, reader: (doc: Y.Doc) => T): Promise<T>;
  /** Edits on the server (HTTP, seeds). Resolves once stored; open sockets see it. */
  edit(notebookId: string, userId: string | null, change: (doc: Y.Doc) => void): Promise<void>;
  /** Rights of a person, or a session, changed: their sockets are checked again at once. */
  recheck(who: { userId?: string; projectId?: string; sessionId?: string }): Promise<void>;
  stats(): { rooms: number; sockets: number };
  /** Stops taking frames, stores what is queued, closes sockets. */
  drain(): Promise<void>;
}

export interface RoomsParts {
  executeSql: ExecuteSql;
  log: Logger;
  now(): Date;
  /** The signed-in person of an upgrade, or null. */
  authenticate(headers: IncomingHttpHeaders): Promise<Actor | null>;
  /** Origins whose pages may open a socket, as browsers send them: `https://lodestar.example`. Asked at each upgrade. */
  allowedOrigins(): readonly string[];
  limits?: Partial<Limits>;
}

const drainMs = 10_000;

export function createRooms(parts: RoomsParts): Rooms {
  const limits = { ...defaultLimits, ...parts.limits };
  const { log, executeSql } = parts;
  const store = createLog(executeSql);
  const compaction = createCompaction({ store, log, limits });
  const mirror = createMirror({ ...parts, everyMs: limits.mirrorMs });
  const committer = createCommitter({ store, log, stored });
  const keeper = createKeeper({
    store,
    compaction,
    log,
    limits,
    now: () => parts.now().getTime(),
    wake: committer.wake,
  });
  const watch = createWatch({ ...parts, seats, everyMs: limits.standingMs, pingMs: limits.pingMs });
  const door = createDoor({ ...parts, keeper, limits, seatsOf });

  function stored(room: Room, { data, editedBy }: { data: Uint8Array[]; editedBy: string | null }): void {
    if (data.length === 0) return;
    mirror.mark(room, editedBy);
    compaction.consider(room);
  }

  function seats(): Seat[] {
    return keeper.rooms().flatMap((room) => [...room.seats]);
  }

  function seatsOf(userId: string): number {
    return seats().filter((seat) => seat.actor.userId === userId).length;
  }

  async function drain(): Promise<void> {
    door.close();
    for (const seat of seats()) seat.hold('store');
    await committer.drain(drainMs);
    for (const seat of seats()) seat.close(CloseCode.restarting);
    watch.close();
    keeper.close();
    mirror.close();
    await mirror.flush();
  }

  return {
    upgrade: door.upgrade,
    read: (notebookId, reader) =>
      keeper.use(notebookId, async (room) => {
        await room.settled();
        return reader(room.doc);
      }),
    edit: (notebookId, userId, change) => keeper.use(notebookId, (room) => edit(room, userId, change)),
    recheck: (who) => watch.check(seats().filter((seat) => isMeant(seat, who))),
    stats: () => ({ rooms: keeper.rooms().length, sockets: seats().length }),
    drain,
  };
}

/** On a copy, so that nobody sees the edit before it is stored. */
async function edit(room: Room, userId: string | null, change: (doc: Y.Doc) => void): Promise<void> {
  await room.settled();
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(room.doc));
  const before = Y.encodeStateVector(copy);
  change(copy);
  const update = Y.encodeStateAsUpdate(copy, before);
  copy.destroy();
  if (room.isFull && Y.decodeUpdate(update).structs.length > 0)
    throw new Problem(413, 'notebook-full', 'The notebook is as large as one may be. Delete what is not needed first.');
  room.enqueue({ kind: 'update', seat: null, update, by: userId });
  await room.settled();
}

function isMeant(seat: Seat, who: { userId?: string; projectId?: string; sessionId?: string }): boolean {
  if (who.userId !== undefined && seat.actor.userId !== who.userId) return false;
  if (who.projectId !== undefined && seat.projectId !== who.projectId) return false;
  return who.sessionId === undefined || seat.actor.via.id === who.sessionId;
}
