import { Doc } from 'yjs';
import type { Done, KernelError } from '#kernels/kernel.ts';
import { KernelFailure } from '#kernels/failure.ts';
import type { Answer } from '#lib/client/call.ts';
import { buildGraph, readersOf } from '#lib/notebook/graph.ts';
import { newId } from '#lib/notebook/id.ts';
import { apply, emptyRuns, runOf, type RunState } from '#lib/notebook/run.ts';
import type { EventInput } from '#lib/telemetry/event.ts';
import { editActs } from './acts.ts';
import { Cells, type Change } from './cells.ts';
import { Facts } from './facts.ts';
import { tableName } from './file.ts';
import type { EngineState, Kernels } from './kernels.ts';
import { cellsToRunOnOpen } from './opening.ts';
import { peopleIn } from './people.ts';
import { prepare } from './prepare.ts';
import { Reads } from './reads.ts';
import { Results } from './results.ts';
import { Runner, type Event, type Progress } from './runner.ts';
import type { DatasetEntry, LocalFile, NotebookActs, NotebookStore, NotebookView, SyncState } from './store.ts';
import { Telemetry } from './telemetry.ts';
import { Undo } from './undo.ts';
import { CellViews } from './view.ts';

/*
 * Joins what a notebook page lives on: the document (lib/notebook), the line to the server (sync), the graph, the run
 * reducer, the kernels and the rows. It decides nothing itself: edit.ts writes, graph.ts orders, run.ts says what runs; this
 * carries the effects out and makes one snapshot of it all. Results never enter the document. It knows no React and no
 * globals but timers: kernels, the line, the API and the clock are given, so it runs the same in a test.
 */

export interface StoreParts {
  notebook: { id: string; projectId: string; role: NotebookView['role']; title: string };
  user: { id: string; name: string };
  kernels: Kernels;
  /** Opens the line for a document; see lib/client/sync/connect.ts. */
  connect(doc: Doc): Line;
  api: Api;
  doc?: Doc;
  now?: () => number;
  /** Rows after which a result is cut, and said to be. */
  limit?: number;
}

export interface Line {
  awareness: NotebookStore['awareness'];
  state(): SyncState;
  subscribe(listener: () => void): () => void;
  close(): void;
}

export interface Api {
  listDatasets(projectId: string): Promise<Answer<DatasetEntry[]>>;
  fetchRows(datasetId: string, signal?: AbortSignal): Promise<Answer<Uint8Array>>;
  sendEvents(projectId: string, items: EventInput[]): Promise<boolean>;
  beaconEvents(projectId: string, items: EventInput[]): boolean;
}

const rowsHeld = 1_000_000;

export function createNotebookStore(parts: StoreParts): NotebookStore {
  return new Store(parts);
}

class Store implements NotebookStore {
  readonly doc: Doc;
  readonly origin = { tab: newId() };
  readonly act: NotebookActs;
  private readonly parts: StoreParts;
  private readonly line!: Line;
  private readonly cells: Cells;
  private readonly reads: Reads;
  private readonly undo: Undo;
  private readonly results = new Results();
  private readonly runner: Runner;
  private readonly facts: Facts;
  private readonly telemetry: Telemetry;
  private readonly views = new CellViews();
  private readonly listeners = new Set<() => void>();
  private readonly leave: (() => void)[] = [];
  /** Asked to run while it is not known yet what they read. */
  private readonly waiting = new Set<string>();
  private runs: RunState<Progress, Done, KernelError> = emptyRuns();
  private datasets: DatasetEntry[] = [];
  private readonly datasetsRead: Promise<void>;
  private areDatasetsKnown = false;
  private people: NotebookView['people'] = [];
  private engine: NotebookView['engine'] = { state: 'starting', note: '', memory: null };
  private view: NotebookView | null = null;
  private hasOpened = false;
  private isClosed = false;

  constructor(parts: StoreParts) {
    const { api, notebook, kernels, now = Date.now } = parts;
    this.parts = parts;
    this.doc = parts.doc ?? new Doc();
    this.facts = new Facts({
      send: (items) => api.sendEvents(notebook.projectId, items),
      beacon: (items) => api.beaconEvents(notebook.projectId, items),
    });
    this.telemetry = new Telemetry(notebook.id, (item) => this.facts.note(item));
    this.cells = new Cells(this.doc, (change) => this.changed(change));
    const readers = {
      sql: (text: string) => kernels.browser.reads(text),
      typescript: (text: string) => kernels.typescript.reads(text),
    };
    this.reads = new Reads(readers, () => this.regraph());
    this.undo = new Undo(this.doc, this.origin, () => this.touch());
    this.runner = new Runner({
      prepare: (id) => this.prepare(id),
      results: this.results,
      tell: (event) => this.tell(event),
      now,
      limit: parts.limit ?? rowsHeld,
      nonce: newId(),
    });
    this.act = this.acts();
    this.line = parts.connect(this.doc);
    this.regraph();
    void this.reads.settle(this.cells.all());
    this.listen();
    this.datasetsRead = this.refreshDatasets();
    this.telemetry.opened();
    this.openWhenSynced();
  }

