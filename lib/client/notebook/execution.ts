import type { Done, KernelError } from '#kernels/kernel.ts';
import type { Cell } from '#lib/notebook/cell.ts';
import { buildGraph, readersOf } from '#lib/notebook/graph.ts';
import type { Question } from '#lib/client/api/connections.ts';
import { newId } from '#lib/notebook/id.ts';
import { apply, emptyRuns, runOf, type RunState } from '#lib/notebook/run.ts';
import type { Cells, Change } from './cells.ts';
import type { Connections } from './connections.ts';
import { DatasetCells } from './dataset-cells.ts';
import type { Datasets } from './datasets.ts';
import type { Kernels } from './kernels.ts';
import { prepare, type World } from './prepare.ts';
import { questionOf } from './question.ts';
import { Reads } from './reads.ts';
import { Results } from './results.ts';
import { Runner, type Event, type Progress } from './runner.ts';
import { StreamCells } from './stream-cells.ts';
import type { Streams } from './streams.ts';

export interface ExecutionParts {
  notebookId: string;
  cells: Cells;
  connections: Connections;
  datasets: Datasets;
  streams: Streams;
  kernels: Kernels;
  fetchRows: World['fetchRows'];
  now(): number;
  limit: number;
  /** After every change of runs, rows or graph. */
  onChange(): void;
  onEnd(cell: Cell, end: End): void;
}

/** How a run of a cell ended. */
export interface End {
  state: 'good' | 'failed' | 'cancelled';
  done: Done | null;
  /** ms */
  took: number;
}

/** ms without a change of any text after which it is asked what texts read */
const typingPause = 150;

/*
 * Keeps the run reducer, the graph and the rows going: what changed in the document becomes events, what the reducer
 * decides is done by the runner, and what kernels say becomes events again.
 */
