import type { Column } from '#kernels/kernel.ts';
import type { Window } from '#lib/job/window.ts';
import type { Progress } from '#lib/stream/progress.ts';
import type { BuiltFile, Left, Sifted } from '#lib/server/warehouse/warehouse.ts';
import type { NewNotice } from './notices.ts';

/** What one commit of a real-time job changes. */
export interface Change {
  position: number;
  progress: Progress;
  /** Events read. */
  eventsIn: number;
  /** Milliseconds that the newest of them had waited; null where none was read. */
  lag: number | null;
  /** Of tumbling jobs: windows that were answered, in order. */
  answers: Answer[];
  /** Events that came after their windows had been answered. */
  late: { window: Window; events: number }[];
  /** Those events themselves, where they are kept. */
  kept: Output | null;
  /** Of windowless jobs: what was answered, in order. */
  batches: Batch[];
  /** Of windowless jobs: hours that end at or before it are over. */
  hoursOver: Date | null;
  notices: NewNotice[];
  takesOver: { promotionId: string; ownerId: string } | null;
  isDrained: boolean;
}

export interface Output {
  file: BuiltFile;
  columns: Column[];
  /** Of windowless jobs: what was left out, and how far it came; null or absent when every event went well. */
  sifted?: Sifted | null;
}

export interface Failure {
  code: string;
  message: string;
}

/** What a window came to. */
export interface Answer {
  window: Window;
  cause: 'stream' | 'late';
  /** The events before this number were there to be read. */
  through: number;
  events: number;
  /** That came late by this commit, and those of them that it is published again with. */
  late: number;
  corrections: number;
  startedAt: Date;
  /** What was not as it should be though it was published. */
  warning: Failure | null;
  result: Output | { failure: Failure };
}

/** Events of one hour of arrivals, answered together. */
export interface Batch {
  hour: Window;
  first: number;
  through: number;
  events: number;
  /** null: no row came out. */
  output: Output | null;
  /** Its events that the query fails for. */
  left: Left | null;
}

export function changeOf(given: Pick<Change, 'position' | 'progress'> & Partial<Change>): Change {
  return {
    eventsIn: 0,
    lag: null,
    answers: [],
    late: [],
    kept: null,
    batches: [],
    hoursOver: null,
    notices: [],
    takesOver: null,
    isDrained: false,
    ...given,
  };
}

/** Rows that it publishes. */
export function rowsOf({ answers, batches }: Change): number {
  const windows = answers.flatMap(({ result }) => ('file' in result ? result.file.rows : 0));
  const parts = batches.map(({ output }) => output?.file.rows ?? 0);
  return [...windows, ...parts].reduce((sum, rows) => sum + rows, 0);
}

/** Events in it that came late. */
export function lateIn({ late }: Change): number {
  return late.reduce((sum, { events }) => sum + events, 0);
}
