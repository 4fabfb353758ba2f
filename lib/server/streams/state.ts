import type { Moment } from '#lib/stream/moment.ts';
import { toColumns, type Columns, type Contract } from '#lib/stream/schema.ts';
import type { PartsRead } from '#lib/stream/source.ts';
import type { StreamColumn, StreamSettings } from '#lib/stream/spec.ts';
import type { BatchRecord, Frame } from './frame.ts';
import { Memory } from './memory.ts';
import { toMoment } from './timeline.ts';

/*
 * What a writer knows of its log. It is made of frames alone: `take` is called for each frame that is on disk, when it is
 * committed and again when the log is read after a crash, so that both come to the same.
 */
export class State {
  readonly contract: Contract;
  columns: Columns;
  /** The number of the next event. */
  end: number;
  duplicates: number;
  deadLetters: number;
  /** When the last frame's events came, ms. */
  received = 0;
  memory: Memory;
  /** Batches of the open segment by their keys; those before are in the database. */
  batches = new Map<string, BatchRecord>();
  segment: SegmentState;
  /**
   * What each frame of the open segment added. Another array in the next one. A frame takes 390 bytes of the log at least, so of a
   * segment of 32 MiB they are 86,000 at most, about 26 MB.
   */
  moments: Moment[] = [];
  /** How far parts of the source were read. */
  read: PartsRead;

  constructor(given: Given) {
    const { eventTime, key, settings } = given;
    this.contract = { eventTime, key, ahead: settings.ahead * 1000 };
    this.columns = toColumns(given.columns);
    this.end = given.end;
    this.duplicates = given.duplicates;
    this.deadLetters = given.deadLetters;
    this.read = { ...given.read };
    this.memory = new Memory(settings.deduplication * 1000);
    this.segment = emptySegment(this.end);
  }

  take(frame: Frame): void {
    const { rows, meta, hashes } = frame;
    const moment = toMoment(frame, this.contract.eventTime);
    if (moment) this.moments.push(moment);
    // One that was widened since stays so when the frame that added it is read again.
    for (const { name, type } of meta.added) if (!this.columns.has(name)) this.columns.set(name, type);
    for (const record of meta.batches) {
      if (record.key !== null) this.batches.set(record.key, record);
      this.duplicates += record.answer.duplicates;
    }
    this.deadLetters += meta.dead.length;
    this.end += rows;
    this.received = Math.max(this.received, meta.received);
    this.memory.add(hashes, meta.received);
    this.segment = withFrame(this.segment, rows, meta);
    if (meta.read) this.read = { ...this.read, ...meta.read };
  }

  /** What is kept of the open segment moves to the database; a new one begins. */
  roll(): void {
    this.batches.clear();
    this.moments = [];
    this.segment = emptySegment(this.end);
  }
}

export interface Given {
  eventTime: string;
  key: readonly string[];
  settings: StreamSettings;
  columns: readonly StreamColumn[];
  end: number;
  duplicates: number;
  deadLetters: number;
  read: PartsRead;
}

/** What the manifest will say of a segment; times in ms, null while there are no events. */
export interface SegmentState {
  first: number;
  rows: number;
  events: [number, number] | null;
  received: [number, number] | null;
}

function emptySegment(first: number): SegmentState {
  return { first, rows: 0, events: null, received: null };
}

function withFrame(segment: SegmentState, rows: number, meta: Frame['meta']): SegmentState {
  return {
    first: segment.first,
    rows: segment.rows + rows,
    events: both(segment.events, meta.times),
    received: both(segment.received, [meta.received, meta.received]),
  };
}

function both(one: [number, number] | null, other: [number, number] | null): [number, number] | null {
  return one && other ? [Math.min(one[0], other[0]), Math.max(one[1], other[1])] : (one ?? other);
}
