import { Awareness } from 'y-protocols/awareness';
import type { Doc } from 'yjs';
import { createBrowserKernel, createTypeScriptKernel } from '#kernels/browser.ts';
import { createNotebookStore } from '#lib/client/notebook/notebook-store.ts';
import type { NotebookStore } from '#lib/client/notebook/store.ts';
import type { CellSpec } from '#lib/notebook/cell.ts';
import { makeNotebook } from '#lib/notebook/edit.ts';
import { toRows } from '#lib/table/text.ts';

/*
 * A page for tests: notebook stores on the browser's real engines, without a server behind them. The line is always stored,
 * the project has no datasets.
 */

const browser = createBrowserKernel();
const typescript = createTypeScriptKernel();

function open(cells: CellSpec[], id: string): NotebookStore {
  return createNotebookStore({
    notebook: { id, projectId: 'p', role: 'owner', title: id },
    user: { id: 'u', name: 'Ana' },
    kernels: {
      browser,
      typescript,
      warehouse: { ...typescript, engine: 'warehouse' },
      trino: () => ({ ...typescript, engine: 'trino' }),
      trinoReads: async () => [],
    },
    doc: makeNotebook({ title: id, cells }),
    connect: (doc: Doc) => ({
      awareness: new Awareness(doc),
      state: () => stored,
      subscribe: () => () => undefined,
      close: () => undefined,
    }),
    api: {
      listDatasets: async () => ({ ok: true, value: [] }),
      listConnections: async () => ({ ok: true, value: [] }),
      listStreams: async () => ({ ok: true, value: [] }),
      fetchLast: async () => ({ ok: false, problem: { status: 404, code: 'not-found', detail: 'no streams here' } }),
      fetchRows: async () => ({ ok: false, problem: { status: 404, code: 'not-found', detail: 'no datasets here' } }),
      sendEvents: async () => true,
      beaconEvents: () => true,
      listenToChanges: () => () => undefined,
    },
  });
}

const stored = { state: 'stored', pending: 0, at: 1, reason: '' } as const;

/** Resolves with the cell's run and texts once its state is one of these. */
function when(store: NotebookStore, name: string, states: string[]) {
  const read = () => {
    const found = store.snapshot().cells.find((each) => each.cell.name === name);
    if (!found || !states.includes(found.run.state)) return null;
    const result = store.result(found.cell.id);
    const { state, error, why } = found.run;
    const texts = toRows(result?.batches ?? [], 20);
    const { columns = [], rows = 0, complete = true, values = [], logs = [] } = result ?? {};
    return {
      state,
      error,
      why,
      texts,
      columns,
      rows,
      complete,
      values,
      logs: logs.map((log) => log.text),
      problems: found.problems,
    };
  };
  return new Promise<NonNullable<ReturnType<typeof read>>>((resolve) => {
    const tell = () => {
      const seen = read();
      if (!seen) return;
      stop();
      resolve(seen);
    };
    const stop = store.subscribe(tell);
    tell();
  });
}

export type Seen = Awaited<ReturnType<typeof when>>;

Object.assign(globalThis, { open, when });
