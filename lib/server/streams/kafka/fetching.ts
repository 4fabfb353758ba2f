import { reachOf } from './broken.ts';
import { earliest, type Cluster } from './cluster.ts';
import type { Part } from './part.ts';
import type { Fetched } from './records.ts';
import { BatchBroken, isUnreached, stuckWords } from './words.ts';

export interface FetchingWorld {
  cluster: Cluster;
  now(): number;
  words(error: unknown): string;
}

/** How long a partition is left alone that cannot be read, ms. */
const rest = 5000;
/** How often a batch is unpacked before it is taken to be broken: it may have come to harm on its way. */
const mostTries = 3;
/** Bytes to ask for: a broker gives a whole batch at least. */
const oneBatch = 1;

/** Records of partitions that one node leads. One that holds what cannot be read is left alone, and keeps no other from moving. */
export class Fetching {
  private world: FetchingWorld;
  private end: AbortSignal;

  /** Nothing is noted any more when the signal is aborted. */
  constructor(world: FetchingWorld, end: AbortSignal) {
    this.world = world;
    this.end = end;
  }

  /** Throws where the node is not reached. */
  async fetch(leader: number, parts: Part[], most: { bytes: number; wait: number }): Promise<Fetched[]> {
    try {
      return await this.ask(leader, parts, most);
    } catch (error) {
      if (isUnreached(error)) throw error;
      return this.oneByOne(leader, parts, most.bytes);
    }
  }

  /** Tells what is wrong with a partition, and leaves it alone for a while. */
  leave(part: Part, error: unknown): void {
    if (this.end.aborted) return;
    part.trouble = this.world.words(error);
    part.notBefore = this.world.now() + rest;
  }

  /** Whether what a partition is stuck at was taken away. It is not unpacked again. */
  async isPast(part: Part, leader: number): Promise<boolean> {
    const start = (await this.world.cluster.offsets(leader, [part.id], earliest)).get(part.id)!;
    part.notBefore = this.world.now() + rest;
    return start > part.read!.offset;
  }

  private ask(leader: number, parts: Part[], most: { bytes: number; wait: number }): Promise<Fetched[]> {
    const wanted = parts.map(({ id, read }) => ({ partition: id, offset: read!.offset }));
    return this.world.cluster.fetch(leader, wanted, most);
  }

  private async oneByOne(leader: number, parts: Part[], bytes: number): Promise<Fetched[]> {
    const found: Fetched[] = [];
    for (const part of parts)
      try {
        found.push(...(await this.alone(leader, part, bytes)));
      } catch (error) {
        if (isUnreached(error)) throw error;
        if (error instanceof BatchBroken) await this.stopAt(part, leader, error);
        else this.leave(part, error);
      }
    return found;
  }

  /** What comes before a broken batch is read, batch by batch, until that is the next. */
  private async alone(leader: number, part: Part, bytes: number): Promise<Fetched[]> {
    try {
      return await this.ask(leader, [part], { bytes, wait: 0 });
    } catch (error) {
      if (!(error instanceof BatchBroken)) throw error;
      return this.ask(leader, [part], { bytes: oneBatch, wait: 0 });
    }
  }

  private async stopAt(part: Part, leader: number, error: BatchBroken): Promise<void> {
    const { offset } = part.read!;
    const tries = (part.broken?.offset === offset ? part.broken.tries : 0) + 1;
    const at = { cluster: this.world.cluster, leader, partition: part.id };
    const next = tries < mostTries ? null : await reachOf(at, offset);
    part.broken = { offset, tries, next };
    this.leave(part, error);
    part.trouble = stuckWords(error, part.broken);
  }
}

/** Whether the next batch was tried often enough. */
export function isStuck({ broken, read }: Part): boolean {
  return broken !== null && broken.offset === read!.offset && broken.tries >= mostTries;
}
