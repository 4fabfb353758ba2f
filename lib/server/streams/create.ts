import type { WarehouseKernel } from '#kernels/server.ts';
import type { Segment } from '#prisma/client/client.ts';
import { StreamSettings } from '#lib/stream/spec.ts';
import type { Lodestar } from '#lib/server/lodestar.ts';
import type { Warehouse } from '#lib/server/warehouse/warehouse.ts';
import { Chunks } from './chunks.ts';
import { Folder } from './folder.ts';
import { sliceOf, type Parts } from './history.ts';
import { join, joinLimits, type JoinLimits } from './join.ts';
import { liveOf } from './live.ts';
import { segmentsOf } from './manifest.ts';
import { Past } from './past.ts';
import { readEvents } from './read.ts';
import { interrupted } from './refusal.ts';
import { retain, sweepFiles } from './retain.ts';
import { seal } from './seal.ts';
import type { Streams } from './streams.ts';
import { momentsFrom } from './timeline.ts';
import { Waiting, waitingLimits } from './waiting.ts';
import { Writer, writerLimits, type WriterLimits } from './writer.ts';

export type World = Pick<Lodestar, 'config' | 'log' | 'db' | 'now'> & {
  /** Whose children make Parquet of logs; asked when one is needed. */
  warehouse(): Warehouse;
};

interface Options {
  writer?: Partial<WriterLimits>;
  waiting?: typeof waitingLimits;
  join?: JoinLimits;
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
  private limits: WriterLimits;
  private joinLimits: JoinLimits;
  private waiting: Waiting;
  private writers = new Map<string, Promise<Writer>>();
  private sealing = new Map<string, Promise<void>>();
  private past: Past;
  private isClosed = false;
  private timer: ReturnType<typeof setInterval>;

  constructor(world: World, { writer, waiting, join = joinLimits }: Options) {
    this.world = world;
    this.folder = new Folder(world.config.DATA_DIR);
    this.chunks = new Chunks(this.folder);
    this.past = new Past({ db: world.db, folder: this.folder, kernel: () => this.kernel() });
    this.limits = { ...writerLimits, ...writer };
    this.joinLimits = join;
    this.waiting = new Waiting(waiting);
    this.timer = setInterval(() => void this.quietly(() => this.sweep(), 'streams could not be swept'), sweepEvery);
    this.timer.unref();
  }

  reserve: Streams['reserve'] = (streamId, bytes) => this.waiting.reserve(streamId, bytes);

  append: Streams['append'] = async (streamId, batch, bytes) => (await this.writer(streamId)).append(batch, bytes);

  partsRead: Streams['partsRead'] = async (streamId) => ({ ...(await this.writer(streamId)).view.read });

  live: Streams['live'] = async (streamId) => liveOf(await this.writer(streamId), this.world.now().getTime());

  read: Streams['read'] = async (streamId, from, limit, signal) =>
    readEvents({ folder: this.folder, kernel: this.kernel() }, await this.parts(streamId, from), {
      from,
      limit,
      signal,
    });

  timeline: Streams['timeline'] = async (streamId, from, limit) => {
    const { moments, segment, contract } = (await this.writer(streamId)).view;
    const found = [];
    let left = limit;
    for (const each of await this.before(streamId, segment.first, from)) {
      if (left <= 0) return found;
      const taken = momentsFrom(await this.past.of(each, contract.eventTime), from, left);
      left -= taken.reduce((sum, { rows }) => sum + rows, 0);
      found.push(...taken);
    }
    return [...found, ...momentsFrom(moments, from, left)];
  };

  grown: Streams['grown'] = async (streamId, offset, signal) => {
    while (!signal.aborted) {
      const writer = await this.writer(streamId);
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
    const writer = await this.writers.get(streamId)?.catch(() => null);
    if (!writer) return;
    const { settings } = await this.world.db.stream.findUniqueOrThrow({ where: { id: streamId } });
    writer.configure(StreamSettings.parse(settings));
  };

  widen: Streams['widen'] = async (streamId, columns) => (await this.writer(streamId)).widen(columns);

  drop: Streams['drop'] = async (streamId) => {
    const writer = await this.writers.get(streamId)?.catch(() => null);
    this.writers.delete(streamId);
    await writer?.close();
    await this.sealing.get(streamId);
  };

  async sweep(): Promise<void> {
    const { db, now } = this.world;
    const closed = await db.segment.findMany({ where: { state: 'closed' }, distinct: ['streamId'] });
    for (const { streamId } of closed) await this.seal(streamId);
    await retain(db, now().getTime());
    const logs = await db.segment.findMany({ where: { state: { not: 'sealed' } }, select: { id: true } });
    this.chunks.keep(new Set(logs.map(({ id }) => id)));
    await sweepFiles(db, this.folder, this.chunks.names, now().getTime());
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearInterval(this.timer);
    const writers = await Promise.allSettled(this.writers.values());
    for (const writer of writers) if (writer.status === 'fulfilled') await writer.value.close();
    await Promise.allSettled(this.sealing.values());
    await this.chunks.settled();
  }

  /** The writer of a stream, made by the first who asks, and again after a failure. */
  private async writer(streamId: string): Promise<Writer> {
    if (this.isClosed) throw interrupted();
    const before = await this.writers.get(streamId)?.catch(() => null);
    if (before?.isAlive) return before;
    if (before) await this.letGo(streamId, before);
    let next = this.writers.get(streamId);
    if (!next) {
      next = Writer.open({ ...this.world, folder: this.folder }, streamId, this.limits, () => this.sealSoon(streamId));
      this.writers.set(streamId, next);
      next.catch(() => this.writers.delete(streamId));
    }
    return next;
  }

  private async letGo(streamId: string, writer: Writer): Promise<void> {
    await writer.close();
    const now = this.writers.get(streamId);
    if (now && (await now.catch(() => null)) === writer) this.writers.delete(streamId);
  }

  /** The tail first, then what was before it: what is closed meanwhile is in neither twice nor left out. */
  private async parts(streamId: string, from: number): Promise<Parts> {
    const { tail } = await this.writer(streamId);
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

  private sealSoon(streamId: string): void {
    void this.quietly(() => this.seal(streamId), 'a segment of a stream could not become Parquet');
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
