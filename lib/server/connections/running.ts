import { randomUUID } from 'node:crypto';
import type { Connection } from '#prisma/client/client.ts';
import { KernelFailure } from '#kernels/failure.ts';
import type { KernelError } from '#kernels/kernel.ts';
import { stopQuery, type TrinoTarget } from '#kernels/server.ts';
import type { Lodestar } from '#lib/server/lodestar.ts';
import { seal, unseal } from '#lib/server/secret.ts';

/*
 * Queries that clusters run for us now. Each has a row before its rows are given, so that a process which dies leaves behind
 * where its queries can be stopped, and the next one stops them. The address is sealed: who knows it may read the query's rows.
 */

type World = Pick<Lodestar, 'db' | 'secrets' | 'log'>;

export interface RunningOptions {
  /** One process is all there is (PGlite): rows of any other are left behind. */
  alone: boolean;
  /** How to speak to the cluster of a row; null when it cannot be spoken to any more. */
  reach(connection: Connection, userId: string): Promise<TrinoTarget | null>;
  /** Stops one query; kernels/trino unless a test tells otherwise. */
  stop?: typeof stopQuery;
  /** Seconds of silence after which another process is taken for dead. */
  silence?: number;
}

/** One query from before it is known to the cluster until its end. */
export interface Noted {
  note(address: string): Promise<void>;
  /**
   * `isOver`: the cluster itself said that it ended; otherwise it is stopped there, behind the caller's back, after what is
   * `first` and now or later. A second call does nothing.
   */
  end(isOver: boolean, first?: Promise<void>): void;
}

interface Entry {
  connectionId: string;
  target: TrinoTarget;
  stopAt: string | null;
  /** The row being written: it is taken away only when it is there. */
  noting: Promise<void>;
  isEnding: boolean;
}

/** A query a cluster will not stop is given up after this, s: no cluster keeps one that nobody asks for. */
const longest = 86_400;

export class Running {
  private world: World;
  private options: RunningOptions;
  private bootId = randomUUID();
  private entries = new Map<string, Entry>();
  private ending = new Set<Promise<void>>();

  constructor(world: World, options: RunningOptions) {
    this.world = world;
    this.options = options;
  }

  begin(id: string, connectionId: string, userId: string, target: TrinoTarget): Noted {
    const entry: Entry = { connectionId, target, stopAt: null, noting: Promise.resolve(), isEnding: false };
    this.entries.set(id, entry);
    return {
      note: (address) => this.note(id, userId, entry, address),
      end: (isOver, first) => this.end(id, entry, isOver, first),
    };
  }

  /** Stops those of one connection that this process runs; they then fail by themselves. */
  async stopOn(connectionId: string): Promise<void> {
    const meant = [...this.entries].filter(([, entry]) => entry.connectionId === connectionId);
    for (const [id, entry] of meant) this.end(id, entry, false);
    await this.settled();
  }

  /** Resolves when every end that was begun is over, or after 10 s: what is not stopped by then has its row. */
  async settled(): Promise<void> {
    const patience = AbortSignal.timeout(10_000);
    const late = new Promise<void>((resolve) => patience.addEventListener('abort', () => resolve(), { once: true }));
    while (this.ending.size > 0 && !patience.aborted) await Promise.race([Promise.all(this.ending), late]);
  }

  /** Says that this process lives, and stops what dead ones left. Never throws. */
  async look(connectionId?: string): Promise<void> {
    try {
      const { db } = this.world;
      await db.$executeRaw`UPDATE "ClusterQuery" SET "seenAt" = now() WHERE "bootId" = ${this.bootId}`;
      const left = (await this.leftBehind()).filter((each) => !connectionId || each.connectionId === connectionId);
      await Promise.all(left.map(({ id }) => this.stopLeft(id)));
    } catch (error) {
      this.world.log.warn({ err: error }, 'queries left on clusters were not looked for');
    }
  }

