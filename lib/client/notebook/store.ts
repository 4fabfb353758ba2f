import type { Awareness } from 'y-protocols/awareness';
import type { RecordBatch, Schema } from 'apache-arrow';
import type { Doc } from 'yjs';
import type { ClusterState, Done, KernelError, KernelEvent, Column } from '#kernels/kernel.ts';
import type { Question } from '#lib/client/api/connections.ts';
import type { ConnectionEntry } from '#lib/connection/view.ts';
import type { Cell, CellSpec, ChartSpec, Engine, InputSpec } from '#lib/notebook/cell.ts';
import type { StreamSpan } from './stream-window.ts';
import type { StreamHere, StreamReading } from './streams.ts';

/*
 * What a notebook page sees: one store that joins the document (Yjs), the graph, the kernels and the runs, and nothing
 * of React. Components read snapshots and call acts; effects happen here. Results live here and in the browser's DuckDB,
 * never in the document.
 */
export interface NotebookStore {
  readonly doc: Doc;
  readonly awareness: Awareness;
  /** What this tab's own edits carry as their origin, so that undo takes them back and nobody else's. Editors write with it. */
  readonly origin: unknown;
  /** For useSyncExternalStore: the snapshot is a new object only when something in it changed. */
  subscribe(listener: () => void): () => void;
  snapshot(): NotebookView;
  act: NotebookActs;
  /** The rows of a cell's last result, also while older than its text. */
  result(cellId: string): Result | null;
  /**
   * What a cluster is asked of a cell before it runs: of a Trino cell on its connection, of any SQL cell `on` another. null
   * where that cannot be told without rows of this page.
   */
  question(cellId: string, on?: string): Question | null;
  close(): void;
}

export interface NotebookActs {
  add(spec: CellSpec, place: { after?: string; before?: string }): string;
  remove(cellId: string): void;
  move(cellId: string, by: -1 | 1): void;
  rename(cellId: string, name: string): void;
  setSource(cellId: string, source: string): void;
  setTitle(title: string): void;
  setEngine(cellId: string, given: { engine: Engine; connection?: string }): void;
  setChart(cellId: string, change: Partial<ChartSpec>): void;
  setInput(cellId: string, change: Partial<InputSpec>): void;
  duplicate(cellId: string): string;
  /** Tells the others which cell one is at; null when at none. */
  focus(cellId: string | null): void;
  undo(): void;
  redo(): void;
  /** Runs the cell, first what it reads and has no fresh result. `fresh`: past the answers a cluster's were kept. */
  run(cellId: string, how?: { fresh?: boolean }): void;
  runAll(): void;
  runStale(): void;
  stop(cellId: string): void;
  /** Makes a dropped file queryable in this tab under a name made from its own. Rejects with a KernelError. */
  addFile(file: File, progress: (fraction: number) => void): Promise<LocalFile>;
  removeFile(name: string): Promise<void>;
  /** Reads dataset lists again, after an upload or a job run. */
  refreshDatasets(): Promise<void>;
  /** How cells of this tab read a stream: how many minutes of it, and whether they follow it. */
  setStream(streamId: string, change: StreamReading): void;
  /** Reads the project's connections again. */
  refreshConnections(): Promise<void>;
}

export interface NotebookView {
  id: string;
  projectId: string;
  title: string;
  role: 'owner' | 'editor' | 'reader';
  cells: CellView[];
  sync: SyncState;
  people: Presence[];
  datasets: DatasetEntry[];
  streams: readonly StreamHere[];
  files: LocalFile[];
  /** Trino clusters of the project; null until they are listed. */
  connections: readonly ConnectionEntry[] | null;
  engine: { state: 'starting' | 'idle' | 'running' | 'failed'; note: string; memory: number | null };
  canUndo: boolean;
  canRedo: boolean;
}

export interface CellView {
  cell: Cell;
  run: RunView;
  /** Names it reads that exist, and the names of cells that read it. */
  reads: string[];
  readBy: string[];
  /** Cycles, duplicate and unknown names, in words. */
  problems: string[];
}

/** The state of a cell's last run. */
export interface RunView {
  state: 'idle' | 'queued' | 'running' | 'good' | 'stale' | 'failed' | 'cancelled';
  /** What changed, when stale: "until changed at 14:02". */
  why: string;
  /** Date.now() at start, for a counter. */
  startedAt: number | null;
  progress: Extract<KernelEvent, { type: 'progress' }> | null;
  done: Done | null;
  error: KernelError | null;
  /** Changes whenever result(cellId) changes, also while rows stream in. */
  revision: number;
}

export interface Result {
  schema: Schema;
  batches: RecordBatch[];
  rows: number;
  /** Engine type names, in column order. */
  columns: Column[];
  complete: boolean;
  /** All of the answer is here, and what it was made from is a part. */
  isOfPart: boolean;
  asOf: string;
  /** ms in the engine; null while it runs. */
  took: number | null;
  /** SHA-256 over schema and rows in order. */
  hash: string;
  logs: Extract<KernelEvent, { type: 'log' }>[];
  values: Extract<KernelEvent, { type: 'value' }>[];
  /** What the cluster said of the query, for a result of one. */
  cluster: ClusterState | null;
  /** ISO instant at which these rows were kept, when no query ran for them. */
  cachedAt: string | null;
  /** The last minutes of streams that these rows are made from. */
  spans: StreamSpan[];
  /** What to know of these rows: read from a part only, or a word of the engine. */
  warnings: string[];
}

export interface SyncState {
  /** stored: every edit of this tab is committed on the server; storing: waits for it; offline: edits wait here. */
  state: 'connecting' | 'stored' | 'storing' | 'offline' | 'refused';
  /** Edits not yet acknowledged. */
  pending: number;
  /** Date.now() when last stored. */
  at: number | null;
  /** Why refused, in words. */
  reason: string;
}

export interface Presence {
  clientId: number;
  userId: string;
  name: string;
  /** who-1 … who-6 of the tokens. */
  colour: string;
  cellId: string | null;
  isSelf: boolean;
}

export interface DatasetEntry {
  id: string;
  name: string;
  kind: string;
  columns: Column[];
  rows: number;
  version: number;
  updatedAt: string;
  /** The job that writes it. */
  jobId?: string | null;
  /** Where its rows stand, when that is a table of a cluster. */
  place?: { connection: { id: string; name: string }; table: string } | null;
}

export interface LocalFile {
  name: string;
  fileName: string;
  bytes: number;
  rows: number;
  columns: Column[];
}
