import { Doc } from 'yjs';
import { KernelFailure } from '#kernels/failure.ts';
import type { Answer } from '#lib/client/call.ts';
import type { Told } from '#lib/client/changes.ts';
import type { StreamView } from '#lib/client/api/streams.ts';
import type { ConnectionEntry } from '#lib/connection/view.ts';
import { newId } from '#lib/notebook/id.ts';
import type { EventInput } from '#lib/telemetry/event.ts';
import { editActs } from './acts.ts';
import { Cells, type Change } from './cells.ts';
import { Connections } from './connections.ts';
import { Datasets } from './datasets.ts';
import { EngineWatch } from './engine.ts';
import { Execution } from './execution.ts';
import { Facts } from './facts.ts';
import { tableName } from './file.ts';
import type { Kernels } from './kernels.ts';
import { cellsToRunOnOpen } from './opening.ts';
import { peopleIn } from './people.ts';
import type { DatasetEntry, LocalFile, NotebookActs, NotebookStore, NotebookView, SyncState } from './store.ts';
import type { FetchLast } from './stream-window.ts';
import { Streams } from './streams.ts';
import { Telemetry } from './telemetry.ts';
import { Undo } from './undo.ts';
import { CellViews } from './view.ts';

/*
 * Joins what a notebook page lives on: the document (lib/notebook), the line to the server (sync), the runs with their
 * graph, kernels and rows (execution.ts), undo, presence and the facts of use; and makes one snapshot of it all. It decides
 * nothing itself: edit.ts writes, graph.ts orders, run.ts says what runs. Results never enter the document. It knows no
 * React; kernels, the line, the API and the clock are given, so it runs the same in a test.
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
  listConnections(projectId: string): Promise<Answer<ConnectionEntry[]>>;
  listStreams(projectId: string): Promise<Answer<StreamView[]>>;
  fetchRows(datasetId: string, signal?: AbortSignal): Promise<Answer<Uint8Array>>;
  /** The last minutes of a stream. */
  fetchLast: FetchLast;
  sendEvents(projectId: string, items: EventInput[]): Promise<boolean>;
  beaconEvents(projectId: string, items: EventInput[]): boolean;
  /** Tells what is published in the project; see lib/client/changes.ts. Returns how to stop. */
  listenToChanges(projectId: string, told: Told): () => void;
}

const rowsHeld = 1_000_000;
/** ms */
const ratesEvery = 5000;

export function createNotebookStore(parts: StoreParts): NotebookStore {
  return new Store(parts);
}

class Store implements NotebookStore {
  readonly doc: Doc;
  readonly origin = { tab: newId() };
  readonly act: NotebookActs;
  private readonly parts: StoreParts;
  private readonly cells: Cells;
  private readonly connections: Connections;
  private readonly datasets: Datasets;
  private readonly streams: Streams;
  private readonly engine: EngineWatch;
  private readonly execution: Execution;
  private readonly facts: Facts;
  private readonly line: Line;
  private readonly telemetry: Telemetry;
  private readonly undo: Undo;
  private readonly views = new CellViews();
  private readonly listeners = new Set<() => void>();
  private readonly leave: (() => void)[] = [];
  private people: NotebookView['people'] = [];
  private files: LocalFile[] = [];
  private view: NotebookView | null = null;
  private hasOpened = false;
  private isMade = false;
  private isClosed = false;

  constructor(parts: StoreParts) {
    const { api, notebook, kernels, now = Date.now, limit = rowsHeld } = parts;
    const touch = () => this.touch();
    this.parts = parts;
    this.doc = parts.doc ?? new Doc();
    this.facts = new Facts({
      send: (items) => api.sendEvents(notebook.projectId, items),
      beacon: (items) => api.beaconEvents(notebook.projectId, items),
    });
    this.telemetry = new Telemetry(notebook.id, (item) => this.facts.note(item));
    this.cells = new Cells(this.doc, (change) => this.changed(change));
    this.connections = new Connections(() => api.listConnections(notebook.projectId));
    this.datasets = new Datasets(() => api.listDatasets(notebook.projectId));
    this.streams = new Streams(() => api.listStreams(notebook.projectId), api.fetchLast);
    this.engine = new EngineWatch(kernels.browser, touch);
    this.execution = new Execution({
      notebookId: notebook.id,
      cells: this.cells,
      connections: this.connections,
      datasets: this.datasets,
      streams: this.streams,
      kernels,
      fetchRows: api.fetchRows,
      now,
      limit,
      onChange: touch,
      onEnd: (cell, { state, done, took }) => {
        this.telemetry.ran(cell, state, done, took);
        void this.engine.measure();
      },
    });
    this.undo = new Undo(this.doc, this.origin, touch);
    this.act = this.acts();
    this.line = parts.connect(this.doc);
    this.isMade = true;
    this.listen();
    void this.execution.refreshDatasets();
    void this.execution.refreshConnections();
    void this.execution.streams.refresh();
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
    return this.execution.results.shown(cellId);
  }

