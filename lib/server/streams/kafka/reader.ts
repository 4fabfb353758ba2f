import type { Logger } from 'pino';
import { isSameRead, type PartRead, type PartsRead } from '#lib/stream/source.ts';
import { Bell } from '#lib/server/streams/bell.ts';
import type { Batch } from '#lib/server/streams/judge.ts';
import { growing, pause } from '#lib/server/streams/pause.ts';
import { Problem } from '#lib/server/problem.ts';
import { earliest, latest, type Cluster, type Topic } from './cluster.ts';
import { Fetching, isStuck } from './fetching.ts';
import { toItem } from './items.ts';
import { newPart, type Part } from './part.ts';
import type { Fetched } from './records.ts';
import { codes } from './words.ts';

/** The log that records go to. */
export interface Target {
  /** Throws a Problem when it is not ours to write. */
  partsRead(): Promise<PartsRead>;
  append(batch: Batch, bytes: number): Promise<unknown>;
}

export interface ReaderWorld {
  cluster: Cluster;
  target: Target;
  log: Logger;
  now(): number;
  words(error: unknown): string;
}

/** The log cannot be written here now: whoever reads lets go of everything and tries again. */
export class TargetGone extends Error {
  override name = 'TargetGone';
}

export const readerLimits = {
  /** Records that are read ahead of what is stored, bytes, of all leaders together; each of them gets a batch at least. */
  bytes: 8 * 2 ** 20,
  /** How long a broker waits for records, ms; then how long until partitions are looked for anew. */
  wait: 500,
  lookEvery: 3000,
};

/**
 * Reads a topic into a log until it is aborted. Partitions are assigned by hand, all of them to us: the lease of the stream
 * says who reads, and offsets are stored with the records they belong to. There is one loop a leader, so that a broker that
 * is away keeps only its own partitions from moving; each asks for more when the last was stored, and holds no more than that.
 */
export class Reader {
  readonly parts = new Map<number, Part>();
  /** What keeps the topic from being looked at; what is wrong with one partition is told in it. */
  trouble: string | null = null;
  isReading = false;
  private world: ReaderWorld;
  private fetching: Fetching;
  private lanes = new Map<number, Promise<void>>();
  private turn = 0;
  /** Rings when partitions should be looked for at once. */
  private bell = new Bell();
  private end = new AbortController();
  private failure: unknown = null;

  constructor(world: ReaderWorld) {
    this.world = world;
    this.fetching = new Fetching(world, this.end.signal);
  }

