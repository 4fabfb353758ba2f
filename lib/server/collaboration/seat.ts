import type { WebSocket } from 'ws';
import { encodeStateAsUpdate } from 'yjs';
import { allows, type Actor, type Role } from '#lib/server/access.ts';
import { CloseCode } from '#lib/notebook/close-codes.ts';
import { createBucket, type Bucket } from './bucket.ts';
import {
  encodeBarrier,
  encodeDenied,
  encodePresenceFrame,
  encodeStep1,
  encodeStep2,
  readFrame,
  type Frame,
} from './frame.ts';
import type { Limits } from './limits.ts';
import { encodePresence, type PresenceEntry } from './presence-frame.ts';
import type { Speaker } from './presence.ts';
import type { Room } from './room.ts';
import type { Trial } from './trial.ts';

/** Why a socket is not read: over its rate, ahead of the store, behind a trial. */
type Hold = 'rate' | 'store' | 'trial';

export interface SeatParts {
  ws: WebSocket;
  actor: Actor;
  role: Role;
  projectId: string;
  room: Room;
  limits: Limits;
  trial: Trial;
}

/*
 * One socket in a room: it reads frames, checks each against its rate and its person's role, and hands them to the room
 * in the order they came. It never touches the document or the store.
 */
export class Seat {
  readonly actor: Actor;
  readonly room: Room;
  readonly speaker: Speaker;
  readonly projectId: string;
  role: Role;
  /** Ping sent and not answered. */
  isSilent = false;
  #ws: WebSocket;
  #limits: Limits;
  #frames: Bucket;
  #bytes: Bucket;
  #work: Bucket;
  #trial: Trial;
  /** Frames that came behind one that is being tried. */
  #behind: Frame[] | null = null;
  /** An update was refused on this socket, so no later barrier of it may be answered. */
  #refused = false;
  #resume: ReturnType<typeof setTimeout> | undefined;
  #held = new Set<Hold>();

  constructor(given: SeatParts) {
    this.#ws = given.ws;
    this.actor = given.actor;
    this.role = given.role;
    this.projectId = given.projectId;
    this.room = given.room;
    this.speaker = { userId: given.actor.userId, name: given.actor.name, clientId: null };
    this.#limits = given.limits;
    this.#frames = createBucket(given.limits.framesPerSecond, given.limits.frameBurst);
    this.#bytes = createBucket(given.limits.bytesPerSecond, given.limits.byteBurst);
    this.#work = createBucket(given.limits.workPerSecond, given.limits.workBurst);
    this.#trial = given.trial;
  }

  /** Joins the room. An editor is asked for what the server lacks; a reader has nothing to give. */
  open(): void {
    this.#ws.on('message', (data: Buffer, isBinary) => this.#receive(data, isBinary));
    this.#ws.on('pong', () => (this.isSilent = false));
    this.#ws.on('error', (error) => this.room.log.debug({ err: error }, 'a socket failed'));
    this.#ws.on('close', () => this.#leave());
    this.room.join(this);
    this.askForMore();
  }

  get mayEdit(): boolean {
    return allows(this.role, 'edit');
  }

  askForMore(): void {
    if (this.mayEdit) this.send(encodeStep1(this.room.doc));
  }

