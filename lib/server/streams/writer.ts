import type { PrismaClient } from '#prisma/client/client.ts';
import type { Logger } from 'pino';
import type { StreamColumn } from '#lib/stream/spec.ts';
import { Bell } from './bell.ts';
import type { Logged } from './chunks.ts';
import type { Folder } from './folder.ts';
import { encodeFrame, type Answer, type BatchRecord } from './frame.ts';
import { judge, type Batch } from './judge.ts';
import { demandLease, giveBack, hold, release, renew, take, type Lease } from './lease.ts';
import { columnsOf, keepDead, knownBatches } from './manifest.ts';
import { Queue, settle, type Waiting } from './queue.ts';
import { Rate } from './rate.ts';
import { begin, recover, type Recovered } from './recover.ts';
import { damaged, elsewhere, interrupted, notWritten } from './refusal.ts';
import { LogDamaged } from './segment.ts';
import type { State } from './state.ts';

export interface WriterWorld {
  db: PrismaClient;
  log: Logger;
  folder: Folder;
  now(): Date;
}

export const writerLimits = {
  /** When a segment is closed: bytes of its log, events, or ms since it began. */
  segmentBytes: 32 * 2 ** 20,
  segmentRows: 500_000,
  segmentAge: 3_600_000,
  /** Bodies that go into one frame, bytes; one batch always does. */
  groupBytes: 8 * 2 ** 20,
  /** After which another server may write a stream whose writer is gone. */
  leaseSeconds: 6,
};
export type WriterLimits = typeof writerLimits;

/** The open log, with the stream's columns; before its first events, its event time is known. */
export interface Tail extends Logged {
  columns: StreamColumn[];
}

/**
 * The one writer of a stream. Batches that wait while a frame goes to disk make the next frame together: weighed, written,
 * synced, fenced by the lease, then answered. After any failure on the way the writer is over: nobody knows what is on disk
 * until the log is read again, which the next writer does.
 */
export class Writer {
  readonly rate: Rate;
  /** Rings when events were added, and when it is over. */
  readonly changed = new Bell();
  private world: WriterWorld;
  private lease: Lease;
  private limits: WriterLimits;
  private state: State;
  private log: Recovered['log'];
  private segmentId: string;
  /** Bytes of the open log that were acknowledged. */
  private bytes: number;
  /** When the open segment began, ms: with the first events of it, also where another writer wrote them. */
  private since: number;
  private queue = new Queue();
  private work: Promise<void> | null = null;
  private failure: unknown = null;
  private isClosing = false;
  private heart: ReturnType<typeof setInterval>;
  private rolled: () => void;

  /** Throws a Problem (503) while another writes the stream; `rolled` is called when a segment was closed. */
  static async open(
    world: WriterWorld,
    streamId: string,
    limits: WriterLimits = writerLimits,
    rolled: () => void = () => undefined,
  ): Promise<Writer> {
    const taken = await take(world.db, streamId, await world.folder.home(), limits.leaseSeconds);
    if (!taken) throw elsewhere();
    try {
      return new Writer(world, taken.lease, limits, await recover(world, taken), rolled);
    } catch (error) {
      await giveBack(world.db, taken);
      throw error instanceof LogDamaged ? damaged(error) : error;
    }
  }

  private constructor(
    world: WriterWorld,
    lease: Lease,
    limits: WriterLimits,
    { state, log, segmentId }: Recovered,
    rolled: () => void,
  ) {
    this.world = world;
    this.lease = lease;
    this.limits = limits;
    this.state = state;
    this.log = log;
    this.segmentId = segmentId;
    this.bytes = log.bytes;
    this.since = state.segment.received?.[0] ?? world.now().getTime();
    this.rolled = rolled;
    this.rate = new Rate();
    this.heart = setInterval(() => void this.beat(), (limits.leaseSeconds * 1000) / 3);
    this.heart.unref();
  }

  /** False after a failure or a close. */
  get isAlive(): boolean {
    return this.failure === null && !this.isClosing;
  }

  /** Whether it has something to do, or somebody waits for what comes. */
  get isBusy(): boolean {
    return this.work !== null || !this.queue.isEmpty || this.changed.isHeard;
  }

  /** The number after the last acknowledged event, and what else is known of the log. */
  get view(): Readonly<State> {
    return this.state;
  }

  /** The open log as far as it was acknowledged. */
  get tail(): Tail {
    const { segment, end, columns, contract } = this.state;
    const known = columns.size > 0 ? [...columns] : [[contract.eventTime, 'TIMESTAMP'] as const];
    return {
      path: this.log.path,
      bytes: this.bytes,
      first: segment.first,
      end,
      segmentId: this.segmentId,
      columns: known.map(([name, type]) => ({ name, type })),
    };
  }

