import type { KafkaSource, PartsRead, SourceView } from '#lib/stream/source.ts';
import { Problem } from '#lib/server/problem.ts';
import { SealBroken } from '#lib/server/secret.ts';
import { Feeding } from '#lib/server/streams/feeding.ts';
import { growing } from '#lib/server/streams/pause.ts';
import type { Lodestar } from '#lib/server/lodestar.ts';
import { Cluster } from './cluster.ts';
import { newPart, viewOf } from './part.ts';
import { openPassword } from './reach.ts';
import { Reader } from './reader.ts';
import { internal, toWords } from './words.ts';

export type FeedWorld = Pick<Lodestar, 'config' | 'log' | 'now' | 'secrets' | 'streams'>;

export interface Fed {
  id: string;
  source: KafkaSource;
  /** Sealed. */
  secret: string | null;
  /** As of the row; a running reader knows better. */
  parts: PartsRead;
}

/** How long to wait for a log that another Lodestar writes, ms: its lease ends some seconds after it. */
const elsewhereFor = 2000;

/** Reads one topic into one stream, again and again as long as it is wanted; only where the stream may be written. */
export class Feed {
  readonly fed: Fed;
  private world: FeedWorld;
  private reader: Reader | null = null;
  private trouble: string | null = null;
  private isElsewhere = false;
  private failures = 0;
  private feeding: Feeding;

  constructor(world: FeedWorld, fed: Fed) {
    this.world = world;
    this.fed = fed;
    this.feeding = new Feeding(
      (signal) => this.read(signal),
      (error) => this.met(error),
    );
  }

  stop(): Promise<void> {
    return this.feeding.stop();
  }

  /** `idle`: seconds without a record after which a partition is said to be idle. */
  view(idle: number): SourceView {
    const now = this.world.now().getTime();
    return { ...describe(this.fed, idle, now, this.reader), state: this.state(), trouble: this.why() };
  }

  private state(): SourceView['state'] {
    if (this.isElsewhere) return 'elsewhere';
    if (this.trouble !== null || this.reader?.trouble) return 'waiting';
    return this.reader?.isReading ? 'reading' : 'starting';
  }

  private why(): string | null {
    if (this.isElsewhere) return null;
    const part = [...(this.reader?.parts.values() ?? [])].find((each) => each.trouble !== null);
    const partly = part ? `Partition ${part.id} does not move: ${part.trouble}` : null;
    return this.trouble ?? this.reader?.trouble ?? partly;
  }

  /** Gives how long to wait, ms. */
  private met(error: unknown): number {
    this.failures = this.reader?.isReading ? 1 : this.failures + 1;
    this.reader = null;
    this.isElsewhere = problemOf(error)?.code === 'stream-elsewhere';
    this.trouble = this.words(error);
    if (!this.isElsewhere) this.world.log.warn({ stream: this.fed.id, why: this.trouble }, 'a stream’s source waits');
    return this.isElsewhere ? elsewhereFor : growing(this.failures);
  }

  private async read(signal: AbortSignal): Promise<void> {
    const { world, fed } = this;
    const { streams, log } = world;
    const secret = fed.secret === null ? null : openPassword(world.secrets, fed.id, fed.source, fed.secret);
    const exceptions = world.config.ALLOW_PRIVATE_ADDRESSES;
    const target = {
      partsRead: async () => {
        const parts = await streams.partsRead(fed.id);
        this.isElsewhere = false;
        this.trouble = null;
        return parts;
      },
      append: (batch: Parameters<typeof streams.append>[1], bytes: number) => streams.append(fed.id, batch, bytes),
    };
    const reader = new Reader({
      cluster: new Cluster({ source: fed.source, secret, exceptions }),
      target,
      log,
      now: () => world.now().getTime(),
      words: (error) => this.words(error),
    });
    this.reader = reader;
    await reader.run(signal);
  }

  private words(error: unknown): string {
    const problem = problemOf(error);
    if (problem) return problem.message;
    if (error instanceof SealBroken) return 'The password that is kept cannot be opened here: give it again.';
    const words = toWords(error, this.fed.source);
    if (words === internal) this.world.log.error({ err: error, stream: this.fed.id }, 'a stream’s source broke');
    return words;
  }
}

/** What is known of a source without or with somebody who reads it here. */
export function describe(
  { source, secret, parts }: Fed,
  idle: number,
  now: number,
  reader: Pick<Reader, 'parts'> | null = null,
): Omit<SourceView, 'state' | 'trouble'> {
  const stored = Object.entries(parts).map(([id, read]) => newPart(Number(id), read, now));
  const known = reader && reader.parts.size > 0 ? [...reader.parts.values()] : stored;
  const partitions = known.toSorted((a, b) => a.id - b.id).map((part) => viewOf(part, idle, now));
  return { ...source, hasSecret: secret !== null, partitions };
}

/** What a log that cannot be written says, also where it was thrown for it. */
function problemOf(error: unknown): Problem | null {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Problem ? cause : null;
}
