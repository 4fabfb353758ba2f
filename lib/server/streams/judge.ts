import { hash } from 'node:crypto';
import { Tally } from '#lib/stream/moment.ts';
import { check, inferColumns, toColumns, type Columns } from '#lib/stream/schema.ts';
import { isSameRead, type PartRead, type PartsRead } from '#lib/stream/source.ts';
import type { StreamColumn } from '#lib/stream/spec.ts';
import { timestampText } from '#lib/stream/time.ts';
import { hashBytes, type Answer, type BatchRecord, type DeadRecord, type Frame } from './frame.ts';
import type { State } from './state.ts';

/** What came in one request. */
export interface Batch {
  items: Item[];
  /** The sender's name for it: the same again is stored once. */
  key: string | null;
  /** SHA-256 of the body; '' without a key. */
  body: string;
  /** The part of the source that it is of; none where events are pushed. */
  part?: string;
  /** Of a part that is fetched: how far it was read before this batch, and is with it. */
  read?: { from: PartRead | null; to: PartRead };
}

/** An event as it was parsed, or why it could not be; `raw` is kept when it is refused. */
export type Item = ({ event: unknown; raw: string | (() => string) } | { fault: string; raw: string }) & {
  /** Where in the source it was found; goes before the reason when it is refused. */
  where?: () => string;
};

/** The same batch again, answered as before, or another body under its key; or a part that was read otherwise meanwhile. */
export type Repeated = { kind: 'same'; answer: Answer } | { kind: 'other' } | { kind: 'moved' };

/**
 * Weighs batches in order against what is known, and makes the frame that stores them; `known` are earlier batches by key.
 * Changes nothing: the state takes the frame when it is on disk. No frame: there is nothing to store.
 */
export function judge(
  state: State,
  batches: readonly Batch[],
  known: ReadonlyMap<string, BatchRecord>,
  now: number,
): { frame: Frame | null; outcomes: (Answer | Repeated)[] } {
  const group = new Group(state, now);
  const outcomes = batches.map((batch) => {
    const before = batch.key === null ? undefined : (known.get(batch.key) ?? group.records.get(batch.key));
    if (before) return before.body === batch.body ? { kind: 'same' as const, answer: before.answer } : other;
    if (!group.continues(batch)) return moved;
    return group.take(batch);
  });
  return { frame: group.frame(), outcomes };
}

const other = { kind: 'other' as const };
const moved = { kind: 'moved' as const };
/** Letters of a refused event that are kept. */
const mostRaw = 65_536;

class Group {
  readonly records = new Map<string, BatchRecord>();
  private state: State;
  private now: number;
  private received: string;
  private columns: Columns;
  private added: StreamColumn[] = [];
  private batches: BatchRecord[] = [];
  private dead: DeadRecord[] = [];
  private lines: string[] = [];
  private hashes: string[] = [];
  private fresh = new Set<string>();
  private times: [number, number] | null = null;
  private tally = new Tally();
  private read: PartsRead = {};

  constructor(state: State, now: number) {
    this.state = state;
    this.now = now;
    this.received = timestampText(now);
    this.columns = state.columns;
  }

  /** Whether a batch that was fetched begins where its part was read to; what does not is stored already, or leaves a gap. */
  continues({ part = '', read }: Batch): boolean {
    return !read || isSameRead(this.read[part] ?? this.state.read[part] ?? null, read.from);
  }

  take({ items, key, body, part, read }: Batch): Answer {
    if (this.columns.size === 0) this.infer(items);
    const answer: Answer = { accepted: 0, duplicates: 0, deadLetters: 0, offset: 0 };
    for (const item of items) answer[this.weigh(item, part)] += 1;
    answer.offset = this.state.end + this.lines.length;
    const record = { key, body, answer };
    this.batches.push(record);
    if (read) this.read[part ?? ''] = read.to;
    if (key !== null) this.records.set(key, record);
    return answer;
  }

  frame(): Frame | null {
    const isWorth = this.batches.some(({ key, answer }) => key !== null || answer.duplicates > 0);
    const isRead = Object.keys(this.read).length > 0;
    if (this.lines.length === 0 && this.dead.length === 0 && !isWorth && !isRead) return null;
    const { batches, dead, added, times, read } = this;
    const { spans, parts } = this.tally;
    return {
      first: this.state.end,
      rows: this.lines.length,
      meta: { received: this.now, batches, dead, added, times, spans, parts, ...(isRead && { read }) },
      hashes: Buffer.from(this.hashes.join(''), 'latin1'),
      lines: Buffer.from(this.lines.join('')),
    };
  }

  private infer(items: readonly Item[]): void {
    const events = items.map((item) => ('event' in item ? item.event : null));
    this.added = inferColumns(events, this.state.contract, this.now) ?? [];
    this.columns = toColumns(this.added);
  }

  private weigh(item: Item, part: string | undefined): 'accepted' | 'duplicates' | 'deadLetters' {
    if ('fault' in item) return this.refuse(item, item.fault, item.raw);
    const checked = check(item.event, this.columns, this.state.contract, this.now);
    if (!checked.ok) return this.refuse(item, checked.reason, typeof item.raw === 'string' ? item.raw : item.raw());
    if (checked.key !== null && this.isKnown(checked.key)) return 'duplicates';
    if (checked.added.length > 0) this.add(checked.added);
    const offset = this.state.end + this.lines.length;
    this.lines.push(`{"_offset":${offset},"_received_at":"${this.received}",${checked.row}}\n`);
    const [from, to] = this.times ?? [checked.at, checked.at];
    this.times = [Math.min(from, checked.at), Math.max(to, checked.at)];
    this.tally.add(checked.at, part);
    return 'accepted';
  }

  /** Remembers the key unless it was known. */
  private isKnown(key: string): boolean {
    if (this.state.memory.isOff) return false;
    const bytes = hash('sha256', key, 'buffer').toString('latin1', 0, hashBytes);
    if (this.fresh.has(bytes) || this.state.memory.has(bytes, this.now)) return true;
    this.fresh.add(bytes);
    this.hashes.push(bytes);
    return false;
  }

  private add(columns: StreamColumn[]): void {
    this.added = [...this.added, ...columns];
    this.columns = new Map([...this.columns, ...columns.map(({ name, type }) => [name, type] as const)]);
  }

  private refuse({ where }: Item, fault: string, raw: string): 'deadLetters' {
    const reason = where ? `${where()}: ${fault}` : fault;
    const number = this.state.deadLetters + this.dead.length;
    const isCut = raw.length > mostRaw;
    const kept = (isCut ? raw.slice(0, mostRaw) : raw).toWellFormed().replaceAll('\0', '\uFFFD');
    this.dead.push({ number, reason: reason.replaceAll('\0', '\uFFFD'), raw: kept, isCut });
    return 'deadLetters';
  }
}
