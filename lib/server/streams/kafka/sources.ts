import { Prisma, type Stream } from '#prisma/client/client.ts';
import { PartsRead, StreamSource, type SourceView } from '#lib/stream/source.ts';
import { StreamSettings } from '#lib/stream/spec.ts';
import { TelemetryFeed, type TelemetryFed, type TelemetryWorld } from '#lib/server/streams/telemetry/feed.ts';
import { Feed, describe, type Fed, type FeedWorld } from './feed.ts';

/*
 * Streams whose events are fetched: one feed a stream in each process that may write it. Of several processes the one with
 * the stream's lease reads; the others ask for it every few seconds, and the first to get it goes on where the last stopped.
 */
export interface Sources {
  /** Begins what is to be read; before it nothing is. */
  start(): Promise<void>;
  /** Takes over what the stream's row says now: one that was made, changed, or deleted. */
  renew(streamId: string): Promise<void>;
  /** How fetching goes; null for a stream that is pushed to, or of our own events. */
  view(row: Stream): SourceView | null;
  close(): Promise<void>;
}

export type SourcesWorld = FeedWorld & TelemetryWorld;

type AnyFed = Fed | TelemetryFed;

/** How often streams are looked for that other processes made, changed or deleted, ms. */
const lookEvery = 5000;

export function createSources(world: SourcesWorld): Sources {
  return new StandingSources(world);
}

class StandingSources implements Sources {
  private world: SourcesWorld;
  private feeds = new Map<string, Feed | TelemetryFeed>();
  private turn: Promise<void> = Promise.resolve();
  private timer: ReturnType<typeof setInterval> | null = null;
  private isClosed = false;

  constructor(world: SourcesWorld) {
    this.world = world;
  }

  async start(): Promise<void> {
    this.timer = setInterval(() => void this.look(), lookEvery);
    this.timer.unref();
    await this.look();
  }

  renew(streamId: string): Promise<void> {
    return this.inTurn(async () => {
      const row = await this.world.db.stream.findUnique({ where: { id: streamId } });
      await this.take(streamId, row && toFed(row));
    });
  }

  view(row: Stream): SourceView | null {
    const fed = toFed(row);
    if (!fed || !isKafka(fed)) return null;
    const { idle } = StreamSettings.parse(row.settings);
    const feed = this.feeds.get(row.id);
    if (feed instanceof Feed) return feed.view(idle);
    return { ...describe(fed, idle, this.world.now().getTime()), state: 'starting', trouble: null };
  }

  async close(): Promise<void> {
    this.isClosed = true;
    if (this.timer) clearInterval(this.timer);
    await this.turn;
    await Promise.all([...this.feeds.values()].map((feed) => feed.stop()));
    this.feeds.clear();
  }

  private look(): Promise<void> {
    return this.inTurn(async () => {
      const rows = await this.world.db.stream.findMany({ where: { source: { not: Prisma.DbNull } } });
      const wanted = new Map(rows.map((row) => [row.id, toFed(row)]));
      for (const id of new Set([...this.feeds.keys(), ...wanted.keys()])) await this.take(id, wanted.get(id) ?? null);
    });
  }

  /** One after the other, so that a stream has one feed at most; what fails is tried with the next look. */
  private inTurn(work: () => Promise<void>): Promise<void> {
    this.turn = this.turn
      .then(() => (this.isClosed ? undefined : work()))
      .catch((error: unknown) => this.world.log.error({ err: error }, 'sources of streams could not be looked at'));
    return this.turn;
  }

  private async take(id: string, wanted: AnyFed | null): Promise<void> {
    const feed = this.feeds.get(id);
    if (feed && wanted && isSame(feed.fed, wanted)) return;
    this.feeds.delete(id);
    await feed?.stop();
    if (wanted && this.timer) this.feeds.set(id, this.feed(wanted));
  }

  private feed(wanted: AnyFed): Feed | TelemetryFeed {
    return isKafka(wanted) ? new Feed(this.world, wanted) : new TelemetryFeed(this.world, wanted);
  }
}

function toFed({ id, projectId, source, secret, parts }: Stream): AnyFed | null {
  if (source === null) return null;
  const known = StreamSource.safeParse(source);
  if (!known.success) return null;
  if (known.data.kind === 'telemetry') return { id, projectId, source: known.data, secret: null };
  return { id, source: known.data, secret, parts: PartsRead.parse(parts ?? {}) };
}

function isKafka(fed: AnyFed): fed is Fed {
  return fed.source.kind === 'kafka';
}

function isSame(one: AnyFed, other: AnyFed): boolean {
  return one.secret === other.secret && JSON.stringify(one.source) === JSON.stringify(other.source);
}
