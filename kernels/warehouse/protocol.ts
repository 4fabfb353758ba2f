import type { Check, Step } from '#lib/job/spec.ts';
import type { Parameters } from '#lib/sql/parameter.ts';
import type { Column, KernelError, Relation } from '#kernels/kernel.ts';

/*
 * What the server and a DuckDB child say to each other, as frames over the child's stdin and stdout. The server sends one
 * request (after the Arrow bytes it needs, a frame each, in order); the child answers with kernel events, or with log and
 * one reply for the other tasks. `cancel` may follow at any time.
 */

/** `rows` are pieces of a stream of kernel events, for `land`. */
export const toChild = { request: 1, arrow: 2, cancel: 3, rows: 4 } as const;
/** Beside the kinds of events.ts. */
export const fromChild = { ready: 100, reply: 101, log: 102 } as const;

export interface Limits {
  /** Bytes DuckDB may use. */
  memory: number;
  threads: number;
}

export type Request = { limits: Limits } & (
  RunRequest | ReadsRequest | BuildRequest | ExplainRequest | ConvertRequest | LandRequest
);

export interface RunRequest {
  task: 'run';
  source: string;
  parameters: Parameters;
  relations: Loaded[];
  limit: number | null;
}

export interface ReadsRequest {
  task: 'reads';
  source: string;
}

export interface BuildRequest {
  task: 'build';
  steps: Step[];
  /** The step or relation whose rows are the output. */
  result: string;
  parameters: Parameters;
  relations: Loaded[];
  checks: Check[];
  stamp: Record<string, { type: 'TIMESTAMP'; value: string }>;
  preview: number | null;
  output: string;
  /** The process stays for another build, says `ready` again when it can take it. */
  stays?: boolean;
}

/** How each of these steps would be answered, over tables that are empty in place of some of what they read. */
export interface ExplainRequest {
  task: 'explain';
  steps: Step[];
  parameters: Parameters;
  relations: Loaded[];
  empty: { name: string; columns: Column[] }[];
}

export type Format = 'csv' | 'ndjson' | 'parquet' | 'arrow';

export interface ConvertRequest {
  task: 'convert';
  format: Format;
  /** Of NDJSON whose columns are known; they are looked for otherwise. */
  columns?: Column[];
  input: string;
  output: string;
  /** Refused above: rows, and bytes when unpacked. */
  maxRows: number;
  maxBytes: number;
}

export interface LandRequest {
  task: 'land';
  /** Paths it may write, in order; the last ones stay unused. */
  outputs: string[];
  /** Rows a file holds. */
  partRows: number;
}

/** What landed: files that together hold the rows, none where there is no row. */
export interface Landed {
  files: string[];
  rows: number;
  columns: Column[];
}

/** A relation as the child loads it; Arrow bytes come as frames, in the order of these. */
export type Loaded = ({ name: string } & Extract<Relation, { kind: 'parquet' }>) | { name: string; kind: 'arrow' };

/** What a build or a conversion leaves in its output file. */
export interface Written {
  rows: number;
  columns: Column[];
  checks: CheckFound[];
  preview: { columns: Column[]; rows: (string | null)[][]; complete: boolean } | null;
}

export interface CheckFound {
  check: Check;
  passed: boolean;
  found: string;
}

export type Reply<T> = { ok: true; value: T } | { ok: false; error: KernelError };
