import type { DeadLetter, StreamEvent } from '#lib/client/api/streams.ts';

/*
 * The newest entries of a stream as someone reads them: events and dead letters in the order they came, held while they are
 * read. It fetches nothing and knows no engine: what comes in is given with whether it matches the filter.
 */

export type Entry =
  | { kind: 'event'; id: string; received: number; values: StreamEvent }
  | {
      kind: 'dead';
      id: string;
      received: number;
      reason: string;
      raw: string;
      isCut: boolean;
      /** The event's fields, where it was an object at all. */
      values: StreamEvent | null;
      /** The field that broke the contract, where the reason names one. */
      field: string | null;
    };

export interface TailView {
  /** The newest first. */
  rows: readonly Entry[];
  /** Since when it is held, ms; null while it moves. */
  heldAt: number | null;
  /** Newer entries that match and wait. */
  waiting: number;
  /** Of the entries in hand, how many match and how many there are. */
  matching: number;
  inHand: number;
}

export const mostInHand = 2000;
export const mostShown = 200;

export class Tail {
  /** In the order they came. */
  private entries: Entry[] = [];
  private matches = new Set<string>();
  private known = new Set<string>();
  private held: { at: number; rows: readonly Entry[]; newest: ReadonlySet<string>; waiting: number } | null = null;

  /** Entries in hand, in the order they came. */
  all(): readonly Entry[] {
    return this.entries;
  }

  /** Those that are not known yet, of which something must be asked before they are added. */
  unknown(entries: readonly Entry[]): Entry[] {
    return entries.filter(({ id }) => !this.known.has(id));
  }

  add(entries: readonly Entry[], matches: ReadonlySet<string>): void {
    const fresh = this.unknown(entries);
    if (fresh.length === 0) return;
    for (const { id } of fresh) {
      this.known.add(id);
      if (!matches.has(id)) continue;
      this.matches.add(id);
      if (this.held) this.held.waiting += 1;
    }
    this.entries = [...this.entries, ...fresh].sort(inOrder);
    for (const { id } of this.entries.splice(0, this.entries.length - mostInHand)) {
      this.known.delete(id);
      this.matches.delete(id);
    }
  }

  /** Another filter: which of the entries in hand match it. */
  match(matches: ReadonlySet<string>): void {
    this.matches = new Set(matches);
    if (!this.held) return;
    const { newest } = this.held;
    const seen = this.entries.filter(({ id }) => newest.has(id));
    this.held.rows = this.rowsOf(seen);
    this.held.waiting = this.entries.filter(({ id }) => !newest.has(id) && matches.has(id)).length;
  }

  hold(now: number): void {
    if (this.held) return;
    const newest = new Set(this.entries.map(({ id }) => id));
    this.held = { at: now, rows: this.rowsOf(this.entries), newest, waiting: 0 };
  }

  goOn(): void {
    this.held = null;
  }

  view(): TailView {
    const rows = this.held?.rows ?? this.rowsOf(this.entries);
    const matching = this.entries.filter(({ id }) => this.matches.has(id)).length;
    return {
      rows,
      heldAt: this.held?.at ?? null,
      waiting: this.held?.waiting ?? 0,
      matching,
      inHand: this.entries.length,
    };
  }

  private rowsOf(entries: readonly Entry[]): Entry[] {
    return entries
      .filter(({ id }) => this.matches.has(id))
      .slice(-mostShown)
      .reverse();
  }
}

/** By when they came; what came in one batch keeps its order. */
function inOrder(one: Entry, other: Entry): number {
  return one.received - other.received;
}

export function eventEntry(values: StreamEvent): Entry {
  return { kind: 'event', id: `e${values['_offset']}`, received: utc(values['_received_at']) ?? 0, values };
}

export function deadEntry({ number, receivedAt, reason, raw, isCut }: DeadLetter, columns: readonly string[]): Entry {
  const values = objectIn(raw);
  const field = [...columns, ...Object.keys(values ?? {})]
    .filter((name) => reason.startsWith(`${name} `))
    .reduce<string | null>((longest, name) => (name.length > (longest?.length ?? 0) ? name : longest), null);
  return { kind: 'dead', id: `d${number}`, received: Date.parse(receivedAt), reason, raw, isCut, values, field };
}

function objectIn(raw: string): StreamEvent | null {
  try {
    const value: unknown = JSON.parse(raw);
    return value && typeof value === 'object' && !Array.isArray(value) ? (value as StreamEvent) : null;
  } catch {
    return null;
  }
}

/** ms of a time as streams write it, in UTC without a zone; null where there is none. */
export function utc(text: unknown): number | null {
  if (typeof text !== 'string') return null;
  const at = Date.parse(/(z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text.replace(' ', 'T')}Z`);
  return Number.isNaN(at) ? null : at;
}

/** What share of the events has a value, by column. */
export function filledShares(entries: readonly Entry[], columns: readonly { name: string }[]): Map<string, number> {
  const events = entries.filter((entry) => entry.kind === 'event');
  if (events.length === 0) return new Map();
  return new Map(
    columns.map(({ name }) => {
      const filled = events.filter(({ values }) => values[name] !== null && values[name] !== undefined).length;
      return [name, filled / events.length];
    }),
  );
}
