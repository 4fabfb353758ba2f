import type { RecordBatch, Schema } from 'apache-arrow';
import type { Engine } from '#lib/notebook/cell.ts';
import type { Parameters } from '#lib/sql/parameter.ts';

/*
 * The one contract of everything that runs a cell. A kernel takes code and what it reads, and gives a
 * sequence of events that always ends with exactly one `done` or `failed`; it never throws for what the
 * code did. Arrow record batches end to end, so BIGINT, DECIMAL and timestamps stay exact. Cancel means
 * the engine stops, not that we look away. A kernel never writes the notebook document, never decides who
 * may run what, and keeps no result beyond what the engine needs. Wrappers (`withTelemetry(kernel)`) are
 * kernels too. The promises are held by contract.ts, run against every implementation.
 */

export interface Kernel {
  readonly engine: Engine;
  /** The names of relations (cells, datasets, files) the source reads, in first-use order; [] when it cannot be parsed. */
  reads(source: string): Promise<string[]>;
  run(code: Code, inputs: Inputs, options: RunOptions): AsyncIterable<KernelEvent>;
  /** Stops what runs and frees the engine. Calling it twice is fine. */
  close(): Promise<void>;
}

export interface Code {
  /** The cell's name, or its id where it has none; used in messages and as the relation's name. */
  name: string;
  /** As people wrote it, `{{parameters}}` included. */
  source: string;
}

export interface Inputs {
  /** Values for `{{name}}`, bound and never pasted. */
  parameters: Parameters;
  /** What the code may read, by the name it uses. */
  relations: Record<string, Relation>;
}

export interface RunOptions {
  signal: AbortSignal;
  /** Rows after which the result is cut and said to be incomplete. */
  limit?: number;
  /** Wall clock in ms after which the engine is stopped and the run failed with `timeout`. */
  timeout?: number;
}

/** Something a query can read. The hash tells a kernel that already holds it that it need not load again. */
export type Relation =
  | {
      kind: 'arrow';
      hash: string;
      complete: boolean;
      /** One Arrow IPC stream. */ ipc(signal?: AbortSignal): Promise<Uint8Array>;
    }
  | {
      kind: 'parquet';
      hash: string;
      complete: boolean;
      /** Absolute paths on the server, granted read-only. */ files: string[];
      /** NDJSON files with more rows, read as `columns` says; every line is whole. */ lines?: string[];
      /** Only rows whose `column`, a BIGINT, is in [from, below) are there. */ bounds?: Bounds;
      /** Columns for a table without files. */ columns: Column[];
    }
  | {
      /** The text of another cell on the same connection: read where it runs, so that it is never cut. */
      kind: 'query';
      hash: string;
      complete: true;
      sql: string;
    };

export interface Bounds {
  column: string;
  from?: number;
  below: number;
}

export interface Column {
  name: string;
  /** The engine's own type name, e.g. `DECIMAL(18,2)`. */
  type: string;
}

export type KernelEvent =
  | Progress
  | { type: 'schema'; schema: Schema }
  | { type: 'batch'; batch: RecordBatch }
  | { type: 'log'; level: 'log' | 'info' | 'warn' | 'error'; text: string; line?: number }
  | { type: 'value'; name: string; value: Shown }
  | Done
  | { type: 'failed'; error: KernelError };

export interface Progress {
  type: 'progress';
  rows?: number;
  bytes?: number;
  /** 0…1 */
  fraction?: number;
  note?: string;
  /** Where the query waits or works, when that is a cluster. */
  cluster?: ClusterState;
}

/** What a cluster says of one query, while it runs and after. */
export interface ClusterState {
  /** '' while it waits in our own queue and the cluster does not know it. */
  queryId: string;
  /** Where the cluster's own page shows it; '' when there is none. */
  link: string;
  /** As the cluster says it: QUEUED, PLANNING, RUNNING, FINISHED …; WAITING in our own queue. */
  state: string;
  /** How many stand before it in our own queue; null when it does not wait there. */
  before: number | null;
  splits: { done: number; total: number };
  nodes: number;
  /** Rows and bytes read from tables. */
  scannedRows: number;
  scannedBytes: number;
  /** CPU of all nodes, ms. */
  cpu: number;
  /** Time in the cluster's queue, ms. */
  queued: number;
  /** Bytes. */
  peakMemory: number;
}

export interface Done {
  type: 'done';
  rows: number;
  /** False when the limit cut the result. */
  complete: boolean;
  /** ISO instant at which the engine began to read. */
  asOf: string;
  /** Milliseconds in the engine. */
  took: number;
  cluster?: ClusterState;
  /** ISO instant at which these rows were kept, when they come from the result cache and no query ran. */
  cachedAt?: string;
  /** What the engine wants people to know, though it answered. */
  warnings?: string[];
}

/** A value of a TypeScript cell, ready to be shown; a table comes as schema and batch events under its name. */
export interface Shown {
  /** The type as people say it: `number`, `string`, `Decimal`, `Array(3)`, `Object`. */
  type: string;
  text: string;
}

/**
 * An expected failure: a value, shown in the cell it belongs to.
 * syntax, unknown-name, unknown-parameter: the text is wrong; runtime: the engine or the code failed; cancelled, timeout,
 * memory: it was stopped; refused: not allowed; unsupported: this engine cannot, another may; lost: the engine died.
 */
export interface KernelError {
  code:
    | 'syntax'
    | 'unknown-name'
    | 'unknown-parameter'
    | 'runtime'
    | 'cancelled'
    | 'timeout'
    | 'memory'
    | 'refused'
    | 'unsupported'
    | 'lost';
  /** One sentence: what happened. */
  message: string;
  /** What to do, where it is known. */
  hint?: string;
  /** The engine's own words. */
  detail?: string;
  /** In the source as people wrote it, both from 1. */
  position?: Position;
  /** A replacement that would mend it: [from, to) in UTF-16 units of the source. */
  fix?: { label: string; from: number; to: number; text: string };
}

export interface Position {
  line: number;
  column: number;
  length?: number;
}
