import type { WarehouseKernel } from '#kernels/server.ts';
import type { Stream } from '#prisma/client/client.ts';
import { StreamSettings, type StreamColumn } from '#lib/stream/spec.ts';
import type { Lodestar } from '#lib/server/lodestar.ts';
import type { Warehouse } from '#lib/server/warehouse/warehouse.ts';
import { Folder } from './folder.ts';
import { historyOf, type Parts, type Table } from './history.ts';
import { liveOf } from './live.ts';
import { segmentsOf } from './manifest.ts';
import { readEvents } from './read.ts';
import { retain, sweepFiles } from './retain.ts';
import { seal } from './seal.ts';
import type { Streams } from './streams.ts';
import { Waiting, waitingLimits } from './waiting.ts';
import { Writer, writerLimits, type WriterLimits } from './writer.ts';

export type World = Pick<Lodestar, 'config' | 'log' | 'db' | 'now'> & {
  /** Whose children make Parquet of logs; asked when one is needed. */
  warehouse(): Warehouse;
};

interface Options {
  writer?: Partial<WriterLimits>;
  waiting?: typeof waitingLimits;
}

const sweepEvery = 60_000;

/** Nothing is opened and nobody else is kept from writing until a stream is used. */
export function createStreams(world: World, options: Options = {}): Streams {
  return new StandingStreams(world, options);
}

class StandingStreams implements Streams {
  private world: World;
  private folder: Folder;
  private limits: WriterLimits;
  private waiting: Waiting;
  private writers = new Map<string, Promise<Writer>>();
  private sealing = new Map<string, Promise<void>>();
  private tables = new Map<string, Table>();
  private timer: ReturnType<typeof setInterval>;

  constructor(world: World, { writer, waiting }: Options) {
    this.world = world;
    this.folder = new Folder(world.config.DATA_DIR);
    this.limits = { ...writerLimits, ...writer };
    this.waiting = new Waiting(waiting);
    this.timer = setInterval(() => void this.quietly(() => this.sweep(), 'streams could not be swept'), sweepEvery);
    this.timer.unref();
  }

  reserve: Streams['reserve'] = (streamId, bytes) => this.waiting.reserve(streamId, bytes);

  append: Streams['append'] = async (streamId, batch, bytes) => (await this.writer(streamId)).append(batch, bytes);

  live: Streams['live'] = async (streamId) => liveOf(await this.writer(streamId), this.world.now().getTime());

  read: Streams['read'] = async (streamId, from, limit, signal) =>
    readEvents(this.reading(), await this.parts(streamId), { from, limit, signal });

  relations: Streams['relations'] = async (projectId, names) => {
    if (names.length === 0) return {};
    const found = await this.world.db.stream.findMany({
      where: { projectId, name: { in: names, mode: 'insensitive' } },
    });
    const relations: Awaited<ReturnType<Streams['relations']>> = {};
    for (const name of names) {
      const stream = found.find((each) => each.name.toLowerCase() === name.toLowerCase());
      if (stream) relations[name] = await this.history(stream);
    }
    return relations;
  };

  configure: Streams['configure'] = async (streamId) => {
    const writer = await this.writers.get(streamId)?.catch(() => null);
    if (!writer) return;
    const { settings } = await this.world.db.stream.findUniqueOrThrow({ where: { id: streamId } });
    writer.configure(StreamSettings.parse(settings));
  };

  drop: Streams['drop'] = async (streamId) => {
    const writer = await this.writers.get(streamId)?.catch(() => null);
    this.writers.delete(streamId);
    this.tables.delete(streamId);
    await writer?.close();
    await this.sealing.get(streamId);
  };

  async sweep(): Promise<void> {
    const { db, now } = this.world;
    const closed = await db.segment.findMany({ where: { state: 'closed' }, distinct: ['streamId'] });
    for (const { streamId } of closed) await this.seal(streamId);
    await retain(db, now().getTime());
    const tables = [...this.tables].map(([streamId, { name }]) => `${streamId}/${name}`);
    await sweepFiles(db, this.folder, tables, now().getTime());
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    const writers = await Promise.allSettled(this.writers.values());
    for (const writer of writers) if (writer.status === 'fulfilled') await writer.value.close();
    await Promise.allSettled(this.sealing.values());
  }

  /** The writer of a stream, made by the first who asks, and again after a failure. */
  private async writer(streamId: string): Promise<Writer> {
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

  private async history({ id }: Stream) {
    return historyOf(this.reading(), id, await this.parts(id, () => this.seal(id)));
  }

  /** The tail first, then what was before it: what is closed meanwhile is in neither twice nor left out. */
  private async parts(streamId: string, before: () => Promise<void> = async () => undefined): Promise<Parts> {
    const { tail } = await this.writer(streamId);
    await before();
    const segments = await segmentsOf(this.world.db, streamId);
    return { tail, segments: segments.filter(({ firstOffset }) => firstOffset < tail.first) };
  }

  private reading() {
    return { folder: this.folder, kernel: this.kernel(), tables: this.tables };
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
    for (const segment of closed) {
      const world = { db, folder: this.folder, kernel: this.kernel() };
      await seal(world, segment, segment.stream.columns as unknown as StreamColumn[]);
    }
  }

  private async quietly(work: () => Promise<void>, what: string): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.world.log.error({ err: error }, what);
    }
  }
}