  get awareness() {
    return this.line.awareness;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  snapshot(): NotebookView {
    this.view ??= this.makeView();
    return this.view;
  }

  result(cellId: string) {
    return this.results.shown(cellId);
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    for (const leave of this.leave.splice(0)) leave();
    this.runner.close();
    this.cells.close();
    this.undo.close();
    this.telemetry.close();
    this.facts.flush();
    this.line.close();
    this.listeners.clear();
  }

  private acts(): NotebookActs {
    const { notebook } = this.parts;
    const edits = editActs({
      doc: this.doc,
      origin: this.origin,
      cells: () => this.cells.all(),
      result: (id) => this.result(id),
      mayEdit: notebook.role !== 'reader',
      step: () => this.undo.step(),
    });
    return {
      ...edits,
      setChart: (id, change) => {
        edits.setChart(id, change);
        if (notebook.role !== 'reader') this.telemetry.chartEdited(id, () => this.cells.get(id)?.chart);
      },
      focus: (cellId) => this.awareness.setLocalStateField('cell', cellId),
      undo: () => this.undo.undo(),
      redo: () => this.undo.redo(),
      run: (id) => void this.request([id]),
      runAll: () => void this.request(this.cells.all().map((cell) => cell.id)),
      runStale: () => void this.request(this.idsIn('stale')),
      stop: (id) => this.stop(id),
      addFile: (file, progress) => this.addFile(file, progress),
      removeFile: (name) => this.removeFile(name),
      refreshDatasets: () => this.refreshDatasets(),
    };
  }

  private listen(): void {
    const { kernels } = this.parts;
    const showPeople = () => this.showPeople();
    const hide = () => this.facts.flush();
    this.awareness.on('change', showPeople);
    globalThis.addEventListener?.('pagehide', hide);
    this.leave.push(
      this.line.subscribe(() => this.lineChanged()),
      kernels.browser.onState((state) => this.engineChanged(state)),
      () => this.awareness.off('change', showPeople),
      () => globalThis.removeEventListener?.('pagehide', hide),
    );
    kernels.browser.start().then(
      () => this.engineChanged('idle'),
      () => this.engineChanged('failed'),
    );
    this.showPeople();
  }

  private changed(change: Change): void {
    const ids = new Set(this.cells.all().map((cell) => cell.id));
    this.results.retain(ids);
    this.reads.forget([...this.runs.graph.keys()].filter((id) => !ids.has(id)));
    const at = this.now();
    const orphaned = change.renamed.flatMap((id) => this.runs.graph.get(id)?.readBy ?? []);
    this.regraph();
    if (orphaned.length > 0) this.tell({ type: 'outdated', ids: orphaned, what: 'A name it reads', at });
    for (const id of change.edited) this.tell({ type: 'edited', id, at });
    for (const id of change.inputs) this.tell({ type: 'input', id, at });
    void this.reads.settle(this.cells.all());
    this.touch();
  }

  /** The graph anew, from the cells as they are and from what is known of what they read. */
  private regraph(): void {
    const cells = this.cells.all();
    const outside = [...this.datasets, ...this.parts.kernels.browser.tables()].map((each) => each.name);
    const graph = buildGraph(cells, this.reads.of(cells), this.areDatasetsKnown ? new Set(outside) : null);
    this.tell({ type: 'graph', graph, at: this.now() });
  }

  private tell(event: Event): void {
    const before = this.runs;
    const { state, effects } = apply(before, event);
    this.runs = state;
    if (event.type === 'done' || event.type === 'failed') this.noteEnd(event, before);
    this.runner.perform(effects);
    this.touch();
  }

  private noteEnd(event: Extract<Event, { type: 'done' | 'failed' }>, before: typeof this.runs): void {
    const run = runOf(before, event.id);
    const cell = this.cells.get(event.id);
    if (!cell || run.runId !== event.runId) return;
    const took = event.at - (run.startedAt ?? event.at);
    if (event.type === 'done') this.telemetry.ran(cell, 'good', event.done, event.done.took);
    else this.telemetry.ran(cell, event.cancelled ? 'cancelled' : 'failed', null, took);
    if (cell.engine !== 'warehouse') void this.showMemory();
  }

  private prepare(id: string) {
    const cell = this.cells.get(id);
    const { kernels, api } = this.parts;
    const { results, datasets } = this;
    const world = {
      cells: this.cells.all(),
      graph: this.runs.graph,
      results,
      datasets,
      kernels,
      fetchRows: api.fetchRows,
    };
    return cell ? prepare(cell, world) : null;
  }

  /** Runs cells as soon as it is known what all cells read. */
  private async request(ids: readonly string[]): Promise<void> {
    for (const id of ids) if (this.cells.get(id)) this.waiting.add(id);
    this.touch();
    await Promise.all([this.reads.settle(this.cells.all()), this.datasetsRead]);
    const wanted = ids.filter((id) => this.waiting.delete(id));
    this.tell({ type: 'run', ids: wanted, at: this.now() });
  }

  private stop(id: string): void {
    this.waiting.delete(id);
    this.tell({ type: 'stop', id, at: this.now() });
  }

  private idsIn(state: 'stale'): string[] {
    return this.cells.all().flatMap((cell) => (runOf(this.runs, cell.id).state === state ? [cell.id] : []));
  }

  private lineChanged(): void {
    this.touch();
    this.openWhenSynced();
  }

  /** What is local and cheap runs as the notebook opens; what costs a server its time waits for people. */
  private openWhenSynced(): void {
    const { state } = this.line.state();
    if (this.hasOpened || (state !== 'stored' && state !== 'storing')) return;
    this.hasOpened = true;
    void this.runLocal();
  }

  private async runLocal(): Promise<void> {
    await Promise.all([this.reads.settle(this.cells.all()), this.datasetsRead]);
    await this.request(cellsToRunOnOpen(this.cells.all(), this.runs.graph));
  }

  private async addFile(file: File, progress: (fraction: number) => void): Promise<LocalFile> {
    const { browser } = this.parts.kernels;
    const taken = [...this.cells.all(), ...this.datasets, ...browser.tables()].map((each) => each.name);
    const table = await browser.addFile(tableName(file.name, taken), file, progress).catch(throwPlain);
    this.regraph();
    return toLocalFile(table);
  }

  private async removeFile(name: string): Promise<void> {
    await this.parts.kernels.browser.removeFile(name).catch(throwPlain);
    const readers = readersOf(this.runs.graph, name);
    this.regraph();
    this.tell({ type: 'outdated', ids: readers, what: name, at: this.now() });
  }

  private async refreshDatasets(): Promise<void> {
    const answer = await this.parts.api.listDatasets(this.parts.notebook.projectId);
    if (!answer.ok) return this.touch(); // the list stays as it was; the line says that the server does not answer
    const before = new Map(this.datasets.map((each) => [each.name, each.version]));
    this.datasets = answer.value;
    this.areDatasetsKnown = true;
    this.regraph();
    const changed = answer.value.filter((each) => before.has(each.name) && before.get(each.name) !== each.version);
    for (const { name } of changed) {
      this.tell({ type: 'outdated', ids: readersOf(this.runs.graph, name), what: name, at: this.now() });
    }
  }

  private engineChanged(state: EngineState): void {
    this.engine = { ...this.engine, state: state === 'off' ? 'idle' : state };
    this.touch();
  }

  private async showMemory(): Promise<void> {
    const memory = await this.parts.kernels.browser.memory().catch(() => null);
    if (memory === this.engine.memory) return;
    this.engine = { ...this.engine, memory };
    this.touch();
  }

  private showPeople(): void {
    const people = peopleIn(this.awareness, this.parts.user);
    if (JSON.stringify(people) === JSON.stringify(this.people)) return;
    this.people = people;
    this.touch();
  }

  private now(): number {
    return (this.parts.now ?? Date.now)();
  }

  private touch(): void {
    if (!this.line) return; // still being made
    const next = this.makeView();
    if (this.view && isSame(this.view, next)) return;
    this.view = next;
    for (const listener of this.listeners) listener();
  }

  private files: LocalFile[] = [];

  private makeView(): NotebookView {
    const { notebook, kernels } = this.parts;
    const files = kernels.browser.tables();
    if (files.length !== this.files.length || files.some((file, index) => file.name !== this.files[index]!.name))
      this.files = files.map(toLocalFile);
    return {
      id: notebook.id,
      projectId: notebook.projectId,
      title: this.cells.title || notebook.title,
      role: notebook.role,
      cells: this.views.of(this.cells.all(), this.runs, this.waiting),
      sync: this.line.state(),
      people: this.people,
      datasets: this.datasets,
      files: this.files,
      engine: this.engine,
      canUndo: this.undo.canUndo,
      canRedo: this.undo.canRedo,
    };
  }
}

function toLocalFile({ name, fileName, bytes, rows, columns }: LocalFile): LocalFile {
  return { name, fileName, bytes, rows, columns };
}

function isSame(a: NotebookView, b: NotebookView): boolean {
  return (Object.keys(b) as (keyof NotebookView)[]).every((key) => a[key] === b[key]);
}

/** The page is promised a KernelError, not an exception around one. */
function throwPlain(error: unknown): never {
  throw error instanceof KernelFailure ? error.error : error;
}
