import { Awareness } from 'y-protocols/awareness';
import { Doc } from 'yjs';
import type { ConnectionEntry } from '#lib/connection/view.ts';
import type { Cell } from '#lib/notebook/cell.ts';
import type { CellView, NotebookActs, NotebookStore, NotebookView } from './store.ts';

/** A notebook as the server reads it. */
export interface StillNotebook {
  id: string;
  projectId: string;
  title: string;
  role: NotebookView['role'];
  cells: Cell[];
  connections?: readonly ConnectionEntry[];
}

/*
 * A notebook that can only be looked at: what the server gave, before the document itself has come. It lets the page be
 * drawn on the server and read at once; nothing can be changed in it, so nothing typed into it can be lost.
 */
export function openStill(notebook: StillNotebook): NotebookStore {
  const doc = new Doc();
  const view: NotebookView = {
    ...notebook,
    role: 'reader',
    cells: notebook.cells.map(toView),
    sync: { state: 'connecting', pending: 0, at: null, reason: '' },
    people: [],
    datasets: [],
    streams: [],
    files: [],
    connections: notebook.connections ?? null,
    engine: { state: 'starting', note: '', memory: null },
    canUndo: false,
    canRedo: false,
  };
  return {
    doc,
    awareness: new Awareness(doc),
    origin: null,
    act: noActs,
    subscribe: () => () => {},
    snapshot: () => view,
    result: () => null,
    question: () => null,
    close: () => doc.destroy(),
  };
}

function toView(cell: Cell): CellView {
  const run = {
    state: 'idle',
    why: '',
    startedAt: null,
    progress: null,
    done: null,
    error: null,
    revision: 0,
  } as const;
  return { cell, run, reads: [], readBy: [], problems: [] };
}

const nothing = () => {};
const notYet = () => Promise.reject(new Error('The notebook is still being opened.'));
const noActs: NotebookActs = {
  add: () => '',
  remove: nothing,
  move: nothing,
  rename: nothing,
  setSource: nothing,
  setTitle: nothing,
  setEngine: nothing,
  setChart: nothing,
  setInput: nothing,
  duplicate: () => '',
  focus: nothing,
  undo: nothing,
  redo: nothing,
  run: nothing,
  runAll: nothing,
  runStale: nothing,
  stop: nothing,
  setStream: nothing,
  addFile: notYet,
  removeFile: () => Promise.resolve(),
  refreshDatasets: () => Promise.resolve(),
  refreshConnections: () => Promise.resolve(),
};
