import type { WarehouseKernel } from '#kernels/server.ts';
import type { Segment } from '#prisma/client/client.ts';
import { StreamSettings } from '#lib/stream/spec.ts';
import type { Lodestar } from '#lib/server/lodestar.ts';
import type { Warehouse } from '#lib/server/warehouse/warehouse.ts';
import { Chunks } from './chunks.ts';
import { Folder } from './folder.ts';
import { endOf, sliceOf, type Parts } from './history.ts';
import { join, joinLimits, type JoinLimits } from './join.ts';
import { elsewhere } from './lease.ts';
import { liveOf } from './live.ts';
import { segmentsOf } from './manifest.ts';
import { Past } from './past.ts';
import { readEvents } from './read.ts';
import { retain, sweepFiles } from './retain.ts';
import { seal } from './seal.ts';
import type { Streams } from './streams.ts';
import { momentsFrom } from './timeline.ts';
import { Waiting, waitingLimits } from './waiting.ts';
import { Writer, writerLimits, type WriterLimits } from './writer.ts';
import { Writers, openLimits, type OpenLimits } from './writers.ts';

export type World = Pick<Lodestar, 'config' | 'log' | 'db' | 'now'> & {
  /** Whose children make Parquet of logs; asked when one is needed. */
  warehouse(): Warehouse;
};

interface Options {
  writer?: Partial<WriterLimits>;
  waiting?: typeof waitingLimits;
  join?: JoinLimits;
  open?: Partial<OpenLimits>;
}

const sweepEvery = 60_000;

/** Nothing is opened and nobody else is kept from writing until a stream is used. */
export function createStreams(world: World, options: Options = {}): Streams {
  return new StandingStreams(world, options);
}

class StandingStreams implements Streams {
  private world: World;
  readonly folder: Folder;
  readonly chunks: Chunks;
  private joinLimits: JoinLimits;
  private waiting: Waiting;
  private writers: Writers;
  private sealing = new Map<string, Promise<void>>();
  private past: Past;
  private timer: ReturnType<typeof setInterval>;

  constructor(world: World, { writer, waiting, join = joinLimits, open }: Options) {
    this.world = world;
    this.folder = new Folder(world.config.DATA_DIR);
    this.chunks = new Chunks(this.folder);
    this.past = new Past({ db: world.db, folder: this.folder, kernel: () => this.kernel() });
    const limits = { ...writerLimits, ...writer };
    this.writers = new Writers({
      open: (id) => Writer.open({ ...world, folder: this.folder }, id, limits, () => void this.sealQuietly(id)),
      now: world.now,
      limits: { ...openLimits, ...open },
    });
    this.joinLimits = join;
    this.waiting = new Waiting(waiting);
    this.timer = setInterval(() => void this.quietly(() => this.sweep(), 'streams could not be swept'), sweepEvery);
    this.timer.unref();
  }

  reserve: Streams['reserve'] = (streamId, bytes) => this.waiting.reserve(streamId, bytes);

  append: Streams['append'] = async (streamId, batch, bytes) => (await this.writers.of(streamId)).append(batch, bytes);

  partsRead: Streams['partsRead'] = async (streamId) => ({ ...(await this.writers.of(streamId)).view.read });

  live: Streams['live'] = async (streamId) => liveOf(await this.writers.of(streamId), this.world.now().getTime());

  read: Streams['read'] = async (streamId, from, limit, signal) =>
    readEvents({ folder: this.folder, kernel: this.kernel() }, await this.parts(streamId, from), {
      from,
      limit,
      signal,
    });

  timeline: Streams['timeline'] = async (streamId, from, limit) => {
    const { moments, segment, contract } = (await this.writers.of(streamId)).view;
    const found = [];
    let left = limit;
    let next = from;
    for (const each of await this.before(streamId, segment.first, from)) {
      if (left <= 0) return found;
      const taken = momentsFrom(await this.past.of(each, contract.eventTime), from, left);
      left -= taken.reduce((sum, { rows }) => sum + rows, 0);
      next = Math.max(next, endOf(each));
      found.push(...taken);
    }
    return left > 0 ? [...found, ...momentsFrom(moments, next, left)] : found;
  };

