import { interrupted, tooManyOpen } from './refusal.ts';
import type { Writer } from './writer.ts';

/*
 * The writers that are open in this process. Each holds a file, the keys it knows and a lease that is kept alive, so there are
 * only so many: one that nobody asks for is closed, and opened again by the next who does. What it acknowledged is in its log.
 */
export const openLimits = {
  /** Writers at once. */
  most: 200,
  /** How long nobody asked for one that is closed, ms. */
  idle: 600_000,
  /** How long nobody asked for one that makes room for another, ms. */
  rest: 10_000,
};
export type OpenLimits = typeof openLimits;

interface Entry {
  writer: Promise<Writer>;
  /** Null until it is open. */
  opened: Writer | null;
  /** When it was last asked for, ms. */
  asked: number;
}

interface World {
  open(streamId: string): Promise<Writer>;
  now(): Date;
  limits: OpenLimits;
}

export class Writers {
  private world: World;
  private entries = new Map<string, Entry>();
  private isClosed = false;

  constructor(world: World) {
    this.world = world;
  }

  /** How many are open. */
  get size(): number {
    return this.entries.size;
  }

  /**
   * The writer of a stream, opened by the first who asks, and again after a failure or a close. Throws a Problem (503) when
   * all that may be open are in use, and what opening it throws.
   */
  async of(streamId: string): Promise<Writer> {
    for (;;) {
      if (this.isClosed) throw interrupted();
      const entry = this.entries.get(streamId);
      if (!entry && this.entries.size < this.world.limits.most) return this.open(streamId);
      if (!entry) await this.makeRoom();
      else {
        const writer = await entry.writer.catch(() => null);
        entry.asked = this.now();
        if (writer?.isAlive) return writer;
        if (writer) await this.letGo(streamId, writer);
      }
    }
  }

  /** The writer of a stream if there is one, or null. */
  async known(streamId: string): Promise<Writer | null> {
    return (await this.entries.get(streamId)?.writer.catch(() => null)) ?? null;
  }

  async drop(streamId: string): Promise<void> {
    const writer = await this.known(streamId);
    if (writer) await this.letGo(streamId, writer);
  }

  /** Closes those that nobody asked for in a while. */
  async rest(): Promise<void> {
    const next = () => this.unused(this.world.limits.idle)[0]; // Asked anew each time: one may have been used meanwhile.
    for (let unused = next(); unused; unused = next()) await this.letGo(unused[0], unused[1].opened);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    const writers = await Promise.allSettled([...this.entries.values()].map(({ writer }) => writer));
    for (const writer of writers) if (writer.status === 'fulfilled') await writer.value.close();
  }

  private open(streamId: string): Promise<Writer> {
    const entry: Entry = { writer: this.world.open(streamId), opened: null, asked: this.now() };
    this.entries.set(streamId, entry);
    entry.writer.then(
      (writer) => (entry.opened = writer),
      () => this.entries.delete(streamId),
    );
    return entry.writer;
  }

  /** Closes the one that was asked for the longest ago, of those that rest. */
  private async makeRoom(): Promise<void> {
    const { most, rest } = this.world.limits;
    const [oldest] = this.unused(rest).toSorted(([, one], [, other]) => one.asked - other.asked);
    if (!oldest) throw tooManyOpen(most);
    await this.letGo(oldest[0], oldest[1].opened);
  }

  /** Those that nobody asked for in so many ms, that have nothing to do and that nobody waits for. */
  private unused(since: number): [string, Entry & { opened: Writer }][] {
    const before = this.now() - since;
    return [...this.entries].filter(
      (each): each is [string, Entry & { opened: Writer }] =>
        each[1].opened !== null && !each[1].opened.isBusy && each[1].asked <= before,
    );
  }

  private async letGo(streamId: string, writer: Writer): Promise<void> {
    await writer.close();
    if (this.entries.get(streamId)?.opened === writer) this.entries.delete(streamId);
  }

  private now(): number {
    return this.world.now().getTime();
  }
}
