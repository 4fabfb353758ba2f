import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import { Tally } from '#lib/stream/moment.ts';
import { check, inferColumns, toColumns, type Columns } from '#lib/stream/schema.ts';
import { isSameRead, type PartRead, type PartsRead } from '#lib/stream/source.ts';
import type { StreamColumn } from '#lib/stream/spec.ts';
import { timestampText } from '#lib/stream/time.ts';
import { itemAt, itemsIn, mostLine } from './body.ts';
import { hashBytes, type Answer, type BatchRecord, type DeadRecord, type Frame } from './frame.ts';
import { KeyTable } from './key-table.ts';
import { Scanner } from './scan.ts';
import { Sink } from './sink.ts';
import type { State } from './state.ts';

/** What came in one request. */
export interface Batch {
  items: Item[];
  /** Events as NDJSON, instead of items. */
  text?: Buffer;
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
  const group = new Group(state, now, sizeOf(batches));
  const outcomes = batches.map((batch) => {
    const before = batch.key === null ? undefined : (known.get(batch.key) ?? group.records.get(batch.key));
    if (before) return before.body === batch.body ? { kind: 'same' as const, answer: before.answer } : other;
    if (!group.continues(batch)) return moved;
    return group.take(batch);
  });
  return { frame: group.frame(), outcomes };
}

const offsetOf = Buffer.from('{"_offset":');
const other = { kind: 'other' as const };
const moved = { kind: 'moved' as const };
/** Letters of an event as a row: less than 16 MiB as UTF-8, beyond which the engine reads no line. */
const mostRow = 5_000_000;
const tooLong = `The event is longer than ${mostRow} letters.`;
/** Letters of a refused event that are kept. */
const mostRaw = 65_536;

class Group {
  readonly records = new Map<string, BatchRecord>();
  private state: State;
  private now: number;
  private received: Buffer;
  private columns: Columns;
  private added: StreamColumn[] = [];
  private batches: BatchRecord[] = [];
  private dead: DeadRecord[] = [];
  private rows = 0;
  private lines: Sink;
  private hashes = new Sink(4096);
  /** Keys of these events. */
  private fresh: KeyTable;
  private scanner: Scanner;
  private times: [number, number] | null = null;
  private tally = new Tally();
  private read: PartsRead = {};

  /** `bytes`: about as many as there will be. */
  constructor(state: State, now: number, bytes: number) {
    this.state = state;
    this.now = now;
    this.received = Buffer.from(`,"_received_at":"${timestampText(now)}",`);
    this.columns = state.columns;
    this.lines = new Sink(bytes);
    this.fresh = new KeyTable(bytes / 200);
    this.scanner = new Scanner(this.columns, state.contract);
  }

  /** Whether a batch that was fetched begins where its part was read to; what does not is stored already, or leaves a gap. */
  continues({ part = '', read }: Batch): boolean {
    return !read || isSameRead(this.read[part] ?? this.state.read[part] ?? null, read.from);
  }

  take(batch: Batch): Answer {
    const { items, text, key, body, part = '', read } = this.columns.size === 0 ? this.inferred(batch) : batch;
    const answer: Answer = { accepted: 0, duplicates: 0, deadLetters: 0, offset: 0 };
    if (text) this.takeText(text, answer, part);
    for (const item of items) answer[this.weigh(item, part)] += 1;
    answer.offset = this.state.end + this.rows;
    const record = { key, body, answer };
    this.batches.push(record);
    if (read) this.read[part] = read.to;
    if (key !== null) this.records.set(key, record);
    return answer;
  }

  frame(): Frame | null {
    const isWorth = this.batches.some(({ key, answer }) => key !== null || answer.duplicates > 0);
    const isRead = Object.keys(this.read).length > 0;
    if (this.rows === 0 && this.dead.length === 0 && !isWorth && !isRead) return null;
    const { batches, dead, added, times, read } = this;
    const { spans, parts } = this.tally;
    return {
      first: this.state.end,
      rows: this.rows,
      meta: { received: this.now, batches, dead, added, times, spans, parts, ...(isRead && { read }) },
      hashes: this.hashes.bytes,
      lines: this.lines.bytes,
    };
  }