  /** Takes new settings for the events that come after. */
  configure(settings: { ahead: number; deduplication: number }): void {
    this.state.contract.ahead = settings.ahead * 1000;
    this.state.memory.horizonMs = settings.deduplication * 1000;
  }

  /**
   * Resolves when the batch is on disk and may be forgotten by its sender. `bytes`: the size of its body. Rejects when it may
   * not be stored; sent again under its key it is stored once.
   */
  append(batch: Batch, bytes: number): Promise<Answer> {
    if (!this.isAlive) return Promise.reject(interrupted());
    const answer = this.queue.add(batch, bytes);
    this.work ??= this.drain();
    return answer;
  }

  /** Closes the open segment if it holds events, so that it can become Parquet. */
  async roll(): Promise<void> {
    while (this.work) await this.work;
    if (!this.isAlive || this.state.segment.rows === 0) return;
    this.work = this.guarded(() => this.beginNext()).then(() => this.rest());
    await this.work;
  }

  /** Lets columns hold DOUBLE, once this resolves after a restart as well. */
  async widen(names: readonly string[]): Promise<void> {
    while (this.work) await this.work;
    if (!this.isAlive) throw interrupted();
    this.work = this.guarded(async () => {
      for (const name of names) this.state.columns.set(name, 'DOUBLE');
      await this.keepColumns();
    }).then(() => this.rest());
    await this.work;
    if (this.failure !== null) throw interrupted();
  }

  /** Finishes what was asked, then lets go of the stream. Again is fine. */
  async close(): Promise<void> {
    this.isClosing = true;
    clearInterval(this.heart);
    this.changed.ring();
    while (this.work) await this.work;
    await this.log.close().catch(() => undefined);
    await release(this.world.db, this.lease);
  }

  private async drain(): Promise<void> {
    while (!this.queue.isEmpty && this.failure === null) {
      const group = this.queue.take(this.limits.groupBytes);
      await this.guarded(() => this.commit(group));
      if (this.failure !== null) for (const { reject } of group) reject(notWritten(this.failure));
    }
    this.rest();
  }

  private rest(): void {
    this.work = null;
    if (this.failure !== null) this.queue.rejectAll(interrupted());
    else if (!this.queue.isEmpty) this.work = this.drain();
  }

  private async guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.failure = error;
      clearInterval(this.heart);
      this.changed.ring();
      this.world.log.error({ err: error, stream: this.lease.streamId }, 'a stream could not be written');
    }
  }

  private async commit(group: Waiting[]): Promise<void> {
    const now = Math.max(this.world.now().getTime(), this.state.received);
    const batches = group.map(({ batch }) => batch);
    const { frame, outcomes } = judge(this.state, batches, await this.known(batches), now);
    if (frame) await this.log.append(encodeFrame(frame));
    await demandLease(this.world.db, this.lease);
    if (frame) {
      await keepDead(this.world.db, this.lease.streamId, frame.meta.dead, frame.meta.received);
      this.state.take(frame);
      this.bytes = this.log.bytes;
      if (frame.meta.added.length > 0) await this.keepColumns();
      this.rate.add(frame.rows, now);
      this.changed.ring();
    }
    group.forEach((each, index) => settle(each, outcomes[index]!));
    if (this.isFull(now)) await this.beginNext();
  }

  private async known(batches: readonly Batch[]): Promise<Map<string, BatchRecord>> {
    const here = this.state.batches;
    const asked = batches.flatMap(({ key }) => (key !== null && !here.has(key) ? [key] : []));
    const known = await knownBatches(this.world.db, this.lease.streamId, asked);
    for (const { key } of batches) if (key !== null && here.has(key)) known.set(key, here.get(key)!);
    return known;
  }

  private async keepColumns(): Promise<void> {
    await this.world.db.$transaction(async (tx) => {
      await hold(tx, this.lease);
      await tx.stream.update({ where: { id: this.lease.streamId }, data: { columns: columnsOf(this.state) } });
    });
  }

  private isFull(now: number): boolean {
    const { segmentBytes, segmentRows, segmentAge } = this.limits;
    if (this.log.bytes === 0) return false;
    const { rows } = this.state.segment;
    return this.log.bytes >= segmentBytes || rows >= segmentRows || now - this.since >= segmentAge;
  }

  private async beginNext(): Promise<void> {
    const before = this.log;
    const { log, segmentId } = await begin(this.world, this.state, this.lease, {
      id: this.segmentId,
      bytes: before.bytes,
    });
    this.log = log;
    this.segmentId = segmentId;
    this.bytes = 0;
    this.since = this.world.now().getTime();
    await before.close();
    this.rolled();
  }

  private async beat(): Promise<void> {
    try {
      await renew(this.world.db, this.lease, this.limits.leaseSeconds);
    } catch (error) {
      // The fence decides; a database that does not answer for a moment is no loss yet.
      this.world.log.warn({ err: error, stream: this.lease.streamId }, 'the lease of a stream could not be kept');
    }
  }
}
