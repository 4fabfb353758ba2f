import type { Relation } from '#kernels/kernel.ts';
import type { Answer } from './frame.ts';
import type { Moment } from '#lib/stream/moment.ts';
import type { PartsRead } from '#lib/stream/source.ts';
import type { Batch } from './judge.ts';

/*
 * The logs of streams: events pushed to them are stored, numbered and acknowledged here, and read from here. It knows no
 * person and no right (lib/server/data does), and no window or job. One writer a stream, wherever it runs.
 */
export interface Streams {
  /** Room for a body among those that wait to be stored; throws a Problem (429) when there is none. */
  reserve(streamId: string, bytes: number): Room;
  /** Resolves when the batch is on disk. Throws a Problem: another body under its key (422), or not stored now (503). */
  append(streamId: string, batch: Batch, bytes: number): Promise<Answer>;
  /** How far parts of the stream's source were read, by what is stored. Throws like `live`. */
  partsRead(streamId: string): Promise<PartsRead>;
  /** What is known of a log. Throws a Problem (503) when it is written elsewhere or damaged, as reading it does. */
  live(streamId: string): Promise<Live>;
  /** Events from an offset on, at most `limit`, in order; those that retention deleted are passed over. */
  read(streamId: string, from: number, limit: number, signal: AbortSignal): Promise<Read>;
  /**
   * What each frame added from an offset on, in order, until `limit` events are passed; retention's are passed over. The first
   * may begin before `from`, if `from` lies within it.
   */
  timeline(streamId: string, from: number, limit: number): Promise<Moment[]>;
  /** Resolves when the log reaches beyond `offset`, or the signal is aborted. Throws like `live`. */
  grown(streamId: string, offset: number, signal: AbortSignal): Promise<void>;
  /** The events with numbers in [from, below) as a relation; all that are kept from the beginning without `from`. */
  slice(streamId: string, bounds: { from?: number; below: number }): Promise<Relation>;
  /** Whole retained history of the project's streams among the names, up to the last acknowledged event. */
  relations(projectId: string, names: string[]): Promise<Record<string, Relation>>;
  /** Lets the settings of the stream's row count from now on. */
  configure(streamId: string): Promise<void>;
  /** Lets BIGINT columns hold DOUBLE from now on, in events that are stored already as well. Throws like `live`. */
  widen(streamId: string, columns: readonly string[]): Promise<void>;
  /** Lets go of a stream before its rows are deleted. */
  drop(streamId: string): Promise<void>;
  /** Closed segments become Parquet, what retention no longer keeps goes, and with it files that nothing names. */
  sweep(): Promise<void>;
  close(): Promise<void>;
}

export interface Room {
  /** Takes more when a body turns out larger; throws like `reserve`. */
  grow(bytes: number): void;
  free(): void;
}

export interface Live {
  end: number;
  duplicates: number;
  deadLetters: number;
  columns: { name: string; type: string }[];
  /** Events a second over the last minute. */
  rate: number;
  /** Of the open segment: bytes of its log, its times in ms since 1970. */
  bytes: number;
  rows: number;
  events: [number, number] | null;
  /** When the last events came, ms; 0 before the first. */
  received: number;
  /** Keys by which duplicates are known now; `since`: from when on all of them, ISO, when that is less than the horizon. */
  keys: { count: number; since: string | null };
}

export interface Read {
  /** As JSON objects: BIGINT as digits, times as text in UTC, nested values as they came. */
  items: Record<string, unknown>[];
  /** Where to go on. */
  next: number;
  /** The end of the log. */
  end: number;
}