  grown: Streams['grown'] = async (streamId, offset, signal) => {
    while (!signal.aborted) {
      const writer = await this.writers.of(streamId);
      if (writer.view.end > offset) return;
      await writer.changed.heard(signal);
    }
  };

  slice: Streams['slice'] = async (streamId, bounds) =>
    sliceOf(this, streamId, await this.parts(streamId, bounds.from ?? 0), bounds);

  relations: Streams['relations'] = async (projectId, names) => {
    if (names.length === 0) return {};
    const found = await this.world.db.stream.findMany({
      where: { projectId, name: { in: names, mode: 'insensitive' } },
    });
    const relations: Awaited<ReturnType<Streams['relations']>> = {};
    for (const name of names) {
      const stream = found.find((each) => each.name.toLowerCase() === name.toLowerCase());
      if (stream) relations[name] = await this.slice(stream.id, { below: Infinity });
    }
    return relations;
  };

  configure: Streams['configure'] = async (streamId) => {
    const writer = await this.writers.known(streamId);
    if (!writer) return;
    const { settings } = await this.world.db.stream.findUniqueOrThrow({ where: { id: streamId } });
    writer.configure(StreamSettings.parse(settings));
  };

  widen: Streams['widen'] = async (streamId, columns) => (await this.writers.of(streamId)).widen(columns);

  drop: Streams['drop'] = async (streamId) => {
    await this.writers.drop(streamId);
    await this.sealing.get(streamId);
  };

  async sweep(): Promise<void> {
    const { db, now } = this.world;
    await this.writers.rest();
    const closed = await db.segment.findMany({ where: { state: 'closed' }, distinct: ['streamId'] });
    const { held, written } = await elsewhere(db, await this.folder.home());
    for (const { streamId } of closed) if (!held.has(streamId)) await this.sealQuietly(streamId);
    await retain(db, now().getTime());
    const logs = await db.segment.findMany({ where: { state: { not: 'sealed' } }, select: { id: true } });
    this.chunks.keep(new Set(logs.map(({ id }) => id)));
    await sweepFiles(db, this.folder, { chunks: this.chunks.names, elsewhere: written }, now().getTime());
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.writers.close();
    await Promise.allSettled(this.sealing.values());
    await this.chunks.settled();
  }

  /** The tail first, then what was before it: what is closed meanwhile is not left out. Joined to what was before, it is there too. */
  private async parts(streamId: string, from: number): Promise<Parts> {
    const { tail } = await this.writers.of(streamId);
    return { tail, segments: await this.before(streamId, tail.first, from) };
  }

  /** The segments before the open one, that begins with `first`, in order; only those that hold events from `from` on. */
  private async before(streamId: string, first: number, from: number): Promise<Segment[]> {
    if (from >= first) return [];
    const segments = await segmentsOf(this.world.db, streamId);
    return segments.filter(({ firstOffset, rows }) => firstOffset < first && firstOffset + rows > from);
  }

  private kernel(): WarehouseKernel {
    return this.world.warehouse().kernel as WarehouseKernel;
  }

  /** One whose log is not here, or is damaged, keeps no other from it. */
  private sealQuietly(streamId: string): Promise<void> {
    return this.quietly(() => this.seal(streamId), 'a segment of a stream could not become Parquet');
  }

  /** Closed segments of a stream, one after the other; who asks meanwhile waits for one that began after. */
  private async seal(streamId: string): Promise<void> {
    const before = this.sealing.get(streamId) ?? Promise.resolve();
    const mine = before.catch(() => undefined).then(() => this.sealClosed(streamId));
    this.sealing.set(streamId, mine);
    await mine.finally(() => this.sealing.get(streamId) === mine && this.sealing.delete(streamId));
  }

  private async sealClosed(streamId: string): Promise<void> {
    const { db } = this.world;
    const closed = await db.segment.findMany({
      where: { streamId, state: 'closed' },
      include: { stream: true },
      orderBy: { firstOffset: 'asc' },
    });
    if (closed.length === 0) return;
    const world = { db, folder: this.folder, kernel: this.kernel() };
    for (const segment of closed) {
      await seal(world, segment, segment.stream);
      this.chunks.forget(segment.id);
    }
    await join(world, closed[0]!.stream, this.joinLimits);
  }

  private async quietly(work: () => Promise<void>, what: string): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.world.log.error({ err: error }, what);
    }
  }
}