  changeRole(role: Role): void {
    const couldEdit = this.mayEdit;
    this.role = role;
    if (couldEdit) return;
    // After a refusal only a new line brings the refused edits before the next barrier.
    if (this.#refused) this.close(CloseCode.restarting);
    else this.askForMore();
  }

  send(bytes: Uint8Array): void {
    if (this.#ws.readyState !== this.#ws.OPEN) return;
    if (this.#ws.bufferedAmount > this.#limits.outgoingBytes) this.close(CloseCode.tooSlow);
    else this.#ws.send(bytes);
  }

  sendPresence(entries: readonly PresenceEntry[]): void {
    this.send(encodePresenceFrame(encodePresence(entries)));
  }

  answerStep1(vector: Uint8Array): void {
    const answer = encodeStep2(this.room.doc, vector);
    this.#bytes.take(answer.length, performance.now());
    this.send(answer);
    const others = this.room.presence.others(this.speaker);
    if (others.length > 0) this.sendPresence(others);
  }

  answerBarrier(n: number): void {
    if (!this.#refused) this.send(encodeBarrier(n));
  }

  /** Closes, and cuts the line when the other end does not take part in closing. */
  close(code: CloseCode): void {
    this.#refused = true;
    this.#ws.close(code);
    // Read on, or the answer to the close is never heard; frames are ignored from here.
    this.#ws.resume();
    setTimeout(() => this.#ws.terminate(), 2000).unref();
  }

  /** Called by the clock: a line that did not answer the last ping is dead. */
  ping(): void {
    if (this.isSilent) return this.#ws.terminate();
    this.isSilent = true;
    this.#ws.ping();
  }

  /** Pays for the time its update took of everyone's process. */
  charge(ms: number): void {
    this.#wait(this.#work.take(ms, performance.now()));
  }

  /** While anything holds it, the socket is not read; what the other end sends waits in its own memory. */
  hold(why: Hold): void {
    this.#held.add(why);
    if (this.#ws.readyState === this.#ws.OPEN) this.#ws.pause();
  }

  release(why: Hold): void {
    if (this.#held.delete(why) && this.#held.size === 0) this.#ws.resume();
  }

  #leave(): void {
    clearTimeout(this.#resume);
    this.#refused = true;
    this.room.leave(this);
  }

  #receive(data: Buffer, isBinary: boolean): void {
    if (this.#ws.readyState !== this.#ws.OPEN) return;
    this.#pay(data.length);
    const frame = isBinary ? this.#read(data) : null;
    if (frame) this.#take(frame);
    else this.close(CloseCode.badFrame);
  }

  #pay(bytes: number): void {
    const now = performance.now();
    this.#wait(Math.max(this.#frames.take(1, now), this.#bytes.take(bytes, now)));
  }

  #wait(ms: number): void {
    if (ms === 0) return;
    this.hold('rate');
    clearTimeout(this.#resume);
    this.#resume = setTimeout(() => this.release('rate'), ms);
  }

  #read(data: Buffer): Frame | null {
    try {
      return readFrame(data, this.#limits);
    } catch (error) {
      this.room.log.warn({ err: error, userId: this.actor.userId, bytes: data.length }, 'a frame that cannot be read');
      return null;
    }
  }

  #take(frame: Frame): void {
    if (this.#behind) return void this.#behind.push(frame);
    switch (frame.kind) {
      case 'update':
        return this.#update(frame);
      case 'step1':
        return this.room.enqueue({ kind: 'step1', seat: this, vector: frame.vector });
      case 'barrier':
        return this.room.enqueue({ kind: 'barrier', seat: this, n: frame.n });
      case 'presence':
        return this.room.hear(this, frame.entries);
      case 'query-presence':
        return this.sendPresence(this.room.presence.others(this.speaker));
      case 'empty':
        return;
    }
  }

  #update({ update, structs }: Extract<Frame, { kind: 'update' }>): void {
    if (this.#refused) return;
    if (!this.mayEdit) return this.#deny();
    if (structs > 0 && this.room.isFull) return this.close(CloseCode.notebookFull);
    if (structs > this.#limits.quickStructs)
      return void this.#tryFirst(update).catch((err: unknown) => this.#fail(err));
    this.#enqueue(update);
  }

  #enqueue(update: Uint8Array): void {
    this.room.enqueue({ kind: 'update', seat: this, update, by: this.actor.userId });
  }

  /** No thread could be had: the one who sent it may come back and send it again. */
  #fail(err: unknown): void {
    this.room.log.error({ err }, 'an update could not be tried');
    this.close(CloseCode.restarting);
  }

  /** Meanwhile the socket is not read, and what was read already keeps its place behind. */
  async #tryFirst(update: Uint8Array): Promise<void> {
    const behind: Frame[] = (this.#behind = []);
    this.hold('trial');
    const isQuick = await this.#trial.isQuick(() => encodeStateAsUpdate(this.room.doc), update);
    this.#behind = null;
    if (!isQuick) return this.close(CloseCode.badFrame);
    if (!this.#refused) this.#enqueue(update);
    for (const frame of behind) this.#take(frame);
    this.release('trial');
  }

  #deny(): void {
    this.#refused = true;
    this.send(encodeDenied('You may read this notebook, but not change it: your edit was not stored.'));
  }
}
