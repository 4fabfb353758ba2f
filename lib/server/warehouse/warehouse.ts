import type { Prisma } from '#prisma/client/client.ts';
import type { Sift } from '#kernels/server.ts';
import type { Bounds, Column, Done, Kernel, KernelError, KernelEvent, Relation } from '#kernels/kernel.ts';
import type { StepPlan } from '#lib/job/plan.ts';
import type { Check, Step } from '#lib/job/spec.ts';
import type { Parameters } from '#lib/sql/parameter.ts';

/**
 * Datasets as immutable Parquet files below DATA_DIR/warehouse with their manifest in Postgres. User SQL never runs in
 * this process: kernel and build use child processes that may be killed.
 */
export interface Warehouse {
  kernel: Kernel;
  /** What SQL of this project may read, of the names it mentions; unknown names are left out. */
  relations(projectId: string, names: string[]): Promise<Record<string, Relation>>;
  /** How the engine would answer each step, before it optimises, over empty tables in place of some of what they read. */
  explain(request: Explain, signal: AbortSignal): Promise<Explained>;
  /** Runs a job's steps for one window in a child process and leaves an unpublished Parquet file in staging. */
  build(request: Build, signal: AbortSignal): Promise<Built>;
  /** A place where one job's builds are made one after the other, without a new process for each. */
  workshop(person: string): Workshop;
  /**
   * Takes the rows another engine gives, as they come, into files that a build or a query can read; `remove` them when it
   * is done. Rows that were cut by a limit are refused.
   */
  land(
    events: (signal: AbortSignal) => AsyncIterable<KernelEvent>,
    options: { signal: AbortSignal; person?: string },
  ): Promise<Landing>;
  /**
   * Inside the caller's transaction: makes the built file the partition `key` of the dataset, replacing what stood there,
   * bumps the dataset's version and sets its columns. The file was moved to its final name and synced before.
   */
  publish(tx: Prisma.TransactionClient, partition: NewPartition): Promise<void>;
  /** Moves a built file out of staging to its final, content-addressed place; idempotent. Call before publish. */
  settle(file: BuiltFile): Promise<BuiltFile>;
  /** Deletes files that no manifest entry has named for an hour, and stale staging. */
  sweep(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Builds of one job, in a child process that stays while they follow each other closely and is made anew when it was lost; each
 * build has an engine of its own, locked to what it reads, as a build by itself has.
 */
export interface Workshop {
  build(request: Build, signal: AbortSignal): Promise<Built>;
  /**
   * The same for other windows of its text, in one engine that is locked to what all of them read. In order, the request's own
   * first; when they take long, only some are made, and the others are to be asked for again.
   */
  each(request: Build, others: OtherWindow[], signal: AbortSignal): Promise<Built[]>;
  close(): Promise<void>;
}

export interface Build {
  steps: Step[];
  /** The relation whose rows are the output, where it is not the last step. */
  result?: string;
  parameters: Parameters;
  relations: Record<string, Relation>;
  checks: Check[];
  /** Constant columns put after the query's own, unless it already gives one of that name: e.g. window_start. */
  stamp: Record<string, { type: 'TIMESTAMP'; value: string }>;
  /** Only of steps that treat each row of this relation by itself: those they fail for are left out, each found by itself. */
  sift?: Omit<Sift, 'output'>;
  /** When set, at most so many output rows come back as well (for parity and previews). */
  preview?: number;
  log(line: string): void;
  /** Whose turn it takes: a person's id, or `job:` and the job's (jobPerson); the house's own unless told. */
  person?: string;
}

/** Another window over the same relations. `bounds`: by their names, of those that have other ones for it. */
export type OtherWindow = Pick<Build, 'parameters' | 'stamp'> & { bounds?: Record<string, Bounds> };

export interface Explain {
  steps: Step[];
  parameters: Parameters;
  relations: Record<string, Relation>;
  empty: { name: string; columns: Column[] }[];
  person?: string;
}

export type Explained = { ok: true; value: StepPlan[] } | { ok: false; error: KernelError };

export type Built =
  | {
      ok: true;
      file: BuiltFile;
      columns: Column[];
      checks: CheckResult[];
      preview: Preview | null;
      took: number;
      /** null: every row went well. Then checks were asked of each row, and are not told. */
      sifted: Sifted | null;
    }
  | { ok: false; error: KernelError };

export interface Sifted {
  /** Rows from this number on are not answered. */
  below: number;
  /** The number of a row that went well; null when none did. */
  good: number | null;
  /** What was left out. */
  left: Left | null;
}

/** Rows that a query fails for, as they are, with what was said of each as `_error`. */
export interface Left {
  file: BuiltFile;
  columns: Column[];
  /** Some of them, with what was said. */
  first: { at: number; message: string }[];
}

export type Landing =
  | { ok: true; relation: Relation; rows: number; done: Done; remove(): Promise<void> }
  | { ok: false; error: KernelError };

export interface BuiltFile {
  path: string;
  rows: number;
  bytes: number;
  sha256: string;
}

export interface CheckResult {
  check: Check;
  passed: boolean;
  /** What was found, in words. */
  found: string;
}

/** Rows as text, exact: BIGINT and DECIMAL as digits, null as null (lib/table). */
export interface Preview {
  columns: Column[];
  rows: (string | null)[][];
  complete: boolean;
}

export interface NewPartition {
  datasetId: string;
  key: string;
  file: BuiltFile;
  columns: Column[];
  windowStart: Date | null;
  windowEnd: Date | null;
  runId: string | null;
}