  question(cellId: string, on?: string) {
    return this.execution.question(cellId, on);
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    for (const leave of this.leave) leave();
    for (const part of [this.execution, this.engine, this.cells, this.undo, this.telemetry]) part.close();
    this.facts.flush();
    this.line.close();
    this.listeners.clear();
  }

  private acts(): NotebookActs {
    const { execution } = this;
    const mayEdit = this.parts.notebook.role !== 'reader';
    const [doc, origin] = [this.doc, this.origin];
    const cells = () => this.cells.all();
    const edits = editActs({
      doc,
      origin,
      cells,
      result: (id) => this.result(id),
      mayEdit,
      step: () => this.undo.step(),
    });
    return {
      ...edits,
      setChart: (id, change) => {
        edits.setChart(id, change);
        if (mayEdit) this.telemetry.chartEdited(id, () => this.cells.get(id)?.chart);
      },
      focus: (cellId) => this.awareness.setLocalStateField('cell', cellId),
      undo: () => this.undo.undo(),
      redo: () => this.undo.redo(),
      run: (id, how) => void execution.request([id], how),
      runAll: () => void execution.request(cells().map((cell) => cell.id)),
      runStale: () => void execution.request(execution.stale()),
      stop: (id) => execution.stop(id),
      addFile: (file, progress) => this.addFile(file, progress),
      removeFile: (name) =>
        execution.without(name, () => this.parts.kernels.browser.removeFile(name).catch(throwPlain)),
      refreshDatasets: () => execution.refreshDatasets(),
      refreshConnections: () => execution.refreshConnections(),
      setStream: (id, change) => execution.streams.read(id, change),
    };
  }

  private listen(): void {
    const showPeople = () => this.showPeople();
    const hide = () => this.facts.flush();
    this.awareness.on('change', showPeople);
    globalThis.addEventListener?.('pagehide', hide);
    const rates = setInterval(() => this.lookAtStreams(), ratesEvery);
    this.leave.push(
      () => clearInterval(rates),
      this.followDatasets(),
      this.line.subscribe(() => this.lineChanged()),
      () => this.awareness.off('change', showPeople),
      () => globalThis.removeEventListener?.('pagehide', hide),
    );
    this.showPeople();
  }

  private followDatasets(): () => void {
    const { api, notebook } = this.parts;
    const { datasets } = this.execution;
    return api.listenToChanges(notebook.projectId, {
      published: (change) => datasets.published(change),
      again: () => datasets.again(),
    });
  }

  /** How fast streams go, told where there are any and someone may see it. */
  private lookAtStreams(): void {
    const isHidden = globalThis.document?.visibilityState === 'hidden';
    if (!isHidden && this.streams.list.length > 0) void this.execution.streams.refresh();
  }

  private changed(change: Change): void {
    this.execution.changed(change, this.hasOpened);
    this.touch();
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
    const { execution, cells } = this;
    void execution.settle().then(() => execution.request(cellsToRunOnOpen(cells.all(), execution.runs.graph)));
  }

  private async addFile(file: File, progress: (fraction: number) => void): Promise<LocalFile> {
    const { browser } = this.parts.kernels;
    const taken = [...this.cells.all(), ...this.datasets.list, ...this.streams.list, ...browser.tables()].map(
      (each) => each.name,
    );
    const table = await browser.addFile(tableName(file.name, taken), file, progress).catch(throwPlain);
    this.execution.regraph();
    return toLocalFile(table);
  }

  private showPeople(): void {
    const people = peopleIn(this.awareness, this.parts.user);
    if (JSON.stringify(people) === JSON.stringify(this.people)) return;
    this.people = people;
    this.touch();
  }

  private touch(): void {
    if (!this.isMade || this.isClosed) return;
    const next = this.makeView();
    if (this.view && isSame(this.view, next)) return;
    this.view = next;
    for (const listener of this.listeners) listener();
  }

  private makeView(): NotebookView {
    const { notebook } = this.parts;
    return {
      id: notebook.id,
      projectId: notebook.projectId,
      title: this.cells.title || notebook.title,
      role: notebook.role,
      cells: this.views.of(this.cells.all(), this.execution.runs, this.execution.waiting),
      sync: this.line.state(),
      people: this.people,
      datasets: this.datasets.list as DatasetEntry[],
      streams: this.streams.list,
      files: this.filesNow(),
      connections: this.connections.isKnown ? this.connections.list : null,
      engine: this.engine.view,
      canUndo: this.undo.canUndo,
      canRedo: this.undo.canRedo,
    };
  }

  /** The same array as long as it would say the same. */
  private filesNow(): LocalFile[] {
    const files = this.parts.kernels.browser.tables();
    const isSame = files.length === this.files.length && files.every((file, at) => file.name === this.files[at]!.name);
    if (!isSame) this.files = files.map(toLocalFile);
    return this.files;
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
