import type { Logger } from 'pino';
import type { Doc } from 'yjs';
import { CloseCode } from '#lib/notebook/close-codes.ts';
import { applyAll } from './apply.ts';
import { encodeUpdate } from './frame.ts';
import type { Limits } from './limits.ts';
import type { Stored } from './log.ts';
import { Presence } from './presence.ts';
import type { PresenceEntry } from './presence-frame.ts';
import type { Seat } from './seat.ts';

/** What waits in a room, in the order it came. */
export type Entry =
  | { kind: 'update'; seat: Seat | null; update: Uint8Array; by: string | null }
  | { kind: 'step1'; seat: Seat; vector: Uint8Array }
  | { kind: 'barrier'; seat: Seat; n: number }
  /** Work of the server itself: called once all before it is stored, or told that it never will be. */
  | { kind: 'call'; done(): void; failed(error: Error): void };

/** A taken part of the queue: what to store, and whom to answer after that. */
export interface Batch {
  room: Room;
  /** Nothing when all of it was known already. */
  data: Uint8Array[];
  entries: Entry[];
  editedBy: string | null;
}

export interface RoomParts {
  notebookId: string;
  stored: Stored;
  limits: Limits;
  log: Logger;
  now(): number;
  /** Reads the document again, when a hostile update broke the one in memory. */
  reload(): Promise<Stored>;
  /** There is something to store or to answer. */
  wake(room: Room): void;
  /** The last socket left. */
  emptied(room: Room): void;
}

/*
 * One open notebook: its document, its sockets, its presence, and a queue. Frames only ever join the queue; the
 * committer takes it, stores it and settles it. Between two settlings the document holds nothing that sockets can see
 * and that is not stored.
 */
export class Room {
  readonly notebookId: string;
  readonly log: Logger;
  readonly presence: Presence;
  readonly seats = new Set<Seat>();
  doc: Doc;
  /** Taken and not yet stored. */
  inFlight: Batch | null = null;
  size: { snapshotBytes: number; logRows: number; logBytes: number };
  #parts: RoomParts;
  #queue: Entry[] = [];
  #waitingBytes = 0;
  #isTaking = false;
  /** A hostile update threw half-way: the document in memory is not to be trusted. */
  #isBroken = false;

  constructor(parts: RoomParts) {
    const { doc, ...size } = parts.stored;
    this.notebookId = parts.notebookId;
    this.log = parts.log;
    this.doc = doc;
    this.size = size;
    this.presence = new Presence(parts.now);
    this.#parts = parts;
  }

  get isIdle(): boolean {
    return this.seats.size === 0 && this.#queue.length === 0 && !this.#isTaking && this.inFlight === null;
  }

  get isFull(): boolean {
    return this.size.snapshotBytes + this.size.logBytes + this.#waitingBytes > this.#parts.limits.documentBytes;
  }

  join(seat: Seat): void {
    this.seats.add(seat);
  }

  leave(seat: Seat): void {
    if (!this.seats.delete(seat)) return;
    this.#tell(null, this.presence.leave(seat.speaker));
    if (this.seats.size === 0) this.#parts.emptied(this);
  }

  enqueue(entry: Entry): void {
    this.#queue.push(entry);
    if (entry.kind === 'update') this.#waitingBytes += entry.update.length;
    if (entry.kind === 'update' && this.#waitingBytes > this.#parts.limits.waitingBytes) entry.seat?.hold('store');
    this.#parts.wake(this);
  }

  /** Resolves when everything before this call is stored. */
  settled(): Promise<void> {
    if (this.#queue.length === 0 && !this.#isTaking && this.inFlight === null) return Promise.resolve();
    return new Promise((done, failed) => this.enqueue({ kind: 'call', done, failed }));
  }

  hear(seat: Seat, entries: readonly PresenceEntry[]): void {
    this.#tell(seat, this.presence.speak(seat.speaker, entries));
    // A stock client hangs up when it hears nothing for 30 seconds, and it listens for its own echo.
    seat.sendPresence([]);
  }

  /** Takes the queue. After a failed store the same batch is taken again, unchanged; rejects with nothing taken. */
  async take(): Promise<Batch> {
    if (this.inFlight) return this.inFlight;
    const entries = this.#queue;
    this.#queue = [];
    this.#isTaking = true;
    const updates = entries.filter((entry) => entry.kind === 'update');
    try {
      const data = await this.#apply(updates);
      this.inFlight = { room: this, data, entries, editedBy: updates.at(-1)?.by ?? null };
      return this.inFlight;
    } catch (error) {
      this.#queue = [...entries, ...this.#queue];
      throw error;
    } finally {
      this.#isTaking = false;
    }
  }

  /** The batch is stored: everyone hears it, then those who waited for it are answered. */
  settle(batch: Batch): void {
    this.inFlight = null;
    for (const data of batch.data) this.#broadcast(encodeUpdate(data));
    this.size.logRows += batch.data.length;
    for (const data of batch.data) this.size.logBytes += data.length;
    for (const entry of batch.entries) this.#answer(entry);
  }

  /** Nothing of this room can be stored any more. */
  abandon(code: CloseCode): void {
    const error = new Error(`notebook ${this.notebookId} is closed with ${code}`);
    for (const entry of [...(this.inFlight?.entries ?? []), ...this.#queue])
      if (entry.kind === 'call') entry.failed(error);
    this.inFlight = null;
    this.#queue = [];
    for (const seat of this.seats) seat.close(code);
  }

  #answer(entry: Entry): void {
    switch (entry.kind) {
      case 'update':
        this.#waitingBytes -= entry.update.length;
        return entry.seat?.release('store');
      case 'step1':
        return entry.seat.answerStep1(entry.vector);
      case 'barrier':
        return entry.seat.answerBarrier(entry.n);
      case 'call':
        return entry.done();
    }
  }

  /** Applies in one transaction and returns what is new in it, merged. */
  async #apply(entries: Extract<Entry, { kind: 'update' }>[]): Promise<Uint8Array[]> {
    if (this.#isBroken) await this.#mend();
    if (entries.length === 0) return [];
    const applied = applyAll(this.doc, entries, {
      blame: (entry, error) => this.#blame(entry.seat, error),
      took: (entry, ms) => entry.seat?.charge(ms),
    });
    if (applied.sound) return applied.data;
    this.#isBroken = true;
    return this.#apply(applied.entries);
  }

  async #mend(): Promise<void> {
    this.doc = (await this.#parts.reload()).doc;
    this.#isBroken = false;
  }

  #blame(seat: Seat | null, error: unknown): void {
    this.log.warn(
      { err: error, notebookId: this.notebookId, userId: seat?.actor.userId },
      'an update that cannot be applied',
    );
    seat?.close(CloseCode.badFrame);
  }

  #tell(from: Seat | null, entries: readonly PresenceEntry[]): void {
    if (entries.length === 0) return;
    for (const seat of this.seats) if (seat !== from) seat.sendPresence(entries);
  }

  #broadcast(bytes: Uint8Array): void {
    for (const seat of this.seats) seat.send(bytes);
  }
}
