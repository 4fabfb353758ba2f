import type { Answer } from '#lib/client/call.ts';
import type { StreamView } from '#lib/client/api/streams.ts';
import { sameName } from '#lib/notebook/name.ts';
import { ownColumns } from '#lib/stream/spec.ts';
import type { Column } from '#lib/table/column.ts';
import { StreamWindow, type FetchLast } from './stream-window.ts';

/** A stream as a notebook has it: what it is, and how this tab reads it. */
export interface StreamHere {
  id: string;
  name: string;
  columns: Column[];
  eventTime: string;
  events: number;
  /** Events a second over the last minute. */
  rate: number;
  lastReceivedAt: string | null;
  /** How many minutes of it cells in the browser read. */
  minutes: number;
  /** Whether they follow it. */
  isLive: boolean;
}

/** How this tab reads a stream. */
export interface StreamReading {
  minutes?: number;
  isLive?: boolean;
}

const asFirst = { minutes: 15, isLive: true };

/** The streams of the project as last listed, and their last minutes where cells of this tab read them. */
export class Streams {
  list: readonly StreamHere[] = [];
  private readonly readings = new Map<string, Required<StreamReading>>();
  private readonly windows = new Map<string, StreamWindow>();
  private readonly read: () => Promise<Answer<StreamView[]>>;
  private readonly fetchLast: FetchLast;

  constructor(read: () => Promise<Answer<StreamView[]>>, fetchLast: FetchLast) {
    this.read = read;
    this.fetchLast = fetchLast;
  }

  /** Lists again; whether something is another now. Without an answer everything stays as it was. */
  async refresh(): Promise<boolean> {
    const answer = await this.read();
    return answer.ok && this.become(answer.value.map((view) => this.toHere(view)));
  }

  named(name: string): StreamHere | null {
    return this.list.find((each) => sameName(each.name, name)) ?? null;
  }

  /** Its last minutes; fetched by those who need them. */
  windowOf({ id, minutes }: Pick<StreamHere, 'id' | 'minutes'>): StreamWindow {
    const known = this.windows.get(id);
    if (known?.minutes === minutes) return known;
    const window = new StreamWindow(id, minutes, this.fetchLast);
    this.windows.set(id, window);
    return window;
  }

  setReading(id: string, change: StreamReading): void {
    this.readings.set(id, { ...asFirst, ...this.readings.get(id), ...change });
    this.become(this.list.map((each) => (each.id === id ? { ...each, ...this.readings.get(id) } : each)));
  }

  private become(list: StreamHere[]): boolean {
    if (JSON.stringify(list) === JSON.stringify(this.list)) return false;
    this.list = list;
    return true;
  }

  private toHere({ id, name, columns, eventTime, events, rate, lastReceivedAt }: StreamView): StreamHere {
    const own = ownColumns.map((column) => ({ ...column }));
    const facts = { id, name, columns: [...columns, ...own], eventTime, events, rate, lastReceivedAt };
    return { ...facts, ...asFirst, ...this.readings.get(id) };
  }
}
