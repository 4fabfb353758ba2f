import type { Kernel } from '#kernels/kernel.ts';
import type { Answer, Refusal } from '#lib/client/call.ts';
import type { DeadLetter, StreamApi, StreamView } from '#lib/client/api/streams.ts';
import { offsetColumn, ownColumns, receivedColumn } from '#lib/stream/spec.ts';
import type { StreamRates, StreamReader } from '#lib/stream/view.ts';
import { matching } from './filter.ts';
import { Tail, deadEntry, eventEntry, filledShares, type Entry, type TailView } from './tail.ts';

/*
 * A stream as a page watches it: looked at again each second while the page is in sight, its events followed one after the
 * other. It knows no React; the engine that filters is asked for when the first filter is.
 */

export interface Watched {
  view: StreamView;
  rates: StreamRates | null;
  readers: StreamReader[] | null;
  /** The latest first; null before they were read. */
  dead: DeadLetter[] | null;
  tail: TailView;
  filter: Filter;
  filled: ReadonlyMap<string, number>;
  /** Events that came faster than they are shown and were passed over. */
  passed: number;
  /** Why it could not be looked at again; null while it can. */
  problem: Refusal | null;
  /** When it was last looked at, ms. */
  at: number;
}

export interface Filter {
  condition: string;
  state: 'none' | 'asking' | 'good' | 'wrong';
  why: string;
}

export interface WatchParts {
  first: { view: StreamView; rates: StreamRates | null; readers: StreamReader[] | null; dead: DeadLetter[] | null };
  api: StreamApi;
  engine(): Pick<Kernel, 'run'>;
  now?: () => number;
  isHidden?: () => boolean;
  /** ms between two looks */
  every?: number;
}

const part = 1000;
const atFirst = 500;
/** Further behind than this, the tail goes on from the end. */
const mostBehind = 3000;
const slowly = 5;

export class StreamWatch {
  private readonly parts: WatchParts;
  private readonly tail = new Tail();
  private readonly listeners = new Set<() => void>();
  private readonly gone = new AbortController();
  private state: Watched;
  /** The number of the next event to read; null before the first look. */
  private next: number | null = null;
  private deadKnown = -1;
  private looks = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: WatchParts) {
    this.parts = parts;
    this.state = {
      ...parts.first,
      tail: this.tail.view(),
      filter: noFilter,
      filled: new Map(),
      passed: 0,
      problem: null,
      at: this.now(),
    };
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  snapshot = (): Watched => this.state;

  start(): void {
    void this.goOn();
  }

  close(): void {
    clearTimeout(this.timer);
    this.gone.abort();
    this.listeners.clear();
  }

  hold(): void {
    this.tail.hold(this.now());
    this.show({});
  }

  release(): void {
    this.tail.goOn();
    this.show({});
  }

  /** What stands after WHERE; '' shows all. */
  async setFilter(condition: string): Promise<void> {
    const asked = condition.trim();
    this.show({ filter: { condition: asked, state: asked ? 'asking' : 'none', why: '' } });
    const matches = await this.matchesIn(this.tail.all());
    if (this.state.filter.condition !== asked || !matches) return;
    this.tail.match(matches);
    this.show({ filter: { condition: asked, state: asked ? 'good' : 'none', why: '' } });
  }

  /** Takes the settings that were just stored. */
  changed(view: StreamView): void {
    this.show({ view });
  }

  private async goOn(): Promise<void> {
    const { isHidden = () => document.visibilityState === 'hidden', every = 1000 } = this.parts;
    try {
      if (!isHidden()) await this.look();
    } catch (error) {
      if (this.gone.signal.aborted) return;
      throw error;
    } finally {
      if (!this.gone.signal.aborted) this.timer = setTimeout(() => void this.goOn(), every);
    }
  }

  private async look(): Promise<void> {
    const { signal } = this.gone;
    const { api } = this.parts;
    const isSlow = this.looks++ % slowly === 0;
    const [view, rates, readers] = await Promise.all([
      api.read(signal),
      isSlow ? api.rates(signal) : null,
      isSlow ? api.readers(signal) : null,
    ]);
    if (!view.ok) return this.show({ problem: view.problem });
    this.show({
      view: view.value,
      problem: null,
      at: this.now(),
      ...(rates?.ok && { rates: rates.value }),
      ...(readers?.ok && { readers: readers.value.items }),
    });
    if (!view.value.trouble) await this.follow(view.value);
  }

  /** The events since the last look, and dead letters where there are more of them. */
  private async follow(view: StreamView): Promise<void> {
    this.next ??= Math.max(view.firstOffset, view.offset - atFirst);
    const behind = view.offset - this.next;
    if (behind > mostBehind) this.next = view.offset - atFirst;
    const passed = Math.max(0, behind > mostBehind ? behind - atFirst : 0);
    const [events, dead] = await Promise.all([this.eventsUpTo(view.offset), this.newDead(view)]);
    const came = [...events, ...(dead ?? []).map((letter) => deadEntry(letter, view.columns.map(nameOf)))];
    const fresh = this.tail.unknown(came);
    const matches = await this.matchesIn(fresh);
    this.tail.add(fresh, matches ?? new Set());
    this.show({
      ...(dead && { dead }),
      passed: this.state.passed + passed,
      filled: fresh.length > 0 ? filledShares(this.tail.all(), view.columns) : this.state.filled,
    });
  }

  private async eventsUpTo(end: number): Promise<Entry[]> {
    const entries: Entry[] = [];
    while (this.next! < end) {
      const answer = await this.parts.api.events(this.next!, part, this.gone.signal);
      if (!answer.ok || answer.value.items.length === 0) break;
      entries.push(...answer.value.items.map(eventEntry));
      this.next = answer.value.next;
    }
    return entries;
  }

  private async newDead({ deadLetters }: StreamView): Promise<DeadLetter[] | null> {
    if (deadLetters === this.deadKnown) return null;
    const answer: Answer<{ items: DeadLetter[] }> = await this.parts.api.deadLetters(200, this.gone.signal);
    if (!answer.ok) return null;
    this.deadKnown = deadLetters;
    return answer.value.items;
  }

  /** Null where the filter cannot be asked: the state says why then. */
  private async matchesIn(entries: readonly Entry[]): Promise<Set<string> | null> {
    const { condition } = this.state.filter;
    if (!condition) return new Set(entries.map(({ id }) => id));
    if (entries.length === 0) return new Set();
    const columns = [...this.state.view.columns, ...ownColumns];
    const found = await matching(condition, entries, columns, this.parts.engine(), this.gone.signal);
    if (found.ok) return found.ids;
    const isOurs = this.state.filter.condition === condition;
    if (isOurs) this.show({ filter: { condition, state: 'wrong', why: found.error.message } });
    return null;
  }

  private show(change: Partial<Watched>): void {
    this.state = { ...this.state, ...change, tail: this.tail.view() };
    for (const listener of this.listeners) listener();
  }

  private now(): number {
    return (this.parts.now ?? Date.now)();
  }
}

const noFilter: Filter = { condition: '', state: 'none', why: '' };

function nameOf({ name }: { name: string }): string {
  return name;
}

/** Columns in the order a tail shows them: the event's time first, our own number last, when it came not at all. */
export function tailColumns({ columns, eventTime }: Pick<StreamView, 'columns' | 'eventTime'>) {
  const own = new Set<string>([eventTime, offsetColumn, receivedColumn]);
  const time = columns.filter(({ name }) => name === eventTime);
  return [...time, ...columns.filter(({ name }) => !own.has(name))];
}