  /** The first batch, whose events say the columns. */
  private inferred({ text, ...batch }: Batch): Batch {
    const items = text ? itemsIn(text) : batch.items;
    const events = items.map((item) => ('event' in item ? item.event : null));
    this.added = inferColumns(events, this.state.contract, this.now) ?? [];
    this.setColumns(toColumns(this.added));
    return { ...batch, items };
  }

  private takeText(text: Buffer, answer: Answer, part: string): void {
    const mayScan = isUtf8(text);
    for (let at = 0; at < text.length;) {
      const end = mayScan ? this.scan(text, at, answer, part) : -1;
      const { item, next } = end >= 0 ? { item: null, next: end } : itemAt(text, at);
      if (item) answer[this.weigh(item, part)] += 1;
      at = next;
    }
  }

  /** Takes an event that is written in a usual way; gives where the next line begins, -1 when it is for `weigh`. */
  private scan(text: Buffer, at: number, answer: Answer, part: string): number {
    const { lines, scanner } = this;
    const before = lines.length;
    this.begin();
    const end = scanner.scan(text, at, lines, this.now + this.state.contract.ahead);
    if (end < 0 || end - at > mostLine) {
      lines.length = before;
      return -1;
    }
    const key = scanner.key(text, lines);
    if (key !== null && this.isKnown(key)) {
      lines.length = before;
      answer.duplicates += 1;
    } else {
      this.accept(scanner.at, part);
      answer.accepted += 1;
    }
    return end;
  }

  private weigh(item: Item, part: string): 'accepted' | 'duplicates' | 'deadLetters' {
    if ('fault' in item) return this.refuse(item, item.fault, item.raw);
    const checked = check(item.event, this.columns, this.state.contract, this.now);
    if (!checked.ok) return this.refuse(item, checked.reason, rawOf(item));
    if (checked.row.length > mostRow) return this.refuse(item, tooLong, rawOf(item));
    if (checked.key !== null && this.isKnown(checked.key)) return 'duplicates';
    if (checked.added.length > 0) this.add(checked.added);
    this.begin();
    this.lines.text(`${checked.row}}`);
    this.accept(checked.at, part);
    return 'accepted';
  }

  /** Our own columns of a row. */
  private begin(): void {
    this.lines.copy(offsetOf, 0, offsetOf.length);
    this.lines.digits(this.state.end + this.rows);
    this.lines.copy(this.received, 0, this.received.length);
  }

  /** Ends the row that was written. */
  private accept(at: number, part: string): void {
    this.lines.byte(10);
    this.rows += 1;
    const { times } = this;
    if (!times) this.times = [at, at];
    else if (at < times[0]) times[0] = at;
    else if (at > times[1]) times[1] = at;
    this.tally.add(at, part);
  }

  /** Remembers the key unless it was known. */
  private isKnown(key: string): boolean {
    const { memory } = this.state;
    if (memory.isOff) return false;
    const at = this.hashes.length;
    const bytes = this.hashes.room(hashBytes);
    bytes.write(hash('sha256', key, 'binary'), at, hashBytes, 'latin1');
    if (this.fresh.find(bytes, at) > -Infinity || memory.has(bytes, at, this.now)) return true;
    this.fresh.add(bytes, at, this.now);
    this.hashes.length += hashBytes;
    return false;
  }

  private add(columns: StreamColumn[]): void {
    this.added = [...this.added, ...columns];
    this.setColumns(new Map([...this.columns, ...columns.map(({ name, type }) => [name, type] as const)]));
  }

  private setColumns(columns: Columns): void {
    this.columns = columns;
    this.scanner = new Scanner(columns, this.state.contract);
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

function rawOf({ raw }: Item): string {
  return typeof raw === 'string' ? raw : raw();
}

function sizeOf(batches: readonly Batch[]): number {
  return batches.reduce((sum, { text, items }) => sum + (text?.length ?? 0) * 1.5 + items.length * 200, 4096);
}