export class Execution {
  runs: RunState<Progress, Done, KernelError> = emptyRuns();
  readonly results = new Results();
  readonly streams: StreamCells;
  readonly datasets: DatasetCells;
  /** Asked to run while it is not known yet what they read. */
  readonly waiting = new Set<string>();
  /** Asked to run past the kept answers. */
  private readonly fresh = new Set<string>();
  private readonly parts: ExecutionParts;
  private readonly reads: Reads;
  private readonly runner: Runner;
  /** Resolves when the list of datasets has come, or will not. */
  private ready: Promise<unknown> = Promise.resolve();
  private looking: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: ExecutionParts) {
    const { kernels, now, limit } = parts;
    this.parts = parts;
    const readers = {
      sql: (source: string) => kernels.browser.reads(source),
      trino: (source: string) => kernels.trinoReads(source),
      typescript: (source: string) => kernels.typescript.reads(source),
    };
    this.reads = new Reads(readers, () => this.regraph());
    this.runner = new Runner({
      prepare: (id) => this.prepare(id),
      results: this.results,
      tell: (event) => this.tell(event),
      now,
      limit,
      nonce: newId(),
    });
    this.streams = new StreamCells({
      streams: parts.streams,
      world: () => this.world(),
      runs: () => this.runs,
      run: (ids) => this.tell({ type: 'run', ids, at: now() }),
      request: (ids) => void this.request(ids),
      onList: (isOther) => (isOther ? this.regraph() : parts.onChange()),
    });
    this.datasets = new DatasetCells({
      datasets: parts.datasets,
      runs: () => this.runs,
      run: (ids) => this.tell({ type: 'run', ids, at: now() }),
      outdate: (ids, name) => this.outdate(ids, name),
      onList: () => this.regraph(),
    });
    this.regraph();
    void this.settle();
  }

  /** The document changed. New charts of rows that are here are drawn when `drawsNew`. */
  changed(change: Change, drawsNew: boolean): void {
    const cells = this.parts.cells.all();
    const ids = new Set(cells.map((cell) => cell.id));
    this.results.retain(ids);
    const gone = [...this.runs.graph.keys()].filter((id) => !ids.has(id));
    this.reads.forget(gone);
    if (gone.length > 0) this.giveBack(cells);
    const at = this.parts.now();
    const orphaned = change.renamed.flatMap((id) => this.runs.graph.get(id)?.readBy ?? []);
    this.regraph();
    if (orphaned.length > 0) this.tell({ type: 'outdated', ids: orphaned, what: 'A name it reads', at });
    const newCharts = drawsNew ? change.added.filter((id) => this.parts.cells.get(id)?.chart?.from) : [];
    for (const id of [...newCharts, ...change.edited]) this.tell({ type: 'edited', id, at });
    for (const id of change.inputs) this.tell({ type: 'input', id, at });
    this.lookSoon(change.added.length > 0 ? 0 : typingPause);
  }

  /** The graph anew, from the cells as they are and from what is known of what they read. */
  regraph(): void {
    const { cells, connections, datasets, kernels, streams } = this.parts;
    const outside = [...datasets.list, ...streams.list, ...kernels.browser.tables()].map((each) => each.name);
    const known = datasets.isKnown && this.streams.isKnown ? new Set(outside) : null;
    const graph = buildGraph(cells.all(), this.reads.of(cells.all()), known, connections.ids());
    this.tell({ type: 'graph', graph, at: this.parts.now() });
  }

  /** Resolves when it is known what all cells read. */
  async settle(): Promise<void> {
    await Promise.all([this.reads.settle(this.parts.cells.all()), this.ready, this.streams.ready]);
  }

  async request(ids: readonly string[], { fresh = false } = {}): Promise<void> {
    if (fresh) for (const id of ids) this.fresh.add(id);
    this.datasets.asked(ids);
    for (const id of ids) if (this.parts.cells.get(id)) this.waiting.add(id);
    this.parts.onChange();
    await this.settle();
    await this.streams.bring(ids);
    const wanted = ids.filter((id) => this.waiting.delete(id));
    this.tell({ type: 'run', ids: wanted, at: this.parts.now() });
  }

  stop(id: string): void {
    this.waiting.delete(id);
    this.tell({ type: 'stop', id, at: this.parts.now() });
  }

  /** Lists datasets again; whoever reads one that changed is stale. */
  refreshDatasets(): Promise<void> {
    const refreshed = this.parts.datasets.refresh().then((changed) => {
      this.regraph();
      for (const name of changed) this.outdate(readersOf(this.runs.graph, name), name);
    });
    this.ready = refreshed;
    return refreshed;
  }

  /** Lists connections again; a cell whose connection is gone says so. */
  async refreshConnections(): Promise<void> {
    if (await this.parts.connections.refresh()) this.regraph();
  }

  /**
   * What a cluster is asked of a cell before it runs, there or `on` the connection; null where that cannot be told without
   * rows of this page.
   */
  question(id: string, on?: string): Question | null {
    const world = on === undefined ? this.world() : this.worldWith(id, { engine: 'trino', connection: on });
    const cell = world.cells.find((each) => each.id === id);
    return cell ? questionOf(cell, world) : null;
  }

  /** Runs `change`, which takes a table away, and tells its readers. */
  async without(name: string, change: () => Promise<void>): Promise<void> {
    await change();
    const readers = readersOf(this.runs.graph, name);
    this.regraph();
    this.outdate(readers, name);
  }

  stale(): string[] {
    return this.parts.cells.all().flatMap((cell) => (runOf(this.runs, cell.id).state === 'stale' ? [cell.id] : []));
  }

  close(): void {
    clearTimeout(this.looking);
    this.streams.close();
    this.datasets.close();
    this.runner.close();
    this.giveBack([]);
  }

  /** Lets the engine drop what none of these cells and no dataset is called; what is read again comes again. */
  private giveBack(cells: readonly Cell[]): void {
    const { datasets, streams } = this.parts;
    const names = cells.length > 0 ? [...cells, ...datasets.list, ...streams.list].map((each) => each.name) : [];
    this.parts.kernels.browser.retain(names).catch(() => undefined); // an engine that fails at this has nothing to keep
  }

  /** An engine is not asked about every letter. */
  private lookSoon(pause: number): void {
    clearTimeout(this.looking);
    this.looking = setTimeout(() => void this.reads.settle(this.parts.cells.all()), pause);
  }

  private outdate(ids: readonly string[], what: string): void {
    this.tell({ type: 'outdated', ids, what, at: this.parts.now() });
  }

  private tell(event: Event): void {
    const before = this.runs;
    const { state, effects } = apply(before, event);
    this.runs = state;
    if (event.type === 'done' || event.type === 'failed') this.noteEnd(event, before);
    this.runner.perform(effects);
    this.parts.onChange();
  }

  private noteEnd(event: Extract<Event, { type: 'done' | 'failed' }>, before: typeof this.runs): void {
    const run = runOf(before, event.id);
    const cell = this.parts.cells.get(event.id);
    if (!cell || run.runId !== event.runId || this.wasQuiet(event.id)) return;
    if (event.type === 'done')
      return this.parts.onEnd(cell, { state: 'good', done: event.done, took: event.done.took });
    const state = event.cancelled ? 'cancelled' : 'failed';
    this.parts.onEnd(cell, { state, done: null, took: event.at - (run.startedAt ?? event.at) });
  }

  /** Whether the run was nobody's: it followed a stream, or what was published. */
  private wasQuiet(id: string): boolean {
    const [ofStream, ofDataset] = [this.streams.wasQuiet(id), this.datasets.wasQuiet(id)];
    return ofStream || ofDataset;
  }

  private prepare(id: string) {
    const cell = this.parts.cells.get(id);
    const fresh = this.fresh.delete(id);
    return cell ? prepare(cell, this.world(), { fresh }) : null;
  }

  /** As it would be with a cell on another engine: its text is taken to read the same names. */
  private worldWith(id: string, change: Pick<Cell, 'engine' | 'connection'>): World {
    const world = this.world();
    const cells = world.cells.map((each) => (each.id === id ? { ...each, ...change } : each));
    return { ...world, cells, graph: buildGraph(cells, this.reads.of(world.cells), null) };
  }

  private world(): World {
    const { cells, datasets, streams, kernels, fetchRows, notebookId } = this.parts;
    const { graph } = this.runs;
    const { results } = this;
    return { notebookId, cells: cells.all(), graph, results, datasets: datasets.list, streams, kernels, fetchRows };
  }
}