  /** Ends when the signal is aborted. Throws TargetGone, or the Problem of a log that is not ours. */
  async run(signal: AbortSignal): Promise<void> {
    const { target, cluster, now } = this.world;
    for (const [id, read] of Object.entries(await target.partsRead()))
      this.parts.set(Number(id), newPart(Number(id), read, now()));
    const stop = () => this.end.abort();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      await this.lookAround();
    } finally {
      stop();
      signal.removeEventListener('abort', stop);
      await cluster.close();
      await Promise.all(this.lanes.values());
    }
  }

  private async lookAround(): Promise<void> {
    for (let failures = 0; !this.end.signal.aborted;) {
      try {
        await this.look(await this.world.cluster.look());
        this.trouble = null;
        failures = 0;
      } catch (error) {
        if (error instanceof TargetGone) throw error;
        this.trouble = this.world.words(error);
        failures++;
      }
      await pause(failures > 0 ? growing(failures) : readerLimits.lookEvery, this.end.signal, this.bell);
    }
    if (this.failure !== null) throw this.failure;
  }

  /** Partitions as they are now: new ones begin with their first record, whoever leads one gets a loop. */
  private async look({ leaders, log }: Topic): Promise<void> {
    for (const [id, leader] of leaders) await this.place(id, leader, log);
    for (const part of this.parts.values()) part.isGone = !leaders.has(part.id);
    for (const leader of new Set(leaders.values())) if (leader !== null && !this.lanes.has(leader)) this.begin(leader);
    this.isReading = true;
  }

  private async place(id: number, leader: number | null, log: string): Promise<void> {
    const part = this.parts.get(id) ?? newPart(id, null, this.world.now());
    this.parts.set(id, part);
    part.leader = leader;
    if (leader === null)
      part.trouble = this.world.words(Object.assign(new Error(), { apiCode: codes.leaderNotAvailable }));
    const isOther = part.read !== null && part.read.log !== '' && log !== '' && part.read.log !== log;
    if (leader === null || (part.read !== null && !isOther)) return;
    try {
      const from = (await this.world.cluster.offsets(leader, [id], earliest)).get(id)!;
      await this.store(part, part.read ? remade(part, from, log) : { offset: from, log, lost: 0, resets: 0 });
    } catch (error) {
      if (error instanceof TargetGone) throw error;
      part.trouble = this.world.words(error);
    }
  }

  private begin(leader: number): void {
    const lane = this.lane(leader)
      .catch((error: unknown) => {
        this.failure = error;
        this.end.abort();
      })
      .finally(() => this.lanes.delete(leader));
    this.lanes.set(leader, lane);
  }

  /** Reads what one node leads, as long as it leads anything. */
  private async lane(leader: number): Promise<void> {
    const { signal } = this.end;
    for (let failures = 0; !signal.aborted;) {
      const led = [...this.parts.values()].filter((part) => part.leader === leader && part.read && !part.isGone);
      if (led.length === 0) return;
      const ready = led.filter(({ notBefore }) => notBefore <= this.world.now());
      try {
        if (ready.length > 0) await this.round(leader, this.turned(ready));
        else await pause(readerLimits.wait, signal, new Bell());
        failures = 0;
      } catch (error) {
        if (error instanceof TargetGone) throw error;
        if (signal.aborted) return;
        failures++;
        for (const part of ready) part.trouble = `${this.world.cluster.nameOf(leader)}: ${this.world.words(error)}`;
        this.bell.ring();
        await pause(growing(failures), signal, new Bell());
      }
    }
  }

  /** Another partition first each time: a broker fills an answer in the order it was asked. */
  private turned(parts: Part[]): Part[] {
    const at = this.turn++ % parts.length;
    return [...parts.slice(at), ...parts.slice(0, at)];
  }

  private async round(leader: number, all: Part[]): Promise<void> {
    const stuck = all.filter(isStuck);
    for (const part of stuck) if (await this.fetching.isPast(part, leader)) await this.reset(part, leader);
    const parts = all.filter((part) => !stuck.includes(part));
    if (parts.length === 0) return;
    const share = Math.max(2 ** 20, Math.floor(readerLimits.bytes / Math.max(1, this.lanes.size)));
    const fetched = await this.fetching.fetch(leader, parts, { bytes: share, wait: readerLimits.wait });
    const taken = await Promise.allSettled(
      fetched.map((each) => this.take(this.parts.get(each.partition)!, each, leader)),
    );
    const failed = taken.find((each) => each.status === 'rejected');
    if (failed) throw failed.reason;
  }

  private async take(part: Part, fetched: Fetched, leader: number): Promise<void> {
    if (fetched.error === codes.offsetOutOfRange) return this.reset(part, leader);
    if (fetched.error !== 0) {
      this.fetching.leave(part, Object.assign(new Error(), { apiCode: fetched.error }));
      return this.bell.ring();
    }
    part.end = fetched.end;
    part.trouble = null;
    const read = part.read!;
    if (fetched.next > read.offset) await this.store(part, { ...read, offset: fetched.next }, fetched.records);
    else if (part.end <= read.offset) part.movedAt = this.world.now();
  }

  /** The broker has no such record: retention was faster than we, or the log was cut back. */
  private async reset(part: Part, leader: number): Promise<void> {
    const { cluster } = this.world;
    const read = part.read!;
    const start = (await cluster.offsets(leader, [part.id], earliest)).get(part.id)!;
    const end = (await cluster.offsets(leader, [part.id], latest)).get(part.id)!;
    if (read.offset < start) await this.store(part, { ...read, offset: start, lost: read.lost + start - read.offset });
    else if (read.offset > end) await this.store(part, { ...read, offset: end, resets: read.resets + 1 });
  }

  /** Records with how far the part is read with them; an empty part of the log where only the place changes. */
  private async store(part: Part, to: PartRead, records: Fetched['records'] = []): Promise<void> {
    const { target, cluster, log, now } = this.world;
    const from = part.read;
    if (from && (to.lost > from.lost || to.resets > from.resets))
      log.warn(
        { topic: cluster.topic, partition: part.id, from, to },
        'records of a Kafka topic went before they were read',
      );
    const items = records.map((record) => toItem(record, cluster.topic, part.id));
    const bytes = records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
    try {
      await target.append({ items, key: null, body: '', part: String(part.id), read: { from, to } }, bytes);
      part.read = to;
      part.broken = null; // It was at another offset, or of another log.
      part.movedAt = now();
      if (records.length > 0) part.lastReceivedAt = now();
    } catch (error) {
      await this.restore(error);
    }
  }

  /** After a batch that may not be stored, what is stored counts. */
  private async restore(error: unknown): Promise<void> {
    let stored: PartsRead;
    try {
      stored = await this.world.target.partsRead();
    } catch (gone) {
      throw Object.assign(new TargetGone((gone as Error).message), { cause: gone });
    }
    for (const part of this.parts.values()) {
      const read = stored[String(part.id)] ?? null;
      if (!isSameRead(part.read, read)) part.read = read;
    }
    if (!(error instanceof Problem && error.code === 'read-otherwise')) throw error;
  }
}

/** The topic was deleted and made again: another log, read from its beginning; what was left of the old one is lost. */
function remade({ read, end }: Part, offset: number, log: string): PartRead {
  const left = end === null ? 0 : Math.max(0, end - read!.offset);
  return { offset, log, lost: read!.lost + left, resets: read!.resets + 1 };
}
