import type { Check, Step } from '#lib/job/spec.ts';
import type { Parameters } from '#lib/sql/parameter.ts';
import type { Bounds, Column, KernelError, Relation } from '#kernels/kernel.ts';

/*
 * What the server and a DuckDB child say to each other, as frames over the child's stdin and stdout. The server sends one
 * request (after the Arrow bytes it needs, a frame each, in order); the child answers with kernel events, or with log and
 * one reply for the other tasks, of a build one for each window. `cancel` may follow at any time.
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

export interface BuildRequest extends BuildWindow {
  task: 'build';
  steps: Step[];
  /** The step or relation whose rows are the output. */
  result: string;
  relations: Loaded[];
  checks: Check[];
  preview: number | null;
  sift?: Sift;
  /** The process stays for another build, says `ready` again when it can take it. */
  stays?: boolean;
  /** The same for these after it, if it stays: until it has taken a while, so that it may be ready with fewer replies. */
  others?: BuildWindow[];
}

/** What is another for each window that the same steps answer over the same relations. */
export interface BuildWindow {
  parameters: Parameters;
  stamp: Record<string, { type: 'TIMESTAMP'; value: string }>;
  output: string;
  /** By the names of relations: theirs for this window, instead of those they came with. */
  bounds?: Record<string, Bounds>;
}

/** Rows that the steps or a check fail for by themselves are left out; only for steps that treat each row by itself. */
export interface Sift {
  relation: string;
  /** Its BIGINT column that numbers them; those in [from, below) are there. */
  column: string;
  from: number;
  below: number;
  /** Milliseconds after which rows that are not judged yet are left for another time. */
  patience: number;
  /** Where the rows that are left out go, as they are, with what was said of each as `_error`. */
  output: string;
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
  /** null: nothing had to be left out. */
  sifted?: Sifted | null;
}

export interface Sifted {
  /** Rows from this number on are not answered. */
  below: number;
  /** A row that went well; null when none did. */
  good: number | null;
  /** null: none, as only the rest was put off. */
  left: { rows: number; columns: Column[]; first: { at: number; message: string }[] } | null;
}

export interface CheckFound {
  check: Check;
  passed: boolean;
  found: string;
}

export type Reply<T> = { ok: true; value: T } | { ok: false; error: KernelError };
