import { createBrowserKernel, createTypeScriptKernel, RemoteWarehouse } from '#kernels/browser.ts';
import { listDatasets } from '#lib/client/api/datasets.ts';
import { beaconEvents, sendEvents } from '#lib/client/api/events.ts';
import { fetchRows } from '#lib/client/api/rows.ts';
import { connectNotebook } from '#lib/client/sync/connect.ts';
import { createNotebookStore, type StoreParts } from './notebook-store.ts';
import type { NotebookStore } from './store.ts';

/** The engines of this tab, kept over notebooks: the second one opens on a warm engine. */
let engines: {
  browser: ReturnType<typeof createBrowserKernel>;
  typescript: ReturnType<typeof createTypeScriptKernel>;
} | null = null;

function enginesOfTab() {
  engines ??= { browser: createBrowserKernel(), typescript: createTypeScriptKernel() };
  return engines;
}

/** Opens a notebook in this page, with the real engines, line and API. `close()` leaves it; the engines stay warm. */
export function openNotebookStore({ notebook, user }: Pick<StoreParts, 'notebook' | 'user'>): NotebookStore {
  const { browser, typescript } = enginesOfTab();
  const warehouse = new RemoteWarehouse({ projectId: notebook.projectId, reads: (source) => browser.reads(source) });
  const url = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/collaboration`;
  return createNotebookStore({
    notebook,
    user,
    kernels: { browser, typescript, warehouse },
    connect: (doc) => connectNotebook({ url, notebookId: notebook.id, doc }),
    api: { listDatasets, fetchRows, sendEvents, beaconEvents },
  });
}
