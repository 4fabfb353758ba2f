import type { PartRead, TelemetrySource } from '#lib/stream/source.ts';
import type { StreamColumn } from '#lib/stream/spec.ts';
import type { Lodestar } from '#lib/server/lodestar.ts';
import { Problem } from '#lib/server/problem.ts';
import { Bell } from '#lib/server/streams/bell.ts';
import { Feeding } from '#lib/server/streams/feeding.ts';
import type { Item } from '#lib/server/streams/judge.ts';
import { growing, pause } from '#lib/server/streams/pause.ts';
import { eventsAfter, hasEventsAfter, recordOf } from '#lib/server/warehouse/events.ts';
import { eventColumns } from '#lib/server/warehouse/events-dataset.ts';

/*
 * The workbench's own use of a project as a stream: the rows of its events, in their order, each once. How far they were read is
 * stored with the events in the log, as it is for every source.
 */
export type TelemetryWorld = Pick<Lodestar, 'db' | 'log' | 'streams'>;

export interface TelemetryFed {
  id: string;
  projectId: string;
  source: TelemetrySource;
  /** None: our own database needs no other. */
  secret: null;
}

/** What such a stream is made with: nobody says it, as nobody else sends these events. */
export const telemetryContract = {
  eventTime: 'noted_at',
  key: ['id'],
  columns: [{ name: 'id', type: 'BIGINT' }, ...eventColumns] as StreamColumn[],
};

/** Between looks for new events, ms; and how long to leave a log that another Lodestar writes. */
const [every, elsewhereFor] = [500, 2000];
const part = '';

export class TelemetryFeed {
  readonly fed: TelemetryFed;
  private world: TelemetryWorld;
  private failures = 0;
  private feeding: Feeding;

  constructor(world: TelemetryWorld, fed: TelemetryFed) {
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

  /** Gives how long to wait, ms. */
  private met(error: unknown): number {
    this.failures += 1;
    if (error instanceof Problem && error.code === 'stream-elsewhere') return elsewhereFor;
    this.world.log.warn({ err: error, stream: this.fed.id }, 'a stream of our own events waits');
    return growing(this.failures);
  }

  private async read(signal: AbortSignal): Promise<void> {
    const { db, streams } = this.world;
    const { id, projectId } = this.fed;
    let read = (await streams.partsRead(id))[part] ?? null;
    while (!signal.aborted) {
      const last = BigInt((read?.offset ?? 1) - 1);
      if (!(await hasEventsAfter(db, projectId, last))) await pause(every, signal, new Bell());
      else read = await this.take(read, await eventsAfter({ db }, projectId, last));
      this.failures = 0;
    }
  }

  private async take(read: PartRead | null, events: Awaited<ReturnType<typeof eventsAfter>>): Promise<PartRead | null> {
    if (events.length === 0) return read;
    const to = { offset: Number(events.at(-1)!.id) + 1, log: '', lost: 0, resets: 0 };
    const items = events.map((event) => toItem({ id: Number(event.id), ...recordOf(event) }));
    const bytes = items.reduce((sum, { raw }) => sum + raw.length, 0);
    await this.world.streams.append(this.fed.id, { items, key: null, body: '', part, read: { from: read, to } }, bytes);
    return to;
  }
}

function toItem(event: Record<string, unknown>): Item & { raw: string } {
  return { event, raw: JSON.stringify(event) };
}