  private async note(id: string, userId: string, entry: Entry, address: string): Promise<void> {
    const isKnown = entry.stopAt !== null && isSamePlace(entry.stopAt, address);
    entry.stopAt = address;
    if (isKnown || entry.isEnding) return;
    entry.noting = this.write(id, userId, entry.connectionId, address);
    await entry.noting;
  }

  private async write(id: string, userId: string, connectionId: string, address: string): Promise<void> {
    const stopAt = seal(this.world.secrets, { purpose: 'query', id }, address);
    try {
      await this.world.db.clusterQuery.upsert({
        where: { id },
        create: { id, connectionId, userId, bootId: this.bootId, stopAt },
        update: { stopAt },
      });
    } catch (error) {
      this.world.log.warn({ err: error, id }, 'a query could not be noted, so it is not run');
      throw new KernelFailure(notNoted);
    }
  }

  private end(id: string, entry: Entry, isOver: boolean, first = Promise.resolve()): void {
    if (entry.isEnding) return;
    entry.isEnding = true;
    const ending = first
      .then(() => this.forget(id, entry, isOver))
      .finally(() => {
        this.entries.delete(id);
        this.ending.delete(ending);
      });
    this.ending.add(ending);
  }

  /** A row whose query could not be stopped stays, and is tried again at each look. */
  private async forget(id: string, { target, stopAt, noting }: Entry, isOver: boolean): Promise<void> {
    await noting.catch(() => undefined);
    if (stopAt === null) return;
    try {
      if (!isOver) await this.stop(target, stopAt);
      await this.world.db.clusterQuery.deleteMany({ where: { id } });
    } catch (error) {
      this.world.log.warn({ err: error, id }, 'a query on a cluster could not be stopped yet');
    }
  }

  private async leftBehind(): Promise<{ id: string; connectionId: string }[]> {
    const { alone, silence = 60 } = this.options;
    const rows = await this.world.db.$queryRaw<{ id: string; connectionId: string }[]>`
      SELECT id, "connectionId" FROM "ClusterQuery"
      WHERE "bootId" = ${this.bootId} OR ${alone} OR "seenAt" < now() - ${silence}::int * interval '1 second'`;
    return rows.filter(({ id }) => !this.entries.has(id));
  }

  private async stopLeft(id: string): Promise<void> {
    const row = await this.world.db.clusterQuery.findUnique({ where: { id }, include: { connection: true } });
    if (!row) return;
    try {
      const target = await this.options.reach(row.connection, row.userId);
      const address = unseal(this.world.secrets, { purpose: 'query', id }, row.stopAt);
      const isReachable = target !== null && new URL(address).origin === new URL(target.url).origin;
      if (isReachable) await this.stop(target, address);
      await this.world.db.clusterQuery.deleteMany({ where: { id } });
      const what = isReachable ? 'stopped' : 'forgot, as its cluster is no longer spoken to,';
      this.world.log.info({ id, connectionId: row.connectionId }, `${what} a query that was left on a cluster`);
    } catch (error) {
      await this.giveUp(id, row.startedAt, error);
    }
  }

  private async giveUp(id: string, startedAt: Date, error: unknown): Promise<void> {
    const isOld = Date.now() - startedAt.getTime() > longest * 1000;
    if (isOld) await this.world.db.clusterQuery.deleteMany({ where: { id } });
    const what = isOld ? 'was given up' : 'will be tried again';
    this.world.log.warn({ err: error, id }, `a query left on a cluster could not be stopped and ${what}`);
  }

  private stop(target: TrinoTarget, address: string): Promise<void> {
    return (this.options.stop ?? stopQuery)(target, address);
  }
}

const notNoted: KernelError = {
  code: 'lost',
  message: 'The query was stopped, as this server could not note that it runs.',
  hint: 'The connection may have been deleted. Otherwise run it again in a moment.',
};

/** Pages of one query differ in their last part, the number of the page. */
function isSamePlace(one: string, other: string): boolean {
  const withoutPage = (address: string) => address.slice(0, address.lastIndexOf('/'));
  return withoutPage(one) === withoutPage(other);
}
